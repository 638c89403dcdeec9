"""Powertools for AWS Lambda (Python) inside functions, unmodified, in a layer: logger, metrics, parameters, batches, URLs."""

import io
import json
import os
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from datetime import datetime, timedelta, timezone

import aws_lambda_powertools
import jmespath
import typing_extensions

from cloud import ACCOUNT, ENDPOINT, REGION, advance, allow, client, equal, now, policy, run

awslambda = client("lambda")
iam = client("iam")
sqs = client("sqs")
ssm = client("ssm")
secrets = client("secretsmanager")
logs = client("logs")
cloudwatch = client("cloudwatch")

SOURCE = '''
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

logger = Logger(service="orders")
metrics = Metrics(namespace="shop", service="orders")
processor = BatchProcessor(event_type=EventType.SQS)
app = LambdaFunctionUrlResolver()
dealt = []


@app.get("/orders/<number>")
def order(number):
    if number == "0":
        raise NotFoundError("no such order")
    return {"number": number}


def deal(record):
    if record.body == "bad":
        raise ValueError("bad")
    dealt.append(record.body)


@logger.inject_lambda_context
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event, context):
    if "Records" in event:
        return process_partial_response(event=event, record_handler=deal, processor=processor, context=context)
    if "rawPath" in event:
        return app.resolve(event, context)
    logger.info("seen", extra={"n": event.get("n")})
    metrics.add_metric(name="orders", unit=MetricUnit.Count, value=event.get("n", 1))
    return {
        "name": parameters.get_parameter("/shop/name"),
        "key": parameters.get_parameter("/shop/key", decrypt=True),
        "secret": parameters.get_secret("database", transform="json")["password"],
        "dealt": sorted(dealt),
    }
'''


def archive(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in files.items():
            out.writestr(name, text)
    return packed.getvalue()


def files_of(module):
    """What a layer has of a module: a package's folder, or a single file."""
    path = module.__file__
    if os.path.basename(path) != "__init__.py":
        return {f"python/{os.path.basename(path)}": open(path).read()}
    home = os.path.dirname(path)
    found = {}
    for folder, _, names in os.walk(home):
        for name in names:
            if name.endswith(".py"):
                inner = os.path.relpath(os.path.join(folder, name), os.path.dirname(home))
                found[f"python/{inner}"] = open(os.path.join(folder, name)).read()
    return found


def make_function():
    trust = policy(
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    )
    role = iam.create_role(RoleName="orders", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    actions = ["logs:*", "sqs:*", "ssm:GetParameter", "secretsmanager:GetSecretValue"]
    iam.put_role_policy(RoleName="orders", PolicyName="own", PolicyDocument=policy(allow(actions)))
    layer = {}
    for module in (aws_lambda_powertools, jmespath, typing_extensions):
        layer.update(files_of(module))
    published = awslambda.publish_layer_version(LayerName="powertools", Content={"ZipFile": archive(layer)})
    awslambda.create_function(
        FunctionName="orders",
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Timeout=20,
        MemorySize=256,
        Layers=[published["LayerVersionArn"]],
        Code={"ZipFile": archive({"app.py": SOURCE})},
    )
    awslambda.get_waiter("function_active_v2").wait(FunctionName="orders")


def call(event):
    answer = awslambda.invoke(FunctionName="orders", Payload=json.dumps(event), LogType="Tail")
    payload = json.load(answer["Payload"])
    assert "FunctionError" not in answer, payload
    return payload


def check_parameters_and_secrets():
    ssm.put_parameter(Name="/shop/name", Value="kumo", Type="String")
    ssm.put_parameter(Name="/shop/key", Value="hidden", Type="SecureString")
    secrets.create_secret(Name="database", SecretString='{"password": "first"}')
    make_function()
    equal(call({"n": 7}), {"name": "kumo", "key": "hidden", "secret": "first", "dealt": []})


def check_logger_has_keys_of_the_context():
    advance(1)
    events = logs.filter_log_events(logGroupName="/aws/lambda/orders", filterPattern='{ $.message = "seen" }')["events"]
    [line] = [json.loads(event["message"]) for event in events]
    equal(
        {key: line[key] for key in ("level", "service", "n", "cold_start", "function_name", "function_memory_size")},
        {
            "level": "INFO",
            "service": "orders",
            "n": 7,
            "cold_start": True,
            "function_name": "orders",
            "function_memory_size": "256",
        },
    )
    equal(line["function_arn"], f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders")
    assert line["xray_trace_id"].startswith("1-"), line


def sum_of(name, **dimensions):
    end = datetime.fromisoformat(now().replace("Z", "+00:00")) + timedelta(minutes=1)
    points = cloudwatch.get_metric_statistics(
        Namespace="shop",
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=(end - timedelta(hours=1)).astimezone(timezone.utc),
        EndTime=end.astimezone(timezone.utc),
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point["Sum"] for point in points)


def check_metrics_reach_cloudwatch():
    call({"n": 5})
    advance(120)
    equal(sum_of("orders", service="orders"), 12)
    equal(sum_of("ColdStart", service="orders", function_name="orders"), 1)


def check_batches_of_a_queue():
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead", "maxReceiveCount": 2}
    jobs = sqs.create_queue(QueueName="jobs", Attributes={"RedrivePolicy": json.dumps(redrive)})["QueueUrl"]
    for body in ("one", "bad", "two"):
        sqs.send_message(QueueUrl=jobs, MessageBody=body)
    awslambda.create_event_source_mapping(
        FunctionName="orders",
        EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs",
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    advance(120)
    equal(call({})["dealt"], ["one", "two"])
    messages = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages", [])
    equal([message["Body"] for message in messages], ["bad"])


def get(url, path):
    """The host's name is in the head: no resolver is asked for it."""
    request = urllib.request.Request(f"{ENDPOINT}/{path}", headers={"host": urllib.parse.urlsplit(url).netloc})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def check_routes_of_a_url():
    lets = {"FunctionName": "orders", "Principal": "*"}
    awslambda.add_permission(
        **lets, StatementId="url", Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE"
    )
    awslambda.add_permission(
        **lets, StatementId="invoke", Action="lambda:InvokeFunction", InvokedViaFunctionUrl=True
    )
    url = awslambda.create_function_url_config(FunctionName="orders", AuthType="NONE")["FunctionUrl"]
    equal(get(url, "orders/42"), (200, {"number": "42"}))
    equal(get(url, "orders/0"), (404, {"statusCode": 404, "message": "no such order"}))


run(globals())
