"""Metrics, expressions, alarms, their history and dashboards as boto3 knows them."""

import datetime
import json
import urllib.error
import urllib.parse
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from cloud import ACCOUNT, ENDPOINT, REGION, advance, client, control, equal, now, refused, run

cloudwatch = client("cloudwatch")


def at(minutes=0):
    time = datetime.datetime.fromisoformat(now().replace("Z", "+00:00"))
    return time + datetime.timedelta(minutes=minutes)


def to_whole_minute():
    """So that nothing depends on when the script runs."""
    control("clock/freeze", {})
    advance(60 - at().second - at().microsecond / 1_000_000)


def put(name, value, **more):
    datum = {"MetricName": name, "Value": value, **more}
    cloudwatch.put_metric_data(Namespace="Shop", MetricData=[datum])


def state_of(name):
    found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    return (found["MetricAlarms"] + found["CompositeAlarms"])[0]["StateValue"]


def check_statistics():
    to_whole_minute()
    dimensions = [{"Name": "shop", "Value": "kyoto & nara"}]
    for value in (1, 2, 3, 4):
        put("latency", value, Unit="Milliseconds", Dimensions=dimensions)
    asked = {"Namespace": "Shop", "MetricName": "latency", "StartTime": at(-5), "EndTime": at(5), "Period": 600}
    simple = cloudwatch.get_metric_statistics(**asked, Dimensions=dimensions, Statistics=["Sum", "Average"])
    equal([(point["Sum"], point["Average"], point["Unit"]) for point in simple["Datapoints"]], [(10.0, 2.5, "Milliseconds")])
    extended = cloudwatch.get_metric_statistics(**asked, Dimensions=dimensions, ExtendedStatistics=["p50", "TM(25%:75%)"])
    equal(extended["Datapoints"][0]["ExtendedStatistics"], {"p50": 2.0, "TM(25%:75%)": 2.5})
    listed = cloudwatch.get_paginator("list_metrics").paginate(Namespace="Shop").search("Metrics[].Dimensions[].Value")
    equal(list(listed), ["kyoto & nara"])


def check_large_calls_are_compressed():
    data = [{"MetricName": f"large-{number}", "Value": number} for number in range(1000)]
    cloudwatch.put_metric_data(Namespace="Large", MetricData=data)
    pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace="Large")
    equal(len(list(pages.search("Metrics[]"))), 1000)


def check_expressions():
    put("errors", 2)
    put("orders", 50)
    stat = lambda name: {"Metric": {"Namespace": "Shop", "MetricName": name}, "Period": 60, "Stat": "Sum"}
    found = cloudwatch.get_metric_data(
        StartTime=at(-5),
        EndTime=at(5),
        MetricDataQueries=[
            {"Id": "rate", "Expression": "100 * e / o", "Label": "errors in percent"},
            {"Id": "e", "MetricStat": stat("errors"), "ReturnData": False},
            {"Id": "o", "MetricStat": stat("orders"), "ReturnData": False},
        ],
    )
    equal([(each["Label"], each["Values"]) for each in found["MetricDataResults"]], [("errors in percent", [4.0])])


def check_alarms():
    to_whole_minute()
    cloudwatch.put_metric_alarm(
        AlarmName="failures",
        Namespace="Shop",
        MetricName="failures",
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=2,
        DatapointsToAlarm=1,
        Threshold=10,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        Tags=[{"Key": "team", "Value": "blue"}],
    )
    cloudwatch.put_composite_alarm(AlarmName="anything", AlarmRule="ALARM(failures) OR FALSE")
    equal((state_of("failures"), state_of("anything")), ("INSUFFICIENT_DATA", "OK"))
    put("failures", 1)
    advance(60)
    put("failures", 10)
    advance(60)
    equal((state_of("failures"), state_of("anything")), ("ALARM", "ALARM"))
    alarm = cloudwatch.describe_alarms(AlarmNames=["failures"])["MetricAlarms"][0]
    assert alarm["StateReason"].startswith("Threshold Crossed: 1 out of the last 2 datapoints [10.0 ("), alarm
    equal(json.loads(alarm["StateReasonData"])["threshold"], 10.0)
    tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    equal(tags, [{"Key": "team", "Value": "blue"}])
    history = cloudwatch.get_paginator("describe_alarm_history").paginate(AlarmName="failures")
    equal(
        list(history.search("AlarmHistoryItems[].HistorySummary")),
        ["Alarm updated from OK to ALARM", "Alarm updated from INSUFFICIENT_DATA to OK", 'Alarm "failures" created'],
    )


def check_dashboards():
    body = json.dumps({"widgets": [{"type": "text", "x": 0, "y": 0, "width": 3, "height": 3, "properties": {"markdown": "hej"}}]})
    equal(cloudwatch.put_dashboard(DashboardName="shop", DashboardBody=body)["DashboardValidationMessages"], [])
    found = cloudwatch.get_dashboard(DashboardName="shop")
    equal((found["DashboardBody"], found["DashboardArn"]), (body, f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/shop"))
    equal([each["Size"] for each in cloudwatch.list_dashboards()["DashboardEntries"]], [len(body)])
    refused(lambda: cloudwatch.put_dashboard(DashboardName="shop", DashboardBody="{"), "InvalidParameterInput", 400)
    refused(lambda: cloudwatch.get_dashboard(DashboardName="none"), "ResourceNotFound", 404)
    cloudwatch.delete_dashboards(DashboardNames=["shop"])


def check_errors():
    put_data = lambda datum: cloudwatch.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "m", **datum}])
    both = "The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive"
    refused(lambda: put_data({"Value": 1, "Values": [1]}), "InvalidParameterCombination", 400, both)
    refused(lambda: put_data({"Value": float("nan")}), "InvalidParameterValue", 400, "The value NaN for parameter")
    aws = lambda: cloudwatch.put_metric_data(Namespace="AWS/Own", MetricData=[{"MetricName": "m", "Value": 1}])
    refused(aws, "InvalidParameterValue", 400)
    refused(lambda: cloudwatch.list_metrics(NextToken="none"), "InvalidNextToken", 400, "Request parameter NextToken is invalid")
    state = {"AlarmName": "none", "StateValue": "OK", "StateReason": "none"}
    refused(lambda: cloudwatch.set_alarm_state(**state), "ResourceNotFound", 404)
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:none"
    tags = [{"Key": "team", "Value": "blue"}]
    refused(lambda: cloudwatch.tag_resource(ResourceARN=arn, Tags=tags), "ResourceNotFoundException", 404)


def query(**parameters):
    """A call of the Query protocol, as older clients make it."""
    body = urllib.parse.urlencode({"Version": "2010-08-01", **parameters})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", f"{ENDPOINT}/", headers, body)
    SigV4Auth(Credentials("test", "test"), "monitoring", REGION).add_auth(request)
    raw = urllib.request.Request(f"{ENDPOINT}/", body.encode(), dict(request.headers))
    try:
        with urllib.request.urlopen(raw) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def check_the_query_protocol():
    datum = {"MetricData.member.1.MetricName": "old", "MetricData.member.1.Value": "7"}
    dimension = {"Name": "shop", "Value": "kyoto"}
    named = {f"MetricData.member.1.Dimensions.member.1.{key}": value for key, value in dimension.items()}
    status, _ = query(Action="PutMetricData", Namespace="Old", **datum, **named)
    equal(status, 200)
    status, listed = query(Action="ListMetrics", Namespace="Old")
    equal((status, "<MetricName>old</MetricName>" in listed, "<Value>kyoto</Value>" in listed), (200, True, True))
    status, found = query(Action="DescribeAlarms", **{"AlarmNames.member.1": "failures"})
    equal((status, "<AlarmName>failures</AlarmName>" in found, "<Threshold>10" in found), (200, True, True))
    status, both = query(Action="PutMetricData", Namespace="Old", **datum, **{"MetricData.member.1.Values.member.1": "1"})
    equal((status, "<Code>InvalidParameterCombination</Code>" in both, "<Type>Sender</Type>" in both), (400, True, True))
    status, none = query(Action="SetAlarmState", AlarmName="none", StateValue="OK", StateReason="none")
    equal((status, "<Code>ResourceNotFound</Code>" in none), (404, True))


run(globals())
