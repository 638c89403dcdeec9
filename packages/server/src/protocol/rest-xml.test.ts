import { describe, expect, test } from "vitest";
import { loadModel } from "../model/models.ts";
import { protocolOf } from "./protocols.ts";
import { hostIdOf } from "./s3-dialect.ts";
import { operationOf, REQUEST_ID, requestOf, type Written } from "../../test/wire-request.ts";

const model = loadModel("s3");
const s3 = protocolOf(model, "rest-xml");
const decode = (operation: string, written: Written) =>
  s3.decodeInput(operationOf("s3", operation), requestOf(written), {});
const encode = (operation: string, output: object) => s3.encodeOutput(operationOf("s3", operation), output, REQUEST_ID);

describe("an input of S3", () => {
  test("has user metadata, a letter for each byte", () => {
    const headers = { "x-amz-meta-colour": "grÃ¼n", "content-type": "text/plain" };
    expect(decode("PutObject", { headers })).toEqual({ ContentType: "text/plain", Metadata: { colour: "grÃ¼n" } });
  });

  test("leaves the streamed body out", () => {
    expect(decode("PutObject", { body: "x" })).toEqual({});
  });

  test("has a body of XML, with or without prefixes and namespaces", () => {
    const body =
      '<a:Delete xmlns:a="http://s3.amazonaws.com/doc/2006-03-01/"><a:Object><a:Key>x</a:Key></a:Object>' +
      "<a:Object><a:Key> y </a:Key></a:Object><a:Quiet>true</a:Quiet></a:Delete>";
    expect(decode("DeleteObjects", { body })).toEqual({
      Delete: { Objects: [{ Key: "x" }, { Key: " y " }], Quiet: true },
    });
  });

  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  test.each([
    ["is no XML", "{}"],
    ["has a document type", '<!DOCTYPE a [<!ENTITY b "c">]><Delete>&b;</Delete>'],
    ["is another document", "<Tagging/>"],
    ["has a value of another type", "<Delete><Quiet>maybe</Quiet></Delete>"],
  ])("whose body %s is malformed", (_, body) => {
    expect(() => decode("DeleteObjects", { body })).toThrow(expect.objectContaining({ code: "MalformedXML" }));
  });

  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html (the sample request)
  test("may say TRUE in a document", () => {
    const body =
      "<PublicAccessBlockConfiguration><BlockPublicAcls>TRUE</BlockPublicAcls></PublicAccessBlockConfiguration>";
    expect(decode("PutPublicAccessBlock", { body })).toEqual({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
    });
  });

  test("of another type in the query is an invalid argument", () => {
    expect(() => decode("ListObjectsV2", { query: "max-keys=many" })).toThrow(
      expect.objectContaining({ code: "InvalidArgument" }),
    );
  });

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_pre_signed_url_if_none_match, run against AWS)
  test.each([
    ["x-amz-meta-colour=green", { Metadata: { colour: "green" } }],
    ["X-Amz-Expires=9&If-None-Match=%2A", { IfNoneMatch: "*" }],
    ["if-match=%22e%22", { IfMatch: '"e"' }],
    ["x-id=PutObject", {}],
  ])("has headers that a presigned URL holds: %s", (query, expected) => {
    expect(decode("PutObject", { query })).toEqual(expected);
  });

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_list_operations.snapshot.json (test_list_parts_empty_part_number_marker)
  test("has no number where the query has an empty one", () => {
    expect(decode("ListParts", { query: "max-parts=" })).toEqual({ MaxParts: undefined });
  });

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_put_bucket_tagging_none_value)
  test("has no tags where the document has no set of them", () => {
    expect(decode("PutBucketTagging", { body: "<Tagging/>" })).toEqual({ Tagging: { TagSet: [] } });
  });

  test("has dates in headers", () => {
    const headers = { "if-modified-since": "Mon, 06 May 2024 07:08:09 GMT" };
    expect(decode("GetObject", { headers })).toEqual({ IfModifiedSince: new Date("2024-05-06T07:08:09Z") });
  });
});

async function* oneByte() {
  yield Buffer.from("x");
}

describe("an answer of S3", () => {
  test("has its two ids in headers, and members in the others", () => {
    const output = { ETag: '"e"', Metadata: { colour: "grün" }, LastModified: new Date("2024-05-06T07:08:09Z") };
    expect(encode("HeadObject", output).headers).toEqual({
      "x-amz-request-id": REQUEST_ID,
      "x-amz-id-2": hostIdOf(REQUEST_ID),
      server: "AmazonS3",
      etag: '"e"',
      "last-modified": "Mon, 06 May 2024 07:08:09 GMT",
      "x-amz-meta-colour": "grÃ¼n",
    });
  });

  test("gives a bucket's location without a wrapper", () => {
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
    const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
    expect(encode("GetBucketLocation", { LocationConstraint: "eu-west-1" }).body).toMatch(
      new RegExp(`<LocationConstraint ${namespace}>eu-west-1</LocationConstraint>$`),
    );
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_response_structure_get_bucket_location, run against AWS)
    expect(encode("GetBucketLocation", {}).body).toMatch(new RegExp(`<LocationConstraint ${namespace}/>$`));
  });

  test("repeats the elements of its lists", () => {
    const { body } = encode("ListObjectsV2", {
      Name: "b",
      Contents: [{ Key: "<a>" }, { Key: "b" }],
      IsTruncated: false,
    });
    expect(body).toContain("<Contents><Key>&lt;a&gt;</Key></Contents><Contents><Key>b</Key></Contents>");
    expect(body).toContain("<ListBucketResult ");
  });

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_list_operations.py (test_s3_list_objects_timestamp_precision, run against AWS)
  test("has times with their milliseconds, though they are none", () => {
    const { body } = encode("ListObjectsV2", { Contents: [{ LastModified: new Date("2024-05-06T07:08:09Z") }] });
    expect(body).toContain("<LastModified>2024-05-06T07:08:09.000Z</LastModified>");
  });

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_response_structure, run against AWS)
  test("has its lists behind what is said of them", () => {
    const { body } = encode("ListBuckets", { Buckets: [{ Name: "b" }], Owner: { ID: "o" } });
    expect(body).toMatch(/<Owner><ID>o<\/ID><\/Owner><Buckets>/);
    const objects = encode("ListObjects", { Contents: [{ Key: "k" }], Name: "b", IsTruncated: false });
    expect(objects.body).toMatch(/<\/Contents><\/ListBucketResult>$/);
  });

  test("gives bytes as they are, whole or as a stream", async () => {
    const body = oneByte();
    expect(encode("GetObject", { Body: body }).body).toBe(body);
    expect(encode("GetObject", { Body: Buffer.from("y") }).body).toEqual(Buffer.from("y"));
    await body.return();
  });

  test("has an expiry that is no date as it was stored", () => {
    expect(encode("GetObject", { ExpiresString: "whenever" }).headers).toMatchObject({ expires: "whenever" });
  });
});

describe("an error of S3", () => {
  test("is bare, and says all that it was given", () => {
    const fields = { Key: "a&b", Resource: "/bucket/a&b" };
    const failure = { code: "NoSuchKey", message: "The specified key does not exist.", fields };
    const { status, body } = s3.encodeError(failure, model, REQUEST_ID);
    expect(status).toBe(404);
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>' +
        "<Message>The specified key does not exist.</Message><Key>a&amp;b</Key><Resource>/bucket/a&amp;b</Resource>" +
        `<RequestId>${REQUEST_ID}</RequestId><HostId>${hostIdOf(REQUEST_ID)}</HostId></Error>`,
    );
  });

  test("that the model lacks has the status it came with", () => {
    const failure = { code: "AccessDenied", message: "Access Denied", fields: {}, status: 403 };
    expect(s3.encodeError(failure, model, REQUEST_ID).status).toBe(403);
  });
});

test("other services wrap their errors", () => {
  const route53 = loadModel("route-53");
  const failure = { code: "NoSuchHostedZone", message: "no", fields: {} };
  expect(protocolOf(route53, "rest-xml").encodeError(failure, route53, REQUEST_ID)).toMatchObject({
    status: 404,
    headers: { "x-amzn-requestid": REQUEST_ID },
    body: expect.stringMatching(
      /<ErrorResponse xmlns="[^"]+"><Error><Type>Sender<\/Type><Code>NoSuchHostedZone<\/Code>/,
    ),
  });
});
