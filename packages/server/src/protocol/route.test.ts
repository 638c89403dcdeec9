import { describe, expect, test } from "vitest";
import { findOperation, findService, likelyProtocol } from "./route.ts";
import { requestOf, type Written } from "../../test/wire-request.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };

function route(written: Written, signingName?: string): string {
  const request = requestOf(written);
  const service = findService(request, signingName);
  if (service === undefined) return "unknown service";
  const found = findOperation(service, request);
  if (found.kind === "unknown") return `${service.model.id} ${service.protocol.name} unknown ${found.name}`;
  const { labels, operation } = found;
  const said = Object.entries(labels).map(([name, value]) => ` ${name}=${value}`);
  return `${found.service.model.id} ${found.service.protocol.name} ${operation.name}${said.join("")}`;
}

describe("a signed request means the service of its credential scope", () => {
  test("in the Query protocol, with the form in the body or in the query", () => {
    const form = "Action=GetCallerIdentity&Version=2011-06-15";
    expect(route({ headers: FORM, body: form }, "sts")).toBe("sts aws-query GetCallerIdentity");
    expect(route({ method: "GET", query: form }, "sts")).toBe("sts aws-query GetCallerIdentity");
  });

  test("also where two services share the name and the form's version tells", () => {
    const body = "Action=DescribeLoadBalancers&Version=";
    expect(route({ headers: FORM, body: `${body}2012-06-01` }, "elasticloadbalancing")).toMatch(
      /^elastic-load-balancing aws/,
    );
    expect(route({ headers: FORM, body: `${body}2015-12-01` }, "elasticloadbalancing")).toMatch(
      /^elastic-load-balancing-v2 /,
    );
  });

  test("and where the path or a header tells", () => {
    expect(route({ method: "GET", path: "/restapis" }, "apigateway")).toBe("api-gateway rest-json GetRestApis");
    expect(route({ method: "GET", path: "/v2/apis" }, "apigateway")).toBe("apigatewayv2 rest-json GetApis");
    const headers = { "x-amz-account-id": "123456789012" };
    expect(route({ method: "GET", path: "/v20180820/jobs", headers }, "s3")).toBe("s3-control rest-xml ListJobs");
  });

  test("unless the target says more", () => {
    const headers = { "x-amz-target": "DynamoDBStreams_20120810.ListStreams" };
    expect(route({ headers, body: "{}" }, "dynamodb")).toBe("dynamodb-streams aws-json-1.0 ListStreams");
  });

  test("which may be none we know", () => {
    expect(route({ headers: FORM, body: "Action=X" }, "nosuchservice")).toBe("unknown service");
  });
});

test.each(["CloudTrail_20131101", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"])(
  "only the last part of the target's prefix counts: %s",
  (prefix) => {
    const headers = { "x-amz-target": `${prefix}.LookupEvents` };
    expect(route({ headers, body: "{}" }, "cloudtrail")).toBe("cloudtrail aws-json-1.1 LookupEvents");
  },
);

test("a service that speaks several protocols is answered in that of the request", () => {
  const target = { "x-amz-target": "GraniteServiceVersion20100801.ListMetrics" };
  const cbor = { "smithy-protocol": "rpc-v2-cbor" };
  const path = "/service/GraniteServiceVersion20100801/operation/ListMetrics";
  expect(route({ headers: target, body: "{}" }, "monitoring")).toBe("cloudwatch aws-json-1.0 ListMetrics");
  expect(route({ headers: cbor, path }, "monitoring")).toBe("cloudwatch rpc-v2-cbor ListMetrics");
  const body = "Action=ListMetrics&Version=2010-08-01";
  expect(route({ headers: FORM, body }, "monitoring")).toBe("cloudwatch aws-query ListMetrics");
});

describe("an unsigned request", () => {
  test("means the service of its host", () => {
    const body = "Action=AssumeRoleWithSAML&Version=2011-06-15";
    const headers = { ...FORM, host: "sts.us-east-1.amazonaws.com" };
    expect(route({ headers, body })).toBe("sts aws-query AssumeRoleWithSAML");
  });

  test("or of the version that its query names", () => {
    const query = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15";
    expect(route({ method: "GET", query })).toBe("sts aws-query AssumeRoleWithWebIdentity");
  });

  test("or, being a form, of the version in its body", () => {
    expect(route({ headers: FORM, body: "Action=AssumeRoleWithWebIdentity&Version=2011-06-15" })).toMatch(/^sts /);
    expect(route({ headers: FORM, body: "Action=ListUsers&Version=2010-05-08" })).toBe("iam aws-query ListUsers");
  });

  test("or of its target", () => {
    const headers = { "x-amz-target": "AWSCognitoIdentityProviderService.SignUp" };
    expect(route({ headers, body: "{}" })).toBe("cognito-identity-provider aws-json-1.1 SignUp");
    expect(route({ headers: { "x-amz-target": "No_Such.Thing" }, body: "{}" })).toBe("unknown service");
  });

  test("or else S3", () => {
    expect(route({ method: "GET", path: "/bucket/key" })).toBe("s3 rest-xml GetObject Key=key Bucket=bucket");
  });
});

const s3 = (method: string, path: string, more: Written = {}) => route({ method, path, ...more }, "s3").slice(12);

describe("S3", () => {
  test.each([
    ["GET", "/", "ListBuckets"],
    ["GET", "/bucket", "ListObjects Bucket=bucket"],
    ["GET", "/bucket/", "ListObjects Bucket=bucket"],
    ["PUT", "/bucket", "CreateBucket Bucket=bucket"],
    ["HEAD", "/bucket", "HeadBucket Bucket=bucket"],
    ["GET", "/bucket//key", "GetObject Key=/key Bucket=bucket"],
    ["GET", "/bucket/a/../b", "GetObject Key=a/../b Bucket=bucket"],
    ["GET", "/bucket/a/", "GetObject Key=a/ Bucket=bucket"],
    ["GET", "/bucket/%C3%A9%2F+", "GetObject Key=é/+ Bucket=bucket"],
    ["DELETE", "/bucket/key", "DeleteObject Key=key Bucket=bucket"],
  ])("%s %s is %s", (method, path, expected) => {
    expect(s3(method, path)).toBe(expected);
  });

  test("tells operations on one URI apart by what they require", () => {
    const copy = { headers: { "x-amz-copy-source": "/a/b" } };
    const part = { query: "partNumber=1&uploadId=u" };
    expect(s3("PUT", "/b/k")).toMatch(/^PutObject /);
    expect(s3("PUT", "/b/k", copy)).toMatch(/^CopyObject /);
    expect(s3("PUT", "/b/k", part)).toMatch(/^UploadPart /);
    expect(s3("PUT", "/b/k", { ...part, ...copy })).toMatch(/^UploadPartCopy /);
    expect(s3("GET", "/b/k", { query: "uploadId=u" })).toMatch(/^ListParts /);
    expect(s3("DELETE", "/b/k", { query: "uploadId=u" })).toMatch(/^AbortMultipartUpload /);
    expect(s3("POST", "/b/k", { query: "uploadId=u" })).toMatch(/^CompleteMultipartUpload /);
    expect(s3("POST", "/b/k", { query: "uploads" })).toMatch(/^CreateMultipartUpload /);
    expect(s3("GET", "/b", { query: "list-type=2&prefix=x" })).toMatch(/^ListObjectsV2 /);
    expect(s3("GET", "/b", { query: "analytics&id=1" })).toMatch(/^GetBucketAnalyticsConfiguration /);
    expect(s3("GET", "/b", { query: "analytics" })).toMatch(/^ListBucketAnalyticsConfigurations /);
  });

  test("believes the SDK's hint only where nothing else tells", () => {
    expect(s3("GET", "/b/k", { query: "x-id=PutObject" })).toMatch(/^GetObject /);
    expect(s3("GET", "/", { query: "x-id=ListDirectoryBuckets" })).toBe("ListDirectoryBuckets");
    expect(s3("PUT", "/b/k", { query: "partNumber=1&uploadId=u&x-id=PutObject" })).toMatch(/^UploadPart /);
  });

  test("finds the bucket in the host", () => {
    const headers = { host: "bucket.s3.localhost:4566" };
    expect(s3("GET", "/", { headers })).toBe("ListObjects Bucket=bucket");
    expect(s3("GET", "/a/b", { headers })).toBe("GetObject Key=a/b Bucket=bucket");
  });

  test("says so where a key cannot be decoded", () => {
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidURI)
    expect(() => s3("GET", "/b/%zz")).toThrow("Couldn't parse the specified URI.");
  });
});

describe("an operation that does not exist is named", () => {
  test.each([
    ["sts", { headers: FORM, body: "Action=NoSuch&Version=2011-06-15" }, "sts aws-query unknown NoSuch"],
    ["sts", { headers: FORM, body: "" }, "sts aws-query unknown undefined"],
    ["sts", { headers: FORM, body: "Action=constructor" }, "sts aws-query unknown constructor"],
    ["sqs", { headers: { "x-amz-target": "AmazonSQS.NoSuch" } }, "sqs aws-json-1.0 unknown NoSuch"],
    ["lambda", { path: "/no/such/path" }, "lambda rest-json unknown undefined"],
  ])("for %s", (signingName, written, expected) => {
    expect(route(written, signingName)).toBe(expected);
  });
});

test.each([
  ["aws-query", { headers: FORM }],
  ["aws-query", { method: "GET", query: "Action=A" }],
  ["aws-json-1.1", { headers: { "x-amz-target": "No.Such" } }],
  ["rpc-v2-cbor", { headers: { "smithy-protocol": "rpc-v2-cbor" } }],
  ["rest-json", { method: "GET", path: "/things" }],
])("a service that nobody knows is refused in %s", (name, written) => {
  expect(likelyProtocol(requestOf(written)).name).toBe(name);
});

test("the streaming operations are found from the head alone", () => {
  const head = requestOf({ method: "PUT", path: "/bucket/key" });
  const service = findService(head, "s3");
  const found = service === undefined ? undefined : findOperation(service, head);
  expect(found?.kind === "found" ? found.operation.streamingInput?.name : undefined).toBe("Body");
});
