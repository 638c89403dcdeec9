"""IAM Identity Center: a user signs in with a browser, and a profile of its own leads boto3 and the AWS CLI to a role.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html
"""

import hashlib
import http.client
import json
import os
import re
import shutil
import subprocess
from datetime import datetime, timedelta, timezone
from html import unescape
from urllib.parse import urlencode, urlsplit

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from cloud import ENDPOINT, REGION, advance, allow, client, control, equal, policy, refused, run

HOME = os.environ["HOME"]
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
PASSWORD = "Correct-horse-1"
sso_admin = client("sso-admin")
made = {}


def unsigned(service):
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    return boto3.client(service, endpoint_url=ENDPOINT, region_name=REGION, config=config)


class Browser:
    """Fills in forms and keeps a cookie; every name that ends in `.localhost` is this machine to it."""

    def __init__(self):
        self.cookie = None

    def visit(self, url, form=None):
        place = urlsplit(url)
        body = None if form is None else urlencode(form)
        headers = {"Host": place.netloc}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{place.netloc}"}
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(ENDPOINT).port)
        path = f"{place.path}?{place.query}" if place.query else place.path
        connection.request("GET" if form is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie or "").split(";")[0]
        onward = answer.getheader("Location")
        self.at = f"http://{place.netloc}"
        if onward is None:
            return text
        return self.visit(self.at + onward) if onward.startswith("/") else onward

    def submit(self, page, fields, action=None):
        actions = re.findall(r'<form method="post" action="([^"]+)"', page)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        fields = {name: unescape(value) for name, value in hidden.items()} | fields
        return self.visit(self.at + (action or actions[0]), fields)


def first_sign_in(browser, user, url):
    """A code by mail, a password of one's own, and on to where the browser was going."""
    asked = browser.submit(browser.visit(url), {"user": user})
    chooser = browser.submit(asked, {}, "/start/code")
    code = re.search(r"is (\d{6})\.", control("outbox")["messages"][0]["text"])[1]
    return browser.submit(chooser, {"code": code, "password": PASSWORD})


def check_organization_with_identity_center():
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    request = organizations.create_account(AccountName="dev", Email="dev@example.com")["CreateAccountStatus"]["Id"]
    advance(60)
    status = organizations.describe_create_account_status(CreateAccountRequestId=request)["CreateAccountStatus"]
    instance_arn = sso_admin.create_instance()["InstanceArn"]
    instance = sso_admin.list_instances()["Instances"][0]
    equal(instance["InstanceArn"], instance_arn)
    made.update(
        account=status["AccountId"],
        instance=instance_arn,
        store=instance["IdentityStoreId"],
        start_url=f"https://{instance['IdentityStoreId']}.awsapps.com/start",
    )


def check_assignment():
    permission_set = sso_admin.create_permission_set(InstanceArn=made["instance"], Name="Reader")["PermissionSet"]
    arns = {"InstanceArn": made["instance"], "PermissionSetArn": permission_set["PermissionSetArn"]}
    sso_admin.put_inline_policy_to_permission_set(**arns, InlinePolicy=policy(allow("s3:ListAllMyBuckets", "*")))
    user = client("identitystore").create_user(
        IdentityStoreId=made["store"],
        UserName="ann",
        DisplayName="Ann",
        Name={"GivenName": "Ann", "FamilyName": "Example"},
        Emails=[{"Value": "ann@example.com", "Primary": True}],
    )["UserId"]
    assigned = sso_admin.create_account_assignment(
        **arns, TargetId=made["account"], TargetType="AWS_ACCOUNT", PrincipalType="USER", PrincipalId=user
    )["AccountAssignmentCreationStatus"]
    equal(assigned["Status"], "IN_PROGRESS")
    advance(5)
    done = sso_admin.describe_account_assignment_creation_status(
        InstanceArn=made["instance"], AccountAssignmentCreationRequestId=assigned["RequestId"]
    )["AccountAssignmentCreationStatus"]
    equal(done["Status"], "SUCCEEDED")


def check_device_flow():
    oidc = unsigned("sso-oidc")
    registered = oidc.register_client(clientName="cli", clientType="public", scopes=["sso:account:access"])
    known = {key: registered[key] for key in ("clientId", "clientSecret")}
    started = oidc.start_device_authorization(**known, startUrl=made["start_url"])

    def redeem():
        return oidc.create_token(**known, grantType=DEVICE_CODE, deviceCode=started["deviceCode"])
    refused(redeem, "AuthorizationPendingException", 400, "")
    browser = Browser()
    consent = first_sign_in(browser, "ann", started["verificationUriComplete"])
    assert started["userCode"] in consent, consent
    assert "Request approved" in browser.submit(consent, {"answer": "allow"})
    made.update(known=known, token=redeem(), registered=registered)


def kept(name, token, expires_in):
    """What `aws sso login` leaves behind for the SDKs."""
    cache = os.path.join(HOME, ".aws", "sso", "cache")
    os.makedirs(cache, exist_ok=True)

    def stamp(seconds):
        return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    text = {
        "startUrl": made["start_url"],
        "region": REGION,
        "accessToken": token["accessToken"],
        "expiresAt": stamp(expires_in),
        "refreshToken": token["refreshToken"],
        "registrationExpiresAt": stamp(86400),
        **made["known"],
    }
    path = os.path.join(cache, hashlib.sha1(name.encode()).hexdigest() + ".json")
    with open(path, "w") as file:
        json.dump(text, file)
    return path


def check_profile():
    os.makedirs(os.path.join(HOME, ".aws"), exist_ok=True)
    with open(os.path.join(HOME, ".aws", "config"), "w") as file:
        file.write(
            f"[profile dev]\nregion = {REGION}\nsso_start_url = {made['start_url']}\nsso_region = {REGION}\n"
            f"sso_account_id = {made['account']}\nsso_role_name = Reader\n\n"
            f"[profile session]\nregion = {REGION}\nsso_session = us\n"
            f"sso_account_id = {made['account']}\nsso_role_name = Reader\n\n"
            f"[sso-session us]\nsso_start_url = {made['start_url']}\nsso_region = {REGION}\n"
            "sso_registration_scopes = sso:account:access\n"
        )
    os.environ["AWS_ENDPOINT_URL"] = ENDPOINT
    kept(made["start_url"], made["token"], 3600)
    session = boto3.Session(profile_name="dev")
    arn = session.client("sts").get_caller_identity()["Arn"]
    assert re.fullmatch(rf"arn:aws:sts::{made['account']}:assumed-role/AWSReservedSSO_Reader_[0-9a-f]{{16}}/ann", arn), arn
    session.client("s3").list_buckets()
    refused(lambda: session.client("iam").list_users(), "AccessDenied", 403, "iam:ListUsers")


def check_aws_cli():
    if shutil.which("aws") is None:
        return
    answer = subprocess.run(
        ["aws", "sts", "get-caller-identity", "--profile", "dev"],
        env=os.environ | {"AWS_ENDPOINT_URL": ENDPOINT},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    assert ":assumed-role/AWSReservedSSO_Reader_" in json.loads(answer.stdout)["Arn"], answer.stdout


def check_session_is_renewed():
    path = kept("us", made["token"], 60)
    boto3.Session(profile_name="session").client("sts").get_caller_identity()
    with open(path) as file:
        renewed = json.load(file)
    assert renewed["accessToken"] != made["token"]["accessToken"]
    made["token"] = renewed


def check_portal_and_logout():
    portal = unsigned("sso")
    token = {"accessToken": made["token"]["accessToken"]}
    accounts = portal.list_accounts(**token)["accountList"]
    equal(accounts, [{"accountId": made["account"], "accountName": "dev", "emailAddress": "dev@example.com"}])
    roles = portal.list_account_roles(**token, accountId=made["account"])["roleList"]
    equal(roles, [{"roleName": "Reader", "accountId": made["account"]}])

    def wrong():
        return portal.get_role_credentials(**token, accountId=made["account"], roleName="Admin")
    refused(wrong, "ForbiddenException", 403, "No access")
    portal.logout(**token)
    refused(lambda: portal.list_accounts(**token), "UnauthorizedException", 401, "Session token not found or invalid")


run(globals())
