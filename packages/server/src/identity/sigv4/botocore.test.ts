import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import type { AccountId } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import type { Credential } from "../credentials/credential.ts";
import { rootUser } from "../credentials/resolve.ts";
import { SignatureVerifier, type Family } from "./verify.ts";

/** Signs without sending, and prints each request as a line of JSON. */
const SCRIPT = `
import json, sys
import botocore.session
from botocore.config import Config
from urllib.parse import urlsplit

KEYS = dict(aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
session = botocore.session.Session()

def show(name, family, method, url, headers, body):
    parts = urlsplit(url)
    headers = {k.lower(): (v if isinstance(v, str) else v.decode("latin1")) for k, v in headers.items()}
    headers.setdefault("host", parts.netloc)
    if hasattr(body, "read"):
        body = body.read()
    body = body or b""
    body = body.encode() if isinstance(body, str) else body
    print(json.dumps(dict(name=name, family=family, body=body.decode("latin1"),
        head=dict(method=method, path=parts.path or "/", query=parts.query, headers=headers))))

def client(service, token=None, **config):
    return session.create_client(service, region_name="eu-west-1", endpoint_url="http://localhost:4566",
        aws_session_token=token, config=Config(retries=dict(max_attempts=1), **config), **KEYS)

def sent(name, family, service, call, **config):
    c = client(service, **config)
    def capture(request, **_):
        show(name, family, request.method, request.url, request.headers, request.body)
        raise Stop()
    c.meta.events.register("before-send." + service, capture)
    try:
        call(c)
    except Stop:
        pass

class Stop(BaseException):
    pass

def presigned(name, method, params, token=None, http=None, **config):
    url = client("s3", token, **config).generate_presigned_url(method, Params=params, ExpiresIn=600)
    show(name, "s3", http or "GET", url, {}, b"")

KEY = "a b/c+d/\\u65e5.txt"
sent("STS", "query", "sts", lambda c: c.get_caller_identity())
sent("DynamoDB", "json", "dynamodb", lambda c: c.list_tables())
sent("IAM with unicode", "query", "iam", lambda c: c.create_user(UserName="a", Path="/x/", Tags=[dict(Key="k", Value="\\u00e4")]))
for style in ("path", "virtual"):
    s3 = dict(addressing_style=style)
    sent("S3 get, " + style, "s3", "s3", lambda c: c.get_object(Bucket="photos", Key=KEY), s3=s3)
    sent("S3 list, " + style, "s3", "s3", lambda c: c.list_objects_v2(Bucket="photos", Prefix="a+ b&", Delimiter="/"), s3=s3)
    sent("S3 put, " + style, "s3", "s3", lambda c: c.put_object(Bucket="photos", Key=KEY, Body=b"hello", Metadata=dict(a="b  c")), s3=s3)
    for version in ("s3", "s3v4"):
        about = version + ", " + style
        presigned("presigned get, " + about, "get_object", dict(Bucket="photos", Key=KEY), signature_version=version, s3=s3)
        presigned("presigned subresources, " + about, "get_object", dict(Bucket="photos", Key=KEY, VersionId="v 1",
            ResponseContentType="text/plain; a=b"), signature_version=version, s3=s3)
        presigned("presigned with a token, " + about, "get_object", dict(Bucket="photos", Key=KEY), token="to/ken==",
            signature_version=version, s3=s3)
        presigned("presigned put, " + about, "put_object", dict(Bucket="photos", Key=KEY), http="PUT",
            signature_version=version, s3=s3)
presigned("presigned by default", "get_object", dict(Bucket="photos", Key="k"))
sent("S3 in version 2", "s3", "s3", lambda c: c.get_object(Bucket="photos", Key="k"), signature_version="s3")
`;

interface Signed {
  readonly name: string;
  readonly family: Family;
  readonly body: string;
  readonly head: {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly headers: Readonly<Record<string, string>>;
  };
}

const account = "111111111111" as AccountId;
const right: Credential = {
  type: "known",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  principal: rootUser(account, "AKIAIOSFODNN7EXAMPLE"),
};
const now = () => Date.now();
const verifier = new SignatureVerifier({ clock: { now, realNow: now } });

const python = spawnSync("python3", ["-c", "import botocore"]);

test.skipIf(python.status !== 0)(
  "what botocore signs verifies, in both versions, headers and URLs (skipped without python3 and botocore)",
  () => {
    const { stdout, stderr } = spawnSync("python3", ["-c", SCRIPT], { encoding: "utf8" });
    const requests = stdout.split("\n").filter((line) => line !== "");
    expect(requests, stderr).toHaveLength(27);
    const failures = requests.map((line) => JSON.parse(line) as Signed).filter((request) => !verifies(request));
    expect(failures.map(({ name }) => name)).toEqual([]);
  },
);

function verifies({ head, family, body }: Signed): boolean {
  const claim = verifier.parse(head, family);
  assert(claim.version !== "anonymous", "the request is signed");
  const wrong = { ...right, secretAccessKey: "another" };
  expect(() => verifier.verify(claim, head, wrong, Buffer.from(body, "latin1"))).toThrow(/does not match/);
  try {
    verifier.verify(claim, head, right, Buffer.from(body, "latin1"));
    return true;
  } catch (error) {
    console.error(head, error);
    return false;
  }
}
