/** Calls of what is not built, and of what does not exist. */
import { expect, test } from "vitest";
import { testCloud } from "../test-cloud.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const scoped = (service: string) => ({
  host: "localhost:4566",
  authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

interface Asked {
  readonly service: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
}

async function ask({ service, headers, method = "POST", path = "/", body = "" }: Asked) {
  const cloud = await testCloud();
  const answer = await cloud.send({ method, path, headers: { ...scoped(service), ...headers }, body });
  return { status: answer.statusCode, headers: answer.headers, text: Buffer.from(answer.body).toString("latin1") };
}

const UNBUILT: readonly (readonly [protocol: string, operation: string, asked: Asked])[] = [
  ["aws-query", "redshift:DescribeTags", { service: "redshift", headers: FORM, body: "Action=DescribeTags" }],
  [
    "aws-json-1.0",
    "dynamodb:ListTables",
    { service: "dynamodb", headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } },
  ],
  ["aws-json-1.1", "ssm:ListDocuments", { service: "ssm", headers: { "x-amz-target": "AmazonSSM.ListDocuments" } }],
  ["ec2-query", "ec2:DescribeInstances", { service: "ec2", headers: FORM, body: "Action=DescribeInstances" }],
  [
    "rest-json",
    "efs:DescribeFileSystems",
    { service: "elasticfilesystem", method: "GET", path: "/2015-02-01/file-systems" },
  ],
  ["rest-xml", "route-53:ListHostedZones", { service: "route53", method: "GET", path: "/2013-04-01/hostedzone" }],
  [
    "rpc-v2-cbor",
    "cloudwatch:ListMetricStreams",
    {
      service: "monitoring",
      path: "/service/GraniteServiceVersion20100801/operation/ListMetricStreams",
      headers: { "smithy-protocol": "rpc-v2-cbor" },
    },
  ],
];

test.each(UNBUILT)("what is not built is a 501 that names it, in %s: %s", async (_protocol, operation, asked) => {
  const { status, text } = await ask(asked);
  expect(status).toBe(501);
  expect(text).toContain(`Kumobako does not implement ${operation} yet.`);
});

const UNKNOWN: readonly (readonly [status: number, code: string, asked: Asked])[] = [
  // Source: https://github.com/aws/aws-cli/issues/37
  [
    400,
    "Could not find operation Frobnicate for version 2011-06-15",
    { service: "sts", headers: FORM, body: "Action=Frobnicate" },
  ],
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
  [400, "MissingAction", { service: "sts", headers: FORM }],
  // Source: https://github.com/architect/dynalite/blob/main/test/connection.js (assertUnknownOp, run against AWS)
  [
    400,
    '{"__type":"com.amazon.coral.service#UnknownOperationException"}',
    { service: "dynamodb", headers: { "x-amz-target": "DynamoDB_20120810.Foo" } },
  ],
  // Source: https://github.com/aws/aws-sdk-net/issues/1536
  [
    400,
    '{"__type":"UnknownOperationException"}',
    { service: "logs", headers: { "x-amz-target": "Logs_20140328.Foo" } },
  ],
  // Source: https://github.com/smithy-lang/smithy/issues/1368
  [404, "<UnknownOperationException/>\n", { service: "s3tables", method: "GET", path: "/no/such/path" }],
  [404, "<UnknownOperationException/>\n", { service: "ram", method: "DELETE", path: "/getresourceshares" }],
  // Source: https://github.com/ysugimoto/cloudflare-worker-lambda-gateway/issues/1
  [
    403,
    '{"Message":"Unable to determine service/operation name to be authorized"}',
    { service: "lambda", path: "//2015-03-31/functions/f/invocations" },
  ],
  [405, "MethodNotAllowed", { service: "s3", path: "/", method: "PATCH" }],
  [404, "The requested service is not known: quux", { service: "quux", headers: FORM, body: "Action=X" }],
  [404, "The requested service is not known: quux", { service: "quux", headers: { "x-amz-target": "Quux.X" } }],
  [404, "The requested service is not known: quux", { service: "quux", method: "GET", path: "/x" }],
];

test.each(UNKNOWN)("what AWS does not have is refused as AWS does: %i %s", async (status, words, asked) => {
  expect(await ask(asked)).toMatchObject({ status, text: expect.stringContaining(words) });
});

test("requests have ids in AWS's forms, and are found by them", async () => {
  const sts = await ask({ service: "sts", headers: FORM, body: "Action=GetCallerIdentity" });
  expect(sts.headers["x-amzn-requestid"]).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(sts.text).toContain(`<RequestId>${sts.headers["x-amzn-requestid"]}</RequestId>`);
  const s3 = await ask({ service: "s3", method: "GET", path: "/photos" });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/get-request-ids.html
  expect(s3.headers["x-amz-request-id"]).toMatch(/^[0-9A-Z]{16}$/);
  expect(s3.headers["x-amz-id-2"]).toMatch(/^[0-9A-Za-z+/=]{76}$/);
  expect(s3.text).toContain(`<RequestId>${s3.headers["x-amz-request-id"]}</RequestId>`);
});
