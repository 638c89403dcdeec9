import { createHash } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { listedWorld, refusal, s3World, withHeaders, type S3World } from "../../../test/s3-world.ts";

// Source of what these tests expect:
// Source: https://github.com/versity/versitygw/tree/main/tests/integration (general.go, CopyObject.go, PutObject.go, CompleteMultipartUpload.go, sigv4_auth.go, public_bucket.go: what S3 was seen to answer)

type Answer = Awaited<ReturnType<S3World["anonymous"]>>;

const told = ({ statusCode, body }: Answer): readonly [number, string] => [
  statusCode,
  /<Code>.*(?=<RequestId>)/.exec(Buffer.from(body).toString())?.[0] ?? "",
];

const fault = (code: string, message: string, more = ""): string =>
  `<Code>${code}</Code><Message>${message}</Message>${more}`;

const argument = (name: string, value: string): string =>
  `<ArgumentName>${name}</ArgumentName><ArgumentValue>${value}</ArgumentValue>`;

const notAllowed = (method: string, resource: string): string =>
  fault(
    "MethodNotAllowed",
    "The specified method is not allowed against this resource.",
    `<Method>${method}</Method><ResourceType>${resource}</ResourceType>`,
  );

const NO_VERSION = "This operation does not accept a version-id.";

test("a method that a resource does not have is refused with what it was used against", async () => {
  const { anonymous } = await s3World();
  expect(told(await anonymous("PATCH", "/photos/k"))).toEqual([405, notAllowed("PATCH", "OBJECT")]);
  expect(told(await anonymous("POST", "/photos/k"))).toEqual([405, notAllowed("POST", "OBJECT")]);
  const patched = await anonymous("PATCH", "/photos");
  expect(told(patched)).toEqual([405, notAllowed("PATCH", "BUCKET")]);
  // Source: https://github.com/brekkylab/backlot/issues/312 (measured at S3)
  expect(patched.headers["allow"]).toBe("HEAD, DELETE, POST, GET, PUT");
  const message = "At least one of the pre-conditions you specified did not hold";
  const condition = "<Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>";
  expect(told(await anonymous("POST", "/photos"))).toEqual([412, fault("PreconditionFailed", message, condition)]);
});

test("an object has no uploads and no list of versions", async () => {
  const { anonymous } = await s3World();
  expect(told(await anonymous("GET", "/photos/k", { uploads: "" }))).toEqual([
    400,
    fault("InvalidRequest", "Key is not expected for the GET method ?uploads subresource"),
  ]);
  expect(told(await anonymous("GET", "/photos/k", { versions: "" }))).toEqual([
    400,
    fault("InvalidRequest", "There is no such thing as the ?versions sub-resource for a key"),
  ]);
});

test("half the name of a part writes no object", async () => {
  const { anonymous } = await s3World();
  expect(told(await anonymous("PUT", "/photos/k", { partNumber: "1" }))).toEqual([
    400,
    fault(
      "InvalidArgument",
      "This operation does not accept partNumber without uploadId",
      argument("partNumber", "partNumber"),
    ),
  ]);
  const unnumbered = await anonymous("PUT", "/photos/k", { uploadId: "x", partNumber: "" });
  const message = "Provided partNumber not an integer or within integer range";
  expect(told(unnumbered)).toEqual([400, fault("InvalidArgument", message, argument("partNumber", ""))]);
  const upload = await anonymous("PUT", "/photos/k", { uploadId: "x" });
  expect(told(upload)).toEqual([405, notAllowed("PUT", "UPLOAD")]);
  expect(upload.headers["allow"]).toBe("DELETE, POST, GET");
});

// Source: https://github.com/brekkylab/backlot/issues/230 (measured at S3), https://github.com/filestack/filestack-js/issues/55 (S3's answer)
test("a sub-resource has methods of its own, and no other is the object's or the bucket's", async () => {
  const { anonymous, s3, put } = await s3World();
  await put("k");
  for (const [method, path, name, type, allow] of [
    ["POST", "/photos", "policy", "BUCKETPOLICY", "DELETE, GET, PUT"],
    ["HEAD", "/photos", "location", "LOCATION", "GET"],
    ["HEAD", "/photos", "versioning", "VERSIONING", "GET, PUT"],
    ["HEAD", "/photos", "tagging", "TAGGING", "DELETE, GET, PUT"],
    ["HEAD", "/photos/k", "acl", "ACL", "GET, PUT"],
    ["HEAD", "/photos/k", "uploadId", "UPLOAD", "DELETE, POST, GET"],
    ["DELETE", "/photos/k", "acl", "ACL", "GET, PUT"],
    ["PUT", "/photos/k", "restore", "RESTORE", "POST"],
  ] as const) {
    const answer = await anonymous(method, path, { [name]: "" });
    expect(told(answer)).toEqual([405, method === "HEAD" ? "" : notAllowed(method, type)]);
    expect(answer.headers["allow"]).toBe(allow);
  }
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "k" }));
  expect(await Body?.transformToString()).toBe("");
});

// Source: https://github.com/versity/versitygw/blob/main/tests/test_rest_multipart.sh (run against S3), https://github.com/brekkylab/backlot/pull/118 (measured)
test("two sub-resources at once are none", async () => {
  const { anonymous } = await s3World();
  const message = "Conflicting query string parameters: acl, versioning";
  const refused = [400, fault("InvalidArgument", message, argument("ResourceType", "acl"))];
  expect(told(await anonymous("GET", "/photos", { versioning: "", acl: "" }))).toEqual(refused);
});

// Source: https://github.com/scality/cloudserver/pull/698 (what S3 was seen to answer)
test("a version is not written over", async () => {
  const { anonymous, s3, put } = await s3World();
  await put("k");
  const refused = [400, fault("InvalidArgument", NO_VERSION, argument("versionId", "null"))];
  expect(told(await anonymous("PUT", "/photos/k", { versionId: "null" }))).toEqual(refused);
  expect(told(await anonymous("POST", "/photos/k", { uploadId: "x", versionId: "null" }))).toEqual(refused);
  const named = { Bucket: "photos", Key: "k", VersionId: "null" };
  const tagged = await s3.send(new PutObjectTaggingCommand({ ...named, Tagging: { TagSet: [] } }));
  expect(tagged.$metadata.httpStatusCode).toBe(200);
});

test("only copies have a source", async () => {
  const { cloud } = await s3World();
  const headers = { host: "localhost:4566", "x-amz-copy-source": "photos/k" };
  for (const method of ["GET", "DELETE"]) {
    expect(told(await cloud.send({ method, path: "/photos/k", headers }))).toEqual([
      400,
      fault(
        "InvalidArgument",
        "You can only specify a copy source header for copy requests.",
        argument("x-amz-copy-source", "photos/k"),
      ),
    ]);
  }
});

test("a source of a copy is refused for what is wrong with it", async () => {
  const { s3 } = await s3World();
  const copy = (CopySource: string) =>
    refusal(s3.send(new CopyObjectCommand({ Bucket: "photos", Key: "copy", CopySource })));
  for (const source of ["photos/%ZZ", "100%/a", "photos/%C3%"]) {
    expect(await copy(source)).toMatchObject({
      code: "InvalidArgument",
      message: "Invalid copy source encoding",
      error: { ArgumentName: "x-amz-copy-source", ArgumentValue: source },
    });
  }
  for (const source of ["192.168.1.1/a", "my-buc@k&()t/a"]) {
    expect(await copy(source)).toMatchObject({
      code: "InvalidArgument",
      message: "Invalid copy source bucket name",
      error: { ArgumentValue: source },
    });
  }
});

test("numbers, times and kinds of checksums that are none are named", async () => {
  const { s3, cloud, anonymous } = await s3World();
  const put = new PutObjectCommand({ Bucket: "photos", Key: "k", Body: "x" });
  expect(told(await anonymous("GET", "/photos", { "max-keys": "abc" }))).toEqual([
    400,
    fault("InvalidArgument", "Provided max-keys not an integer or within integer range", argument("max-keys", "abc")),
  ]);
  const late = withHeaders(cloud, { "x-amz-object-lock-retain-until-date": "soon" });
  expect(await refusal(late.send(put))).toMatchObject({
    code: "InvalidArgument",
    message: "The retain until date must be provided in ISO 8601 format",
    error: { ArgumentName: "x-amz-object-lock-retain-until-date", ArgumentValue: "soon" },
  });
  const unknown = withHeaders(cloud, { "x-amz-checksum-adler": "AAAA" });
  expect(await refusal(unknown.send(put))).toMatchObject({
    code: "InvalidRequest",
    message: "The algorithm type you specified in x-amz-checksum- header is invalid.",
  });
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: "photos", Key: "k" }));
  const complete = (PartNumber: number, more: object = {}) => {
    const MultipartUpload = { Parts: [{ PartNumber, ETag: "x" }] };
    const call = { Bucket: "photos", Key: "k", UploadId, MultipartUpload, ...more };
    return refusal(s3.send(new CompleteMultipartUploadCommand(call)));
  };
  expect(await complete(-4)).toMatchObject({
    code: "InvalidArgument",
    message: "PartNumber must be >= 1",
    error: { ArgumentName: "PartNumber", ArgumentValue: "-4" },
  });
});

test("an authorization of one word is refused for its missing space", async () => {
  const { cloud } = await s3World();
  const headers = { host: "localhost:4566", authorization: "secret" };
  expect(told(await cloud.send({ method: "GET", path: "/photos", headers }))).toEqual([
    400,
    fault(
      "InvalidArgument",
      "Authorization header is invalid -- one and only one &apos; &apos; (space) required.",
      argument("Authorization", "secret"),
    ).replaceAll("&apos;", "'"),
  ]);
});

test("nobody in particular copies objects or begins uploads, whatever a policy allows", async () => {
  const { cloud, s3, put, anonymous } = await listedWorld();
  await put("k", "x");
  const allowed = { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::photos/*" };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [allowed] });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "photos", Policy }));
  expect((await anonymous("PUT", "/photos/new")).statusCode).toBe(200);
  const headers = { host: "localhost:4566", "x-amz-copy-source": "photos/k" };
  expect(told(await cloud.send({ method: "PUT", path: "/photos/copy", headers }))).toEqual([
    403,
    fault("AccessDenied", "Anonymous users cannot copy objects. Please authenticate."),
  ]);
  expect(told(await anonymous("POST", "/photos/k", { uploads: "" }))).toEqual([
    403,
    fault("AccessDenied", "Anonymous users cannot initiate multipart uploads. Please authenticate."),
  ]);
});

test("headers of an answer are overridden by what is written, where they may be", async () => {
  const { s3, put } = await s3World();
  await put("k", "x");
  const get = (query: Readonly<Record<string, string>>) => {
    const call = new GetObjectCommand({ Bucket: "photos", Key: "k" });
    call.middlewareStack.add(
      (next) => (args) => {
        if (HttpRequest.isInstance(args.request)) Object.assign(args.request.query, query);
        return next(args);
      },
      { step: "build" },
    );
    return s3.send(call);
  };
  expect((await get({ "response-expires": "some day" })).ExpiresString).toBe("some day");
  expect(await refusal(get({ "response-gibberish": "x" }))).toMatchObject({
    code: "InvalidArgument",
    status: 400,
    message: "response-gibberish is not in the set of overridable response headers",
  });
});

// Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
test("a hash of what is not read is not looked at, and one of what is may be in capitals", async () => {
  const { cloud, bucket: Bucket } = await s3World();
  const hashed = (sum: string) => withHeaders(cloud, { "x-amz-content-sha256": sum });
  const hello = createHash("sha256").update("hello").digest("hex");
  await hashed(hello.toUpperCase()).send(new PutObjectCommand({ Bucket, Key: "k", Body: "hello" }));
  const { Body } = await hashed(hello).send(new GetObjectCommand({ Bucket, Key: "k" }));
  expect(await Body?.transformToString()).toBe("hello");
  const wrong = hashed(hello.toUpperCase()).send(new PutObjectCommand({ Bucket, Key: "k", Body: "bye" }));
  expect(await refusal(wrong)).toMatchObject({
    code: "XAmzContentSHA256Mismatch",
    error: { ClientComputedContentSHA256: hello.toUpperCase() },
  });
});
