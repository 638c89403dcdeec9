"""Log groups, events, filters, queries and live tail as boto3 knows them."""

import json
import time

from cloud import ACCOUNT, REGION, advance, client, equal, refused, run

logs = client("logs")
GROUP = "shop/web"


def now_ms():
    return int(time.time() * 1000)


def put(stream, messages, ago_ms=0):
    at = now_ms() - ago_ms
    events = [{"timestamp": at + index, "message": message} for index, message in enumerate(messages)]
    return logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)


def check_groups_and_streams():
    logs.create_log_group(logGroupName=GROUP, tags={"team": "shop"})
    for name in ["a", "b"]:
        logs.create_log_stream(logGroupName=GROUP, logStreamName=name)
    refused(lambda: logs.create_log_group(logGroupName=GROUP), "ResourceAlreadyExistsException", 400)
    refused(lambda: logs.create_log_group(logGroupName="no blanks"), "InvalidParameterException", 400)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}"
    equal(logs.list_tags_for_resource(resourceArn=arn)["tags"], {"team": "shop"})
    for index in range(7):
        logs.create_log_group(logGroupName=f"page-{index}")
    pages = logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix="page-", PaginationConfig={"PageSize": 3}
    )
    equal([len(page["logGroups"]) for page in pages], [3, 3, 1])


def check_events_in_pages():
    put("a", [f"event {index}" for index in range(25)], ago_ms=5000)
    answer = logs.get_log_events(logGroupName=GROUP, logStreamName="a", limit=10, startFromHead=True)
    seen = [event["message"] for event in answer["events"]]
    while answer["events"]:
        answer = logs.get_log_events(
            logGroupName=GROUP, logStreamName="a", limit=10, nextToken=answer["nextForwardToken"]
        )
        seen += [event["message"] for event in answer["events"]]
    equal(seen, [f"event {index}" for index in range(25)])
    refused(
        lambda: logs.get_log_events(logGroupName=GROUP, logStreamName="a", nextToken="no-token"),
        "InvalidParameterException",
        400,
        "The specified nextToken is invalid.",
    )


def check_events_are_found_in_all_streams():
    put("b", [json.dumps({"status": 500, "path": f"/{index}"}) for index in range(5)])
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=GROUP, filterPattern="{ $.status >= 500 }", PaginationConfig={"PageSize": 2}
    )
    found = [json.loads(event["message"])["path"] for page in pages for event in page["events"]]
    equal(found, ["/0", "/1", "/2", "/3", "/4"])


def check_a_query():
    seconds = int(time.time())
    query = logs.start_query(
        logGroupName=GROUP,
        startTime=seconds - 3600,
        endTime=seconds + 60,
        queryString="filter ispresent(status) | stats count(*) as n by status",
    )
    answer = logs.get_query_results(queryId=query["queryId"])
    equal(answer["status"], "Complete")
    equal(answer["results"], [[{"field": "status", "value": "500"}, {"field": "n", "value": "5"}]])
    error = refused(
        lambda: logs.start_query(logGroupName=GROUP, startTime=0, endTime=1, queryString="filter ="),
        "MalformedQueryException",
        400,
    )
    equal(error.response["queryCompileError"]["location"]["startCharOffset"], 7)


def check_live_tail():
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}"
    tail = client("logs", config={"inject_host_prefix": False})
    stream = tail.start_live_tail(logGroupIdentifiers=[arn], logEventFilterPattern="hello")["responseStream"]
    events = iter(stream)
    equal(next(events)["sessionStart"]["logGroupIdentifiers"], [arn])
    put("a", ["hello there", "something else"])
    found = next(events)["sessionUpdate"]["sessionResults"]
    equal([event["message"] for event in found], ["hello there"])
    stream.close()


def check_retention():
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=1)
    advance(2 * 86_400)
    equal(logs.filter_log_events(logGroupName=GROUP)["events"], [])


run(globals())
