"""Schedules and pipes as boto3 knows them: what they call, with whose rights, and what becomes of what fails."""

import json
from datetime import datetime, timedelta, timezone

from cloud import ACCOUNT, REGION, advance, allow, client, equal, policy, refused, run

scheduler = client("scheduler")
pipes = client("pipes")
sqs = client("sqs")
iam = client("iam")

OFF = {"Mode": "OFF"}


def queue(name):
    """Its URL and its ARN."""
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def role(name, service, *actions):
    trust = policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=policy(allow(list(actions), "*")))
    return arn


def taken(url):
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    found = answer.get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def soon(hours):
    return (datetime.now(timezone.utc) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S")


def check_groups():
    arn = scheduler.create_schedule_group(Name="nights", Tags=[{"Key": "team", "Value": "blue"}])["ScheduleGroupArn"]
    equal(scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"], [{"Key": "team", "Value": "blue"}])
    names = [group["Name"] for group in scheduler.list_schedule_groups()["ScheduleGroups"]]
    equal(names, ["default", "nights"])
    scheduler.delete_schedule_group(Name="nights")
    gone = lambda: scheduler.get_schedule_group(Name="nights")
    refused(gone, "ResourceNotFoundException", 404, "Schedule group nights does not exist.")


def check_schedules():
    url, arn = queue("scheduled")
    dead_url, dead_arn = queue("scheduled-dead")
    runner = role("runner", "scheduler.amazonaws.com", "sqs:SendMessage")
    target = {"Arn": arn, "RoleArn": runner, "Input": "<aws.scheduler.schedule-arn>"}
    made = scheduler.create_schedule(
        Name="hourly", ScheduleExpression="cron(0 * * * ? *)", FlexibleTimeWindow=OFF, Target=target
    )["ScheduleArn"]
    scheduler.create_schedule(
        Name="once",
        ScheduleExpression=f"at({soon(1)})",
        FlexibleTimeWindow=OFF,
        ActionAfterCompletion="DELETE",
        Target={
            "Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
            "RoleArn": runner,
            "Input": json.dumps({"QueueUrl": url.replace("scheduled", "missing"), "MessageBody": "x"}),
            "DeadLetterConfig": {"Arn": dead_arn},
            "RetryPolicy": {"MaximumRetryAttempts": 1},
        },
    )
    advance(2 * 3600)
    equal([message["Body"] for message in taken(url)], [made, made])
    (letter,) = taken(dead_url)
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    equal((attributes["EXHAUSTED_RETRY_CONDITION"], attributes["RETRY_ATTEMPTS"]), ("MaximumRetryAttempts", "1"))
    refused(lambda: scheduler.get_schedule(Name="once"), "ResourceNotFoundException", 404)
    scheduler.delete_schedule(Name="hourly")


def check_pages():
    target = {"Arn": queue("paged")[1], "RoleArn": role("pager", "scheduler.amazonaws.com", "sqs:SendMessage")}
    names = [f"page-{at}" for at in range(5)]
    for name in names:
        scheduler.create_schedule(
            Name=name, ScheduleExpression="rate(1 day)", FlexibleTimeWindow=OFF, State="DISABLED", Target=target
        )
    pages = scheduler.get_paginator("list_schedules").paginate(NamePrefix="page-", PaginationConfig={"PageSize": 2})
    equal([schedule["Name"] for page in pages for schedule in page["Schedules"]], names)


def check_refusals():
    target = {"Arn": queue("refused")[1], "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/nobody"}
    make = lambda expression: scheduler.create_schedule(
        Name="bad", ScheduleExpression=expression, FlexibleTimeWindow=OFF, Target=target
    )
    refused(lambda: make("rate(10 seconds)"), "ValidationException", 400, "Invalid Schedule Expression rate(10 seconds).")
    refused(lambda: make("rate(10 minutes)"), "ValidationException", 400, "The execution role you provide must allow")


def check_pipes():
    from_url, from_arn = queue("from")
    to_url, to_arn = queue("to")
    actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"]
    piper = role("piper", "pipes.amazonaws.com", *actions)
    wanted = json.dumps({"body": {"price": [{"numeric": [">", 10]}]}})
    pipes.create_pipe(
        Name="flow",
        Source=from_arn,
        SourceParameters={"FilterCriteria": {"Filters": [{"Pattern": wanted}]}},
        Target=to_arn,
        TargetParameters={"InputTemplate": '{"paid": <$.body.price>}'},
        RoleArn=piper,
    )
    equal(pipes.describe_pipe(Name="flow")["CurrentState"], "RUNNING")
    for price in (5, 50):
        sqs.send_message(QueueUrl=from_url, MessageBody=json.dumps({"price": price}))
    advance(1)
    equal([json.loads(message["Body"]) for message in taken(to_url)], [{"paid": 50}])
    equal(pipes.stop_pipe(Name="flow")["CurrentState"], "STOPPING")
    pipes.delete_pipe(Name="flow")
    refused(lambda: pipes.describe_pipe(Name="flow"), "NotFoundException", 404)


run(globals())
