"""Trails, their files, selectors and the event history as boto3 knows them."""

import gzip
import json

from cloud import ACCOUNT, REGION, advance, allow, client, equal, keys_of, policy, refused, run

trails = client("cloudtrail")
s3 = client("s3")
iam = client("iam")
BUCKET = "audit-logs"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/audit"
SERVICE = {"Service": "cloudtrail.amazonaws.com"}


def delivered():
    records = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"AWSLogs/{ACCOUNT}/CloudTrail/"):
        for item in page.get("Contents", []):
            if item["Key"].endswith(".json.gz"):
                body = s3.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read()
                records += json.loads(gzip.decompress(body))["Records"]
    return records


def check_a_bucket_comes_first():
    refused(
        lambda: trails.create_trail(Name="audit", S3BucketName=BUCKET),
        "S3BucketDoesNotExistException",
        400,
        f"S3 bucket {BUCKET} does not exist!",
    )
    s3.create_bucket(Bucket=BUCKET)
    refused(
        lambda: trails.create_trail(Name="audit", S3BucketName=BUCKET),
        "InsufficientS3BucketPolicyException",
        400,
    )
    by_trail = {"aws:SourceArn": TRAIL}
    owned = {**by_trail, "s3:x-amz-acl": "bucket-owner-full-control"}
    s3.put_bucket_policy(
        Bucket=BUCKET,
        Policy=policy(
            {
                **allow("s3:GetBucketAcl", f"arn:aws:s3:::{BUCKET}"),
                "Principal": SERVICE,
                "Condition": {"StringEquals": by_trail},
            },
            {
                **allow("s3:PutObject", f"arn:aws:s3:::{BUCKET}/AWSLogs/{ACCOUNT}/*"),
                "Principal": SERVICE,
                "Condition": {"StringEquals": owned},
            },
        ),
    )
    made = trails.create_trail(Name="audit", S3BucketName=BUCKET, TagsList=[{"Key": "team", "Value": "audit"}])
    equal(made["TrailARN"], TRAIL)
    equal(trails.get_trail(Name="audit")["Trail"]["HomeRegion"], REGION)


def check_names_are_refused():
    for name in ["a", "-trail", "my#trail", "my--trail"]:
        refused(lambda: trails.create_trail(Name=name, S3BucketName=BUCKET), "InvalidTrailNameException", 400)
    refused(lambda: trails.get_trail(Name="unknown"), "TrailNotFoundException", 400)


def check_tags():
    trails.add_tags(ResourceId=TRAIL, TagsList=[{"Key": "stage", "Value": "prod"}])
    trails.remove_tags(ResourceId=TRAIL, TagsList=[{"Key": "team"}])
    listed = trails.list_tags(ResourceIdList=[TRAIL])["ResourceTagList"]
    equal(listed, [{"ResourceId": TRAIL, "TagsList": [{"Key": "stage", "Value": "prod"}]}])


def check_files_are_delivered():
    trails.start_logging(Name="audit")
    equal(trails.get_trail_status(Name="audit")["IsLogging"], True)
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    refused(lambda: client("iam", keys_of(key)).list_users(), "AccessDenied", 403)
    advance(600)
    records = delivered()
    equal([r["requestParameters"] for r in records if r["eventName"] == "CreateUser"], [{"userName": "ann"}])
    denied = [r for r in records if r["eventName"] == "ListUsers"][0]
    equal(denied["errorCode"], "AccessDenied")
    equal(denied["userIdentity"]["userName"], "ann")
    assert key["SecretAccessKey"] not in json.dumps(records)


def check_data_events():
    data = [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::photos/"]}]
    selectors = [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": data}]
    put = trails.put_event_selectors(TrailName="audit", EventSelectors=selectors)["EventSelectors"]
    equal(put, [{**selectors[0], "ExcludeManagementEventSources": []}])
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="cat", Body=b"meow")
    s3.get_object(Bucket="photos", Key="cat")
    advance(600)
    equal([r["eventName"] for r in delivered() if r["eventCategory"] == "Data"], ["PutObject"])


def check_event_history():
    for number in range(7):
        iam.create_user(UserName=f"user{number}")
    pages = trails.get_paginator("lookup_events").paginate(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateUser"}],
        PaginationConfig={"PageSize": 3},
    )
    names = [event["Resources"][0]["ResourceName"] for page in pages for event in page["Events"]]
    equal(names, [f"user{number}" for number in reversed(range(7))] + ["ann"])


def check_logging_ends():
    trails.stop_logging(Name="audit")
    status = trails.get_trail_status(Name="audit")
    equal(status["IsLogging"], False)
    assert status["StopLoggingTime"] > status["StartLoggingTime"]
    trails.delete_trail(Name="audit")
    equal(trails.describe_trails()["trailList"], [])


run(globals())
