"""Errors and their statuses as boto3 sees them, and pages as its paginators turn them."""

from botocore.exceptions import ClientError

from cloud import ACCOUNT, allow, client, equal, keys_of, policy, refused, run, trust

iam = client("iam")
s3 = client("s3")
sts = client("sts")
USERS = [f"user-{number:03}" for number in range(25)]


def check_exceptions_have_classes():
    # Source: https://docs.aws.amazon.com/boto3/latest/guide/error-handling.html (client.exceptions)
    iam.create_user(UserName="ann")
    try:
        iam.create_user(UserName="ann")
        raise AssertionError("made twice")
    except iam.exceptions.EntityAlreadyExistsException as error:
        equal(error.response["Error"]["Message"], "User with name ann already exists.")
        equal(error.response["Error"]["Type"], "Sender")
    try:
        s3.get_object(Bucket="nowhere", Key="x")
        raise AssertionError("read from nowhere")
    except s3.exceptions.NoSuchBucket as error:
        equal(error.response["Error"]["BucketName"], "nowhere")


def check_iam_codes():
    refused(lambda: iam.get_user(UserName="nobody"), "NoSuchEntity", 404, "The user with name nobody cannot be found.")
    refused(lambda: iam.create_user(UserName="a b"), "ValidationError", 400, "userName")
    refused(lambda: iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument="{}"), "MalformedPolicyDocument", 400)
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy(allow("s3:*")))
    refused(lambda: iam.delete_user(UserName="ann"), "DeleteConflict", 409)
    for _ in range(2):
        iam.create_access_key(UserName="ann")
    refused(lambda: iam.create_access_key(UserName="ann"), "LimitExceeded", 409)


def check_s3_codes():
    s3.create_bucket(Bucket="codes")
    refused(lambda: s3.get_object(Bucket="codes", Key="x"), "NoSuchKey", 404)
    # An answer to HEAD has no body, so its status is all that is known.
    refused(lambda: s3.head_object(Bucket="codes", Key="x"), "404", 404)
    refused(lambda: s3.head_bucket(Bucket="nowhere"), "404", 404)
    refused(lambda: s3.create_bucket(Bucket="Codes_"), "InvalidBucketName", 400)
    refused(lambda: client("s3", ("222222222222", "test", None)).create_bucket(Bucket="codes"), "BucketAlreadyExists", 409)
    refused(lambda: client("s3", ("222222222222", "test", None)).list_objects_v2(Bucket="codes"), "AccessDenied", 403)
    refused(lambda: s3.get_bucket_policy(Bucket="codes"), "NoSuchBucketPolicy", 404)
    refused(lambda: s3.get_bucket_cors(Bucket="codes"), "NoSuchCORSConfiguration", 404)
    s3.put_object(Bucket="codes", Key="x", Body=b"")
    refused(lambda: s3.delete_bucket(Bucket="codes"), "BucketNotEmpty", 409)
    refused(lambda: s3.abort_multipart_upload(Bucket="codes", Key="x", UploadId="none"), "NoSuchUpload", 404)
    refused(lambda: s3.create_session(Bucket="codes"), "NotImplemented", 501, "CreateSession")


def check_credential_codes():
    unknown = ("AKIAIOSFODNN7EXAMPLE", "wrong", None)
    refused(client("sts", unknown).get_caller_identity, "InvalidClientTokenId", 403)
    refused(client("s3", unknown).list_buckets, "InvalidAccessKeyId", 403)
    wrong = ("test", "wrong", None)
    refused(client("sts", wrong).get_caller_identity, "SignatureDoesNotMatch", 403)
    error = refused(client("s3", wrong).list_buckets, "SignatureDoesNotMatch", 403)
    assert error.response["Error"]["CanonicalRequest"].startswith("GET\n/\n"), error.response
    iam.create_user(UserName="bea")
    access_key_id, secret_access_key, _ = keys_of(iam.create_access_key(UserName="bea")["AccessKey"])
    stray = (access_key_id, secret_access_key, "of-other-keys")
    refused(client("sts", stray).get_caller_identity, "InvalidClientTokenId", 403)
    refused(client("s3", stray).list_buckets, "InvalidToken", 400)


def check_session_limits():
    iam.create_role(RoleName="short", AssumeRolePolicyDocument=trust(f"arn:aws:iam::{ACCOUNT}:user/ann"))
    arn = f"arn:aws:iam::{ACCOUNT}:role/short"
    # Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (root users may not)
    refused(lambda: sts.assume_role(RoleArn=arn, RoleSessionName="root"), "AccessDenied", 403)
    for entry in iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="ann", AccessKeyId=entry["AccessKeyId"])
    ann = client("sts", keys_of(iam.create_access_key(UserName="ann")["AccessKey"]))
    refused(lambda: ann.assume_role(RoleArn=arn, RoleSessionName="ann", DurationSeconds=7200), "ValidationError", 400)


def check_paginators():
    for name in USERS:
        iam.create_user(UserName=name, Path="/staff/")
    pages = list(iam.get_paginator("list_users").paginate(PathPrefix="/staff/", PaginationConfig={"PageSize": 10}))
    equal([len(page["Users"]) for page in pages], [10, 10, 5])
    equal([user["UserName"] for page in pages for user in page["Users"]], USERS)
    # What comes and goes between pages moves none of the others.
    first = iam.list_users(PathPrefix="/staff/", MaxItems=10)
    iam.delete_user(UserName=USERS[3])
    iam.create_user(UserName="user-000a", Path="/staff/")
    rest = iam.list_users(PathPrefix="/staff/", Marker=first["Marker"])
    equal([user["UserName"] for user in rest["Users"]], USERS[10:])
    equal(rest["IsTruncated"], False)
    managed = iam.get_paginator("list_policies").paginate(Scope="AWS").build_full_result()["Policies"]
    assert len(managed) > 1000 and len({entry["Arn"] for entry in managed}) == len(managed), len(managed)
    search = iam.get_paginator("list_policies").paginate(Scope="AWS").search("Policies[?PolicyName=='SecurityAudit'].Arn")
    equal(list(search), ["arn:aws:iam::aws:policy/SecurityAudit"])


def check_object_pages():
    for number in range(12):
        s3.put_object(Bucket="codes", Key=f"{number % 3}/{number}", Body=b"")
    listing = s3.get_paginator("list_objects").paginate(Bucket="codes", Delimiter="/", PaginationConfig={"PageSize": 2})
    equal([entry["Prefix"] for entry in listing.search("CommonPrefixes[]") if entry], ["0/", "1/", "2/"])
    equal(len(s3.get_paginator("list_object_versions").paginate(Bucket="codes").build_full_result()["Versions"]), 13)


def check_unbuilt_services():
    try:
        client("ec2").describe_instances()
        raise AssertionError("there is no EC2 yet")
    except ClientError as error:
        equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 501)
        assert "DescribeInstances" in str(error), error


run(globals())
