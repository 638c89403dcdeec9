"""Functions as boto3 knows them: Python and Node.js, logs, errors, streams, queues, URLs, outcomes."""

import base64
import io
import json
import urllib.error
import urllib.request
import zipfile

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloud import ACCOUNT, REGION, advance, client, equal, refused, run

awslambda = client("lambda")
iam = client("iam")
sqs = client("sqs")
logs = client("logs")

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


def role(name, *actions):
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(actions) or ["logs:*"], "Resource": "*"}],
    }
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
    return arn


def archive(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name.replace("__", "."), text)
    return data.getvalue()


def create(name, source, role_arn, **more):
    awslambda.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role_arn,
        Handler="app.handler",
        Code={"ZipFile": archive(app__py=source)},
        **more,
    )
    awslambda.get_waiter("function_active_v2").wait(FunctionName=name)


def call(name, event, **more):
    answer = awslambda.invoke(FunctionName=name, Payload=json.dumps(event), **more)
    return json.loads(answer["Payload"].read()), answer


def check_python():
    source = """
import boto3, os
def handler(event, context):
    print("identity of", context.function_name)
    if event.get("fail"):
        raise KeyError("missing")
    caller = boto3.client("sts").get_caller_identity()
    return {"arn": caller["Arn"], "stage": os.environ["STAGE"], "unicode": "värde"}
"""
    create("identity", source, role("identity-role"), Timeout=30, Environment={"Variables": {"STAGE": "test"}})
    answer, whole = call("identity", {}, LogType="Tail")
    equal(answer["arn"], f"arn:aws:sts::{ACCOUNT}:assumed-role/identity-role/identity")
    equal(answer["unicode"], "värde")
    equal("identity of identity" in base64.b64decode(whole["LogResult"]).decode(), True)
    failed, whole = call("identity", {"fail": True})
    equal((whole["FunctionError"], failed["errorType"]), ("Unhandled", "KeyError"))
    advance(1)
    events = logs.filter_log_events(logGroupName="/aws/lambda/identity", filterPattern='"identity of"')["events"]
    equal(len(events), 2)


def check_refusals():
    refused(lambda: awslambda.invoke(FunctionName="none"), "ResourceNotFoundException", 404)
    refused(lambda: create("identity", "", role("second-role")), "ResourceConflictException", 409)


def check_stream():
    source = """export const handler = awslambda.streamifyResponse(async (event, stream) => {
      stream.write("one "); await new Promise((go) => setTimeout(go, 20)); stream.write("two"); stream.end(); });"""
    awslambda.create_function(
        FunctionName="stream",
        Runtime="nodejs22.x",
        Role=role("stream-role"),
        Handler="index.handler",
        Code={"ZipFile": archive(index__mjs=source)},
    )
    answer = awslambda.invoke_with_response_stream(FunctionName="stream")
    pieces = [event["PayloadChunk"]["Payload"] for event in answer["EventStream"] if "PayloadChunk" in event]
    equal(b"".join(pieces), b"one two")


def check_queue_and_outcome():
    jobs = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    done = sqs.create_queue(QueueName="done")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:"
    rights = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage")
    create("work", "def handler(event, context):\n    return len(event.get('Records', []))\n", role("work-role", *rights))
    awslambda.put_function_event_invoke_config(
        FunctionName="work", DestinationConfig={"OnSuccess": {"Destination": f"{arn}done"}}
    )
    awslambda.create_event_source_mapping(FunctionName="work", EventSourceArn=f"{arn}jobs", BatchSize=5)
    sqs.send_message(QueueUrl=jobs, MessageBody="job")
    equal(awslambda.invoke(FunctionName="work", InvocationType="Event", Payload="{}")["StatusCode"], 202)
    advance(2)
    told = json.loads(sqs.receive_message(QueueUrl=done)["Messages"][0]["Body"])
    equal((told["requestContext"]["condition"], told["responsePayload"]), ("Success", 0))
    counts = sqs.get_queue_attributes(QueueUrl=jobs, AttributeNames=["All"])["Attributes"]
    equal(counts["ApproximateNumberOfMessages"] + counts["ApproximateNumberOfMessagesNotVisible"], "00")


def check_url():
    create("web", "def handler(event, context):\n    return {'statusCode': 200, 'body': event['rawPath']}\n", role("web-role"))
    url = awslambda.create_function_url_config(FunctionName="web", AuthType="AWS_IAM")["FunctionUrl"] + "path"
    _, host, path = url.split("/")[0], url.split("/")[2], "/path"
    direct = f"http://127.0.0.1:{host.split(':')[1]}{path}"

    def ask(headers):
        return urllib.request.urlopen(urllib.request.Request(direct, headers={"Host": host, **headers})).read()

    try:
        ask({})
        raise AssertionError("an unsigned request was let in")
    except urllib.error.HTTPError as error:
        equal(error.code, 403)
    request = AWSRequest("GET", url, headers={"Host": host})
    SigV4Auth(Credentials(ACCOUNT, "test"), "lambda", REGION).add_auth(request)
    equal(ask(dict(request.headers)), b"/path")


run(globals())
