"""IAM Roles Anywhere as boto3 speaks it, and sessions for certificates that openssl made and signs with."""

import hashlib
import json
import os
import subprocess
import tempfile
import urllib.error
import urllib.request
from datetime import datetime, timezone

from cloud import ENDPOINT, client, equal, policy, refused, run

anywhere = client("rolesanywhere")
iam = client("iam")
made = {}
FOLDER = tempfile.mkdtemp(dir=os.environ["HOME"])


def path(name):
    return os.path.join(FOLDER, name)


def openssl(*args, data=None):
    return subprocess.run(["openssl", *args], input=data, capture_output=True, check=True, cwd=FOLDER).stdout


def write(name, text):
    with open(path(name), "w") as file:
        file.write(text)


def read(name):
    with open(path(name), "rb") as file:
        return file.read()


def issue(name, key):
    openssl("req", "-newkey", *key, "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}/OU=web")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-out", f"{name}.pem", "-days", "5", "-extfile", "leaf.cnf")


def create_session(name, algorithm, **more):
    """Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html"""
    date = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    body = json.dumps({key: made[key] for key in ("trustAnchorArn", "profileArn", "roleArn")} | more)
    certificate = "".join(read(f"{name}.pem").decode().split("\n")[1:-2])
    headers = {
        "content-type": "application/json",
        "host": ENDPOINT.removeprefix("http://"),
        "x-amz-date": date,
        "x-amz-x509": certificate,
    }
    names = ";".join(headers)
    lines = [f"{key}:{value}" for key, value in headers.items()]
    canonical = "\n".join(["POST", "/sessions", "", *lines, "", names, hashlib.sha256(body.encode()).hexdigest()])
    scope = f"{date[:8]}/us-east-1/rolesanywhere/aws4_request"
    text = "\n".join([algorithm, date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = openssl("dgst", "-sha256", "-sign", f"{name}.key", data=text.encode()).hex()
    serial = int(openssl("x509", "-in", f"{name}.pem", "-noout", "-serial").decode().strip().split("=")[1], 16)
    headers["authorization"] = f"{algorithm} Credential={serial}/{scope}, SignedHeaders={names}, Signature={signature}"
    request = urllib.request.Request(f"{ENDPOINT}/sessions", data=body.encode(), headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def check_an_authority_made_by_openssl_is_trusted():
    write("leaf.cnf", "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nsubjectAltName=DNS:web-1.example.com\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
            "-subj", "/CN=Root/O=Example", "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    source = {"sourceType": "CERTIFICATE_BUNDLE", "sourceData": {"x509CertificateData": read("ca.pem").decode()}}
    anchor = anywhere.create_trust_anchor(name="root", source=source, enabled=True)["trustAnchor"]
    made["trustAnchorArn"] = anchor["trustAnchorArn"]
    equal(anywhere.get_trust_anchor(trustAnchorId=anchor["trustAnchorId"])["trustAnchor"], anchor)
    equal(anywhere.list_trust_anchors()["trustAnchors"], [anchor])
    assert isinstance(anchor["createdAt"], datetime)


def check_a_profile_holds_a_role():
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "rolesanywhere.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        "Condition": {
            "StringEquals": {
                "aws:PrincipalTag/x509Subject/OU": "web",
                "aws:PrincipalTag/x509SAN/DNS": "web-1.example.com",
            },
            "ArnEquals": {"aws:SourceArn": made["trustAnchorArn"]},
        },
    }
    made["roleArn"] = iam.create_role(RoleName="web", AssumeRolePolicyDocument=policy(statement))["Role"]["Arn"]
    profile = anywhere.create_profile(name="web", roleArns=[made["roleArn"]], enabled=True)["profile"]
    made["profileArn"] = profile["profileArn"]
    equal(profile["durationSeconds"], 3600)
    refused(lambda: anywhere.get_profile(profileId="0" * 8 + "-0000-0000-0000-" + "0" * 12), "ResourceNotFoundException", 404)
    refused(lambda: anywhere.create_profile(name="!", roleArns=[]), "ValidationException", 400)


def check_both_kinds_of_keys_open_sessions():
    issue("rsa", ["rsa:2048"])
    issue("ec", ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
    for name, algorithm in (("rsa", "AWS4-X509-RSA-SHA256"), ("ec", "AWS4-X509-ECDSA-SHA256")):
        status, answer = create_session(name, algorithm, durationSeconds=900)
        equal(status, 201)
        [session] = answer["credentialSet"]
        equal(session["sourceIdentity"], f"CN={name}")
        keys = session["credentials"]
        sts = client("sts", (keys["accessKeyId"], keys["secretAccessKey"], keys["sessionToken"]))
        equal(sts.get_caller_identity()["Arn"], session["assumedRoleUser"]["arn"])
    status, answer = create_session("rsa", "AWS4-X509-ECDSA-SHA256")
    equal((status, answer["message"]), (403, "Invalid signature"))


def check_subjects_are_kept():
    subjects = anywhere.list_subjects()["subjects"]
    equal({subject["x509Subject"] for subject in subjects}, {"CN=ec, OU=web", "CN=rsa, OU=web"})
    subject = anywhere.get_subject(subjectId=subjects[0]["subjectId"])["subject"]
    equal([credential["failed"] for credential in subject["credentials"]], [False])


def check_a_list_made_by_openssl_revokes():
    write("index.txt", "")
    write("crlnumber", "01\n")
    write("ca.cnf", "[ca]\ndefault_ca=this\n[this]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\n"
          "default_crl_days=3\ncertificate=ca.pem\nprivate_key=ca.key\n")
    openssl("ca", "-config", "ca.cnf", "-revoke", "ec.pem")
    openssl("ca", "-config", "ca.cnf", "-gencrl", "-out", "crl.pem")
    crl = anywhere.import_crl(name="crl", crlData=read("crl.pem"), trustAnchorArn=made["trustAnchorArn"])["crl"]
    equal(crl["crlData"], read("crl.pem"))
    equal(create_session("ec", "AWS4-X509-ECDSA-SHA256")[0], 201)
    anywhere.enable_crl(crlId=crl["crlId"])
    equal(create_session("ec", "AWS4-X509-ECDSA-SHA256")[0], 403)
    equal(create_session("rsa", "AWS4-X509-RSA-SHA256")[0], 201)


def check_tags_and_mappings():
    anywhere.tag_resource(resourceArn=made["profileArn"], tags=[{"key": "team", "value": "web"}])
    equal(anywhere.list_tags_for_resource(resourceArn=made["profileArn"])["tags"], [{"key": "team", "value": "web"}])
    profile_id = made["profileArn"].split("/")[1]
    gone = anywhere.delete_attribute_mapping(profileId=profile_id, certificateField="x509SAN", specifiers=["DNS"])
    rules = {rule["certificateField"]: rule["mappingRules"] for rule in gone["profile"]["attributeMappings"]}
    equal(rules["x509SAN"], [{"specifier": "URI"}, {"specifier": "Name/*"}])
    equal(create_session("rsa", "AWS4-X509-RSA-SHA256")[0], 403)


run(globals())
