"""Buses, rules, inputs, dead letters, schedules, archives and webhooks as boto3 knows them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from cloud import ACCOUNT, REGION, advance, allow, client, equal, policy, refused, run

events = client("events")
sqs = client("sqs")
iam = client("iam")


def queue(name):
    """A queue that rules may send to: its URL and its ARN."""
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
    statement = {**allow("sqs:SendMessage", arn), "Principal": {"Service": "events.amazonaws.com"}}
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": policy(statement)})["QueueUrl"]
    return url, arn


def taken(url):
    advance(1)
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def rule(name, pattern, *targets, **options):
    arn = events.put_rule(Name=name, EventPattern=json.dumps(pattern), **options)["RuleArn"]
    where = {"EventBusName": options["EventBusName"]} if "EventBusName" in options else {}
    answer = events.put_targets(Rule=name, Targets=list(targets), **where)
    equal(answer["FailedEntryCount"], 0)
    return arn


def put(source, detail, **more):
    entry = {"Source": source, "DetailType": "order", "Detail": json.dumps(detail), **more}
    return events.put_events(Entries=[entry])["Entries"][0]


def check_routing():
    url, arn = queue("routing")
    events.create_event_bus(Name="orders", Tags=[{"Key": "team", "Value": "blue"}])
    transformer = {"InputPathsMap": {"sum": "$.detail.sum"}, "InputTemplate": '{"sum": <sum>, "rule": "<aws.events.rule-name>"}'}
    pattern = {"source": [{"prefix": "shop."}], "detail": {"sum": [{"numeric": [">", 10]}]}}
    rule("large", pattern, {"Id": "1", "Arn": arn, "InputTransformer": transformer}, EventBusName="orders")
    put("shop.blue", {"sum": 5}, EventBusName="orders")
    put("shop.blue", {"sum": 50}, EventBusName="orders")
    put("shop.blue", {"sum": 500})
    equal([json.loads(message["Body"]) for message in taken(url)], [{"sum": 50, "rule": "large"}])


def check_entries():
    answer = events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{"}])
    equal((answer["FailedEntryCount"], answer["Entries"][0]["ErrorCode"]), (1, "MalformedDetail"))
    equal(put("aws.s3", {})["ErrorCode"], "NotAuthorizedForSourceException")
    refused(
        lambda: events.put_rule(Name="bad", EventPattern='{"source": "shop"}'),
        "InvalidEventPatternException",
        400,
        '"source" must be an object or an array',
    )
    refused(lambda: events.put_rule(Name="bad", ScheduleExpression="rate(1 minutes)"), "ValidationException", 400)
    refused(lambda: events.describe_rule(Name="none"), "ResourceNotFoundException", 400)


def check_dead_letters():
    url, arn = queue("letters")
    gone = f"arn:aws:sqs:{REGION}:{ACCOUNT}:none"
    rule("dead", {"source": ["dead"]}, {"Id": "1", "Arn": gone, "DeadLetterConfig": {"Arn": arn}})
    put("dead", {"n": 1})
    (letter,) = taken(url)
    equal(letter["MessageAttributes"]["ERROR_CODE"]["StringValue"], "NO_RESOURCE")
    equal(letter["MessageAttributes"]["TARGET_ARN"]["StringValue"], gone)
    equal(json.loads(letter["Body"])["detail"], {"n": 1})


def check_schedules():
    url, arn = queue("nightly")
    events.put_rule(Name="nightly", ScheduleExpression="cron(0 3 * * ? *)")
    events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": arn}])
    advance(2 * 86400)
    found = [json.loads(message["Body"]) for message in taken(url)]
    equal([(event["detail-type"], event["time"][11:]) for event in found], [("Scheduled Event", "03:00:00Z")] * 2)
    events.disable_rule(Name="nightly")


def check_pages():
    for at in range(5):
        events.put_rule(Name=f"page-{at}", EventPattern='{"source":["page"]}')
    first = events.list_rules(NamePrefix="page-", Limit=3)
    rest = events.list_rules(NamePrefix="page-", Limit=3, NextToken=first["NextToken"])
    equal([one["Name"] for one in first["Rules"] + rest["Rules"]], [f"page-{at}" for at in range(5)])
    equal("NextToken" in rest, False)


def check_replays():
    url, arn = queue("replayed")
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    archive = events.create_archive(ArchiveName="kept", EventSourceArn=bus, EventPattern='{"source":["kept"]}')["ArchiveArn"]
    put("kept", {"n": 1})
    advance(1)
    rule("replayed", {"replay-name": ["again"]}, {"Id": "1", "Arn": arn})
    equal(events.describe_archive(ArchiveName="kept")["EventCount"], 1)
    events.start_replay(
        ReplayName="again", EventSourceArn=archive, EventStartTime=0, EventEndTime=4102444800, Destination={"Arn": bus}
    )
    advance(60)
    equal([json.loads(message["Body"])["detail"] for message in taken(url)], [{"n": 1}])
    equal(events.describe_replay(ReplayName="again")["State"], "COMPLETED")


def check_webhooks():
    heard = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.append((self.path, self.headers["x-key"], json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    key = {"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "hidden"}}
    connection = events.create_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=key)["ConnectionArn"]
    destination = events.create_api_destination(
        Name="d",
        ConnectionArn=connection,
        InvocationEndpoint=f"http://127.0.0.1:{server.server_port}/orders/*",
        HttpMethod="POST",
    )["ApiDestinationArn"]
    trust = policy({"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName="hooks", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    rights = policy(allow("events:InvokeApiDestination", destination))
    iam.put_role_policy(RoleName="hooks", PolicyName="invoke", PolicyDocument=rights)
    target = {"Id": "1", "Arn": destination, "RoleArn": role, "InputPath": "$.detail"}
    rule("hooks", {"source": ["hook"]}, {**target, "HttpParameters": {"PathParameterValues": ["$.detail.id"]}})
    put("hook", {"id": "7"})
    advance(1)
    equal(heard, [("/orders/7", "hidden", {"id": "7"})])
    server.shutdown()


run(globals())
