import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  DeleteBucketWebsiteCommand,
  DeletePublicAccessBlockCommand,
  GetBucketWebsiteCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  UploadPartCommand,
  type PutObjectCommandInput,
  type WebsiteConfiguration,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { policyOf, refusal, s3World } from "../../../../test/s3-world.ts";

// Source of all answers, unless told: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (TestS3StaticWebsiteHosting, run against AWS, and its snapshot)
const Bucket = "photos";
const HOST = "photos.s3-website-us-east-1.amazonaws.com";

const anybodyMay = (Action: string, resource: string) => ({
  Effect: "Allow",
  Principal: "*",
  Action,
  Resource: `arn:aws:s3:::${resource}`,
});

/** A website whose pages anybody may read, and whose keys anybody may list, so that what is missing is a 404. */
async function withWebsite(site: WebsiteConfiguration = { IndexDocument: { Suffix: "index.html" } }) {
  const world = await s3World(Bucket);
  const { s3, cloud } = world;
  const configure = (WebsiteConfiguration: WebsiteConfiguration) =>
    s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }));
  const letIn = (...statements: object[]) =>
    s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(...statements) }));
  await configure(site);
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await letIn(anybodyMay("s3:GetObject", "photos/*"), anybodyMay("s3:ListBucket", "photos"));
  const page = (Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: "text/html", ...more }));
  const visit = async (path: string, { method = "GET", host = HOST, ...headers }: Record<string, string> = {}) => {
    const [bare = "", query] = path.split("?");
    const answer = await cloud.send({
      method,
      path: bare,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: { host, ...headers },
    });
    return { ...answer, text: Buffer.from(answer.body).toString() };
  };
  return { ...world, configure, letIn, page, visit };
}

/** How a visitor is sent on. */
const to = (location: string, statusCode = 301) => ({ statusCode, headers: { location } });

test("the root and folders show their index, other keys themselves", async () => {
  const { page, visit } = await withWebsite();
  await page("index.html", "welcome", { CacheControl: "max-age=60", Metadata: { a: "b" } });
  await page("folder/index.html", "a folder");
  const root = {
    "content-type": "text/html",
    "cache-control": "max-age=60",
    "x-amz-meta-a": "b",
    "content-length": "7",
  };
  expect(await visit("/")).toMatchObject({ statusCode: 200, text: "welcome", headers: root });
  expect(await visit("/index.html")).toMatchObject({ statusCode: 200, text: "welcome" });
  expect(await visit("/folder/")).toMatchObject({ statusCode: 200, text: "a folder" });
  expect(await visit("/", { method: "HEAD" })).toMatchObject({ statusCode: 200, text: "", headers: root });
});

test("who leaves out the slash of a folder is sent there, also where nobody may list", async () => {
  const { page, visit, letIn } = await withWebsite();
  await page("folder/index.html", "a folder");
  // Source: https://github.com/scality/cloudserver/blob/development/8.8/tests/functional/aws-node-sdk/lib/utility/website-util.js (run against AWS)
  const found = { location: "/folder/", "x-amz-error-code": "Found", "x-amz-error-message": "Resource Found" };
  const shown = expect.stringContaining(
    "<h1>302 Found</h1>\n<ul>\n<li>Code: Found</li>\n<li>Message: Resource Found</li>",
  );
  expect(await visit("/folder")).toMatchObject({ statusCode: 302, headers: found, text: shown });
  await letIn(anybodyMay("s3:GetObject", "photos/*"));
  expect(await visit("/folder")).toMatchObject({ statusCode: 302, headers: { location: "/folder/" } });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html (both forms of the name)
test.each([
  "photos.s3-website-us-east-1.amazonaws.com",
  "photos.s3-website.us-east-1.amazonaws.com",
  "photos.s3-website.localhost:4566",
  "photos.s3-website-us-east-1.localhost:4566",
  "photos.s3-website.localhost.localstack.cloud:4566",
])("the website is at %s", async (host) => {
  const { page, visit } = await withWebsite();
  await page("index.html", "welcome");
  expect(await visit("/", { host })).toMatchObject({ statusCode: 200, text: "welcome" });
});

const NOT_FOUND = (key: string, section = "") => `<html>
<head><title>404 Not Found</title></head>
<body>
<h1>404 Not Found</h1>
<ul>
<li>Code: NoSuchKey</li>
<li>Message: The specified key does not exist.</li>
<li>Key: ${key}</li>
<li>RequestId: ID</li>
<li>HostId: ID</li>
</ul>
${section}<hr/>
</body>
</html>
`;

const withoutIds = (text: string): string => text.replaceAll(/(RequestId|HostId): [^<]+/g, "$1: ID");

test("what is missing is a page of S3's own, and says so in the head", async () => {
  const { visit } = await withWebsite();
  const answer = await visit("/folder/");
  expect(withoutIds(answer.text)).toBe(NOT_FOUND("folder/index.html"));
  expect(answer).toMatchObject({
    statusCode: 404,
    headers: { "content-type": "text/html; charset=utf-8", "x-amz-error-code": "NoSuchKey" },
  });
});

test("the website's own page for errors keeps the status; that it is missing too is told", async () => {
  const site = { IndexDocument: { Suffix: "index.html" }, ErrorDocument: { Key: "error.html" } };
  const { page, visit } = await withWebsite(site);
  expect(withoutIds((await visit("/")).text)).toBe(
    NOT_FOUND(
      "index.html",
      `<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>
<ul>
<li>Code: NoSuchKey</li>
<li>Message: The specified key does not exist.</li>
<li>Key: error.html</li>
</ul>
`,
    ),
  );
  await page("error.html", "sorry");
  expect(await visit("/cat")).toMatchObject({
    statusCode: 404,
    text: "sorry",
    headers: { "content-type": "text/html" },
  });
  await page("error.html", "", { WebsiteRedirectLocation: "/elsewhere" });
  expect(await visit("/cat")).toMatchObject({ statusCode: 301, headers: { location: "/elsewhere" } });
});

// Source: https://github.com/scality/cloudserver/blob/development/8.8/tests/functional/aws-node-sdk/test/object/websiteGet.js (run against AWS)
test("a page for errors that sends on does so, and the head has the error", async () => {
  const { page, visit } = await withWebsite({
    IndexDocument: { Suffix: "index.html" },
    ErrorDocument: { Key: "error.html" },
  });
  await page("error.html", "sorry", { WebsiteRedirectLocation: "https://example.com/sorry" });
  expect(await visit("/missing")).toMatchObject({
    statusCode: 301,
    headers: { location: "https://example.com/sorry", "x-amz-error-code": "NoSuchKey" },
  });
});

test("nobody is told what is missing where not everybody may list, and nobody sees what is not for everybody", async () => {
  const { page, visit, letIn } = await withWebsite();
  await page("index.html", "welcome");
  await letIn(anybodyMay("s3:GetObject", "photos/public/*"));
  const denied = { statusCode: 403, text: expect.stringContaining("<li>Message: Access Denied</li>") };
  expect(await visit("/")).toMatchObject(denied);
  expect(await visit("/public/missing")).toMatchObject(denied);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-HTTP-HTTPS (aws:Referer)
test("a policy may ask for what the visitor's browser says", async () => {
  const { page, visit, letIn } = await withWebsite();
  await page("index.html", "welcome");
  const Condition = { StringLike: { "aws:Referer": "https://example.com/*" } };
  await letIn({ ...anybodyMay("s3:GetObject", "photos/*"), Condition });
  expect(await visit("/", { referer: "https://example.com/page" })).toMatchObject({ statusCode: 200 });
  expect(await visit("/", { referer: "https://other.example/" })).toMatchObject({ statusCode: 403 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html (anonymous access is off)
test("a bucket whose requesters pay shows nothing", async () => {
  const { s3, page, visit } = await withWebsite();
  await page("index.html", "welcome");
  const RequestPaymentConfiguration = { Payer: "Requester" } as const;
  await s3.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration }));
  expect(await visit("/")).toMatchObject({ statusCode: 403 });
});

// Source: https://github.com/boto/boto3/issues/543 (the words)
test("what is encrypted under a key of KMS is shown to nobody", async () => {
  const { page, visit } = await withWebsite();
  await page("index.html", "welcome", { ServerSideEncryption: "aws:kms" });
  expect(await visit("/")).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining(
      "<li>Message: Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.</li>",
    ),
  });
});

test("a browser's copy is renewed only where it is old, and parts of a page may be asked for", async () => {
  const { page, visit } = await withWebsite();
  const { ETag = "" } = await page("index.html", "welcome");
  expect(await visit("/", { "if-none-match": ETag })).toMatchObject({
    statusCode: 304,
    text: "",
    headers: { etag: ETag },
  });
  expect(await visit("/", { range: "bytes=3-5" })).toMatchObject({
    statusCode: 206,
    text: "com",
    headers: { "content-range": "bytes 3-5/7" },
  });
});

test.each(["POST", "DELETE", "PUT"])("%s is no method of websites", async (method) => {
  const { visit } = await withWebsite();
  expect(await visit("/", { method })).toMatchObject({
    statusCode: 405,
    text: expect.stringContaining(
      `<li>Message: The specified method is not allowed against this resource.</li>\n<li>Method: ${method}</li>\n<li>ResourceType: OBJECT</li>`,
    ),
  });
});

test("a bucket that is no website, and one that does not exist, say which they are", async () => {
  const { s3, visit } = await withWebsite();
  await s3.send(new DeleteBucketWebsiteCommand({ Bucket }));
  expect(await visit("/cat")).toMatchObject({
    statusCode: 404,
    text: expect.stringContaining(
      "<li>Code: NoSuchWebsiteConfiguration</li>\n<li>Message: The specified bucket does not have a website configuration</li>\n<li>BucketName: photos</li>",
    ),
  });
  expect(await visit("/", { host: "nowhere.s3-website-us-east-1.amazonaws.com" })).toMatchObject({
    statusCode: 404,
    text: expect.stringContaining("<li>Code: NoSuchBucket</li>"),
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (IncorrectEndpoint)
test("another region's endpoint does not show the bucket", async () => {
  const { visit } = await withWebsite();
  expect(await visit("/", { host: "photos.s3-website.eu-west-1.amazonaws.com" })).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining("<li>Code: IncorrectEndpoint</li>"),
  });
});

test("all requests are sent to another host", async () => {
  const { configure, visit } = await withWebsite();
  await configure({ RedirectAllRequestsTo: { HostName: "example.com", Protocol: "https" } });
  expect(await visit("/a%20b/c?d=e")).toMatchObject(to("https://example.com/a%20b/c?d=e"));
  await configure({ RedirectAllRequestsTo: { HostName: "example.com" } });
  expect(await visit("/")).toMatchObject(to("http://example.com/"));
});

test("rules of a prefix come before the object, but do not hold for the root's page", async () => {
  const { page, visit } = await withWebsite({
    IndexDocument: { Suffix: "index.html" },
    RoutingRules: [
      { Condition: { KeyPrefixEquals: "host/" }, Redirect: { HostName: "elsewhere" } },
      { Condition: { KeyPrefixEquals: "docs/" }, Redirect: { ReplaceKeyPrefixWith: "documents/" } },
      { Condition: { KeyPrefixEquals: "gone/" }, Redirect: { ReplaceKeyPrefixWith: "" } },
      { Condition: { KeyPrefixEquals: "safe/" }, Redirect: { Protocol: "https" } },
      { Condition: { KeyPrefixEquals: "code/" }, Redirect: { HttpRedirectCode: "307" } },
      { Condition: { KeyPrefixEquals: "index" }, Redirect: { ReplaceKeyWith: "other.html" } },
    ],
  });
  await page("index.html", "welcome");
  await page("docs/a", "a");
  expect(await visit("/host/key")).toMatchObject(to("http://elsewhere/host/key"));
  expect(await visit("/docs/a")).toMatchObject(to(`http://${HOST}/documents/a`));
  expect(await visit("/gone/a")).toMatchObject(to(`http://${HOST}/a`));
  expect(await visit("/safe/a")).toMatchObject(to(`https://${HOST}/safe/a`));
  expect(await visit("/code/a")).toMatchObject(to(`http://${HOST}/code/a`, 307));
  expect(await visit("/index.html")).toMatchObject(to(`http://${HOST}/other.html`));
  expect(await visit("/")).toMatchObject({ statusCode: 200, text: "welcome" });
});

test("rules for an error come after the object and before the page for errors", async () => {
  const { page, visit } = await withWebsite({
    IndexDocument: { Suffix: "index.html" },
    ErrorDocument: { Key: "error.html" },
    RoutingRules: [
      {
        Condition: { KeyPrefixEquals: "both/", HttpErrorCodeReturnedEquals: "404" },
        Redirect: { ReplaceKeyWith: "both.html" },
      },
      { Condition: { HttpErrorCodeReturnedEquals: "404" }, Redirect: { ReplaceKeyPrefixWith: "#!/" } },
    ],
  });
  await page("error.html", "sorry");
  await page("there", "it is");
  expect(await visit("/there")).toMatchObject({ statusCode: 200, text: "it is" });
  expect(await visit("/both/a")).toMatchObject({ statusCode: 301, headers: { location: `http://${HOST}/both.html` } });
  expect(await visit("/app/page")).toMatchObject({
    statusCode: 301,
    headers: { location: `http://${HOST}/#!/app/page` },
  });
});

test("an object may send on: the website does, the API says where to", async () => {
  const { s3, page, visit } = await withWebsite();
  await page("old", "", { WebsiteRedirectLocation: "/new" });
  expect(await visit("/old")).toMatchObject({ statusCode: 301, headers: { location: "/new" } });
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "old" }))).toMatchObject({
    WebsiteRedirectLocation: "/new",
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-website-redirect-location is not copied)
test("a copy sends on only where it is told to, and a multi-part object as its upload said", async () => {
  const { s3, page } = await withWebsite();
  await page("old", "x", { WebsiteRedirectLocation: "/new" });
  const locationOf = async (Key: string) =>
    (await s3.send(new HeadObjectCommand({ Bucket, Key }))).WebsiteRedirectLocation;
  await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: "photos/old" }));
  expect(await locationOf("copy")).toBeUndefined();
  await s3.send(
    new CopyObjectCommand({ Bucket, Key: "copy", CopySource: "photos/copy", WebsiteRedirectLocation: "/other" }),
  );
  expect(await locationOf("copy")).toBe("/other");
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key: "large", WebsiteRedirectLocation: "https://example.com/" }),
  );
  const upload = { Bucket, Key: "large", UploadId };
  const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: "x" }));
  await s3.send(
    new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }),
  );
  expect(await locationOf("large")).toBe("https://example.com/");
});

// Source: https://github.com/aws/aws-sdk-js/issues/1302
test("a redirect to nowhere is refused", async () => {
  const { page } = await withWebsite();
  expect(await refusal(page("old", "", { WebsiteRedirectLocation: "new" }))).toMatchObject({
    code: "InvalidRedirectLocation",
    status: 400,
    message: "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
  });
  // Source: https://github.com/boto/boto/blob/develop/tests/integration/s3/test_key.py (test_website_redirect_with_bad_value)
  expect(await refusal(page("old", "", { WebsiteRedirectLocation: "" }))).toMatchObject({
    code: "InvalidRedirectLocation",
    status: 400,
  });
});

test("pages of other origins read a website as its bucket's rules say", async () => {
  const { s3, page, visit } = await withWebsite();
  await page("font.woff", "x");
  const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["https://example.com"] }];
  await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  const origin = "https://example.com";
  const allowed = { statusCode: 200, headers: { "access-control-allow-origin": origin } };
  expect(await visit("/font.woff", { origin })).toMatchObject(allowed);
  const preflight = { method: "OPTIONS", "access-control-request-method": "GET" };
  expect(await visit("/font.woff", { origin, ...preflight })).toMatchObject(allowed);
  expect(await visit("/font.woff", { origin: "https://other.example", ...preflight })).toMatchObject({
    statusCode: 403,
  });
});

test("the configuration is read back as it was put, and gone when deleted", async () => {
  const { s3, configure } = await withWebsite();
  const site = {
    IndexDocument: { Suffix: "index.html" },
    ErrorDocument: { Key: "error.html" },
    RoutingRules: [{ Condition: { KeyPrefixEquals: "a" }, Redirect: { ReplaceKeyPrefixWith: "" } }],
  };
  await configure(site);
  expect(await s3.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject(site);
  await s3.send(new DeleteBucketWebsiteCommand({ Bucket }));
  expect(await refusal(s3.send(new GetBucketWebsiteCommand({ Bucket })))).toMatchObject({
    code: "NoSuchWebsiteConfiguration",
    status: 404,
  });
});
