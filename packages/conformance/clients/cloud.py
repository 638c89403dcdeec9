"""What the scripts of this folder share: clients of the cloud under test, its clock, and what a refusal looks like.

Each script runs its functions named `check_...` in order and prints a line for each; the first failure ends it.
"""

import json
import os
import sys
import traceback
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ["KUMOBAKO_ENDPOINT"]
ACCOUNT = os.environ["KUMOBAKO_ACCOUNT"]
REGION = "us-east-1"
ROOT = ("test", "test", None)


def client(service, keys=ROOT, **options):
    access_key_id, secret_access_key, token = keys
    config = Config(retries={"total_max_attempts": 1}, **options.pop("config", {}))
    return boto3.client(
        service,
        endpoint_url=options.pop("endpoint_url", ENDPOINT),
        region_name=REGION,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        aws_session_token=token,
        config=config,
        **options,
    )


def keys_of(issued):
    """Of an access key from IAM or a session from STS."""
    return issued["AccessKeyId"], issued["SecretAccessKey"], issued.get("SessionToken")


def control(path, body=None):
    """Calls the control API."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{ENDPOINT}/_kumobako/{path}", data=data, headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def advance(seconds):
    return control("clock/advance", {"seconds": seconds})


def now():
    return control("clock")["now"]


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(action, resource="*"):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def trust(principal):
    return policy({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"})


def refused(call, code, status, because=""):
    """The call must be refused so; gives boto3's exception."""
    try:
        call()
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == code, f"{found['Code']}, not {code}: {error}"
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status, error.response
        assert because in found["Message"], found["Message"]
        return error
    raise AssertionError(f"succeeded, and should have been refused with {code}")


def equal(actual, expected):
    assert actual == expected, f"{actual!r}, not {expected!r}"


def run(checks):
    """Runs all functions of a script that are named `check_...`."""
    for name, check in list(checks.items()):
        if not name.startswith("check_"):
            continue
        try:
            check()
        except Exception:
            traceback.print_exc()
            print(f"failed: {name}")
            sys.exit(1)
        print(f"passed: {name}")
