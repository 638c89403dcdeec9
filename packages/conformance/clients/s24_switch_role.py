"""S24: authenticate as an IAM user, switch role, upload; with a profile, as boto3 reads one.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html
"""

import os
import tempfile

import boto3
from botocore.config import Config

from cloud import ACCOUNT, ENDPOINT, advance, allow, client, control, equal, keys_of, policy, refused, run, trust

ROLE = f"arn:aws:iam::{ACCOUNT}:role/s3-upload-role"
iam = client("iam")
home = tempfile.TemporaryDirectory()
uploader = None


def profile(name):
    """Clients of a profile: the credentials it leads to, whatever they are."""
    os.environ["AWS_ENDPOINT_URL"] = ENDPOINT
    session = boto3.Session(profile_name=name)
    config = Config(retries={"total_max_attempts": 1})
    return session.client("s3", config=config), session.client("sts", config=config)


def write(name, text):
    path = os.path.join(home.name, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def check_user_and_role():
    global uploader
    client("s3").create_bucket(Bucket="uploads")
    iam.create_user(UserName="s3-upload-user")
    mine = iam.create_policy(PolicyName="s3-upload-policy", PolicyDocument=policy(allow("sts:AssumeRole", ROLE)))
    for arn in ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", mine["Policy"]["Arn"]):
        iam.attach_user_policy(UserName="s3-upload-user", PolicyArn=arn)
    uploader = keys_of(iam.create_access_key(UserName="s3-upload-user")["AccessKey"])
    iam.create_role(
        RoleName="s3-upload-role",
        AssumeRolePolicyDocument=trust(f"arn:aws:iam::{ACCOUNT}:user/s3-upload-user"),
    )
    iam.attach_role_policy(RoleName="s3-upload-role", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")


def check_bare_keys():
    s3 = client("s3", uploader)
    equal([bucket["Name"] for bucket in s3.list_buckets()["Buckets"]], ["uploads"])
    refused(lambda: s3.put_object(Bucket="uploads", Key="f", Body=b"1"), "AccessDenied", 403, "s3:PutObject")


def check_profile():
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = write(
        "credentials", f"[s3_access]\naws_access_key_id = {uploader[0]}\naws_secret_access_key = {uploader[1]}\n"
    )
    os.environ["AWS_CONFIG_FILE"] = write(
        "config", f"[profile s3_access]\nregion = us-east-1\nrole_arn = {ROLE}\nsource_profile = s3_access\n"
    )
    s3, sts = profile("s3_access")
    s3.put_object(Bucket="uploads", Key="f", Body=b"1")
    put, assumed = control("decisions?limit=2")["decisions"]
    equal((assumed["operation"], assumed["userIdentity"]["accessKeyId"]), ("AssumeRole", uploader[0]))
    equal((put["operation"], put["userIdentity"]["accessKeyId"][:4]), ("PutObject", "ASIA"))
    name = sts.get_caller_identity()["Arn"].removeprefix(f"arn:aws:sts::{ACCOUNT}:assumed-role/s3-upload-role/")
    assert name.startswith("botocore-session-"), name

    # The session ends; whoever asks anew assumes the role again.
    advance(3601)
    refused(lambda: s3.put_object(Bucket="uploads", Key="f", Body=b"2"), "ExpiredToken", 400)
    profile("s3_access")[0].put_object(Bucket="uploads", Key="f", Body=b"2")


def check_nobody_else():
    iam.create_user(UserName="eve")
    iam.put_user_policy(UserName="eve", PolicyName="any", PolicyDocument=policy(allow("sts:AssumeRole")))
    eve = client("sts", keys_of(iam.create_access_key(UserName="eve")["AccessKey"]))
    refused(lambda: eve.assume_role(RoleArn=ROLE, RoleSessionName="eve"), "AccessDenied", 403)
    # A role that is not there answers the same.
    missing = ROLE.replace("s3-upload-role", "missing")
    refused(lambda: eve.assume_role(RoleArn=missing, RoleSessionName="eve"), "AccessDenied", 403)


def check_inactive_key():
    iam.update_access_key(UserName="s3-upload-user", AccessKeyId=uploader[0], Status="Inactive")
    refused(client("sts", uploader).get_caller_identity, "InvalidClientTokenId", 403)
    refused(client("s3", uploader).list_buckets, "InvalidAccessKeyId", 403)


run(globals())
