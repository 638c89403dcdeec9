"""S01: a wrong permission was handed out via STS; revoke it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
"""

from datetime import datetime, timedelta

from cloud import ACCOUNT, advance, client, control, equal, keys_of, now, policy, refused, run, trust

FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
iam = client("iam")
alice = None
sessions = {}


def assume(role, session):
    answer = client("sts", alice).assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}", RoleSessionName=session, DurationSeconds=43200
    )
    sessions[session] = keys_of(answer["Credentials"])
    return answer["Credentials"]


def read(session):
    return client("s3", sessions[session]).get_object(Bucket="payroll", Key="x")["Body"].read()


def check_the_mistake():
    global alice
    iam.create_user(UserName="alice")
    alice = keys_of(iam.create_access_key(UserName="alice")["AccessKey"])
    s3 = client("s3")
    s3.create_bucket(Bucket="payroll")
    s3.put_object(Bucket="payroll", Key="x", Body=b"salaries")
    for role in ("support", "other"):
        iam.create_role(
            RoleName=role,
            MaxSessionDuration=43200,
            AssumeRolePolicyDocument=trust(f"arn:aws:iam::{ACCOUNT}:user/alice"),
        )
        iam.attach_role_policy(RoleName=role, PolicyArn=FULL_ACCESS)


def check_twelve_hours():
    issued = assume("support", "s1")
    assert issued["AccessKeyId"].startswith("ASIA")
    life = issued["Expiration"] - datetime.fromisoformat(now())
    assert timedelta(hours=11, minutes=59) < life <= timedelta(hours=12), life
    equal(read("s1"), b"salaries")
    advance(6 * 3600)
    equal(read("s1"), b"salaries")


def check_other_sessions():
    assume("support", "s2")
    assume("other", "o1")
    equal(read("s2"), b"salaries")
    equal(read("o1"), b"salaries")
    advance(1)


def check_revoke():
    iam.put_role_policy(
        RoleName="support",
        PolicyName="AWSRevokeOlderSessions",
        PolicyDocument=policy(
            {
                "Effect": "Deny",
                "Action": ["*"],
                "Resource": ["*"],
                "Condition": {"DateLessThan": {"aws:TokenIssueTime": now()}},
            }
        ),
    )
    because = "with an explicit deny in an identity-based policy"
    for session in ("s1", "s2"):
        error = refused(lambda: read(session), "AccessDenied", 403, because)
    request_id = error.response["ResponseMetadata"]["RequestId"]
    explanation = control(f"decisions/{request_id}")["explanation"]
    for part in ("AWSRevokeOlderSessions", "aws:TokenIssueTime", "s3:GetObject"):
        assert part in explanation, explanation


def check_others_are_not_met():
    equal(read("o1"), b"salaries")
    client("sts", alice).get_caller_identity()
    arn = client("sts", sessions["s1"]).get_caller_identity()["Arn"]
    equal(arn, f"arn:aws:sts::{ACCOUNT}:assumed-role/support/s1")


def check_a_new_session():
    advance(1)
    assume("support", "s3")
    equal(read("s3"), b"salaries")
    iam.detach_role_policy(RoleName="support", PolicyArn=FULL_ACCESS)
    refused(
        lambda: read("s3"), "AccessDenied", 403, "because no identity-based policy allows the s3:GetObject action"
    )


def check_who_revoked_and_expiry():
    calls = control("decisions?action=iam:PutRolePolicy")["decisions"]
    equal([call["userIdentity"]["arn"] for call in calls], [f"arn:aws:iam::{ACCOUNT}:root"])
    advance(12 * 3600)
    refused(client("sts", sessions["s1"]).get_caller_identity, "ExpiredToken", 403)
    refused(lambda: read("s1"), "ExpiredToken", 400)


run(globals())
