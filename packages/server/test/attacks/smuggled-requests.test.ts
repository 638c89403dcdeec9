/** Requests that somebody signed and somebody else changed. */
import { createHmac } from "node:crypto";
import { CreateUserCommand, GetUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { captured } from "../signed-request.ts";
import { testCloud } from "../test-cloud.ts";
import { hmac, photos, pieces, ROOT, scopeOf, send, sha256, signingDate, type Sent } from "./wire.ts";

test("a presigned URL is good for its own method, path, query and host, and for nothing else", async () => {
  const { cloud, get } = await photos();
  const url = await get();
  expect(await send(cloud, url)).toBe("200 meow");
  const query = url.query ?? "";
  const changed: readonly Sent[] = [
    { ...url, method: "DELETE" },
    { ...url, method: "PUT", body: "woof" },
    { ...url, path: "/photos/secret" },
    { ...url, path: "/photos/secret/../cat" },
    { ...url, path: "//photos/cat" },
    { ...url, path: "/photos" },
    { ...url, query: `${query}&tagging` },
    { ...url, query: `tagging&${query}` },
    { ...url, query: `${query}&versionId=null` },
    { ...url, query: `${query}&X-Amz-Expires=604800` },
    { ...url, query: `X-Amz-Expires=604800&${query}` },
    { ...url, query: query.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=604800") },
    { ...url, query: `${query}&X-Amz-SignedHeaders=x` },
    { ...url, query: query.replace(/X-Amz-Credential=test/, "X-Amz-Credential=111111111111") },
    { ...url, headers: { host: "secret.s3.localhost:4566" } },
    { ...url, headers: { host: "localhost:4566,photos.s3.localhost" } },
  ];
  for (const request of changed) expect(await send(cloud, request), JSON.stringify(request)).toMatch(/^40[035] /);
});

test.each([
  ["x-amz-acl", "public-read"],
  ["x-amz-copy-source", "/photos/secret"],
  ["x-amz-tagging", "team=red"],
  ["x-amz-meta-owner", "mallory"],
  ["x-amz-security-token", "none"],
  ["x-amz-storage-class", "GLACIER"],
  ["x-amz-website-redirect-location", "http://evil.example"],
  ["x-amz-server-side-encryption", "aws:kms"],
  ["x-amz-expected-bucket-owner", "000000000000"],
])("a header %s that nobody signed is refused", async (name, value) => {
  const { cloud, put } = await photos();
  const url = await put();
  const answer = await send(cloud, { ...url, headers: { ...url.headers, [name]: value }, body: "x" });
  expect(answer).toBe("403 AccessDenied");
});

test("a parameter that stands for a header cannot be added to a presigned URL, nor overridden by the header", async () => {
  const { cloud, put, s3 } = await photos();
  const url = await put({ Metadata: { a: "b" } });
  const query = url.query ?? "";
  expect(query).toContain("x-amz-meta-a=b");
  expect(await send(cloud, { ...url, query: `${query}&x-amz-tagging=a%3Db`, body: "x" })).toBe(
    "403 SignatureDoesNotMatch",
  );
  const headers = { ...url.headers, "x-amz-meta-a": "c" };
  expect(await send(cloud, { ...url, headers, body: "x" })).toBe("403 AccessDenied");
  expect(await send(cloud, { ...url, body: "x" })).toBe("200 ");
  expect(await s3.send(new HeadObjectCommand({ Bucket: "photos", Key: "new" }))).toMatchObject({
    Metadata: { a: "b" },
  });
});

/** Signed in version 2, as boto3 presigns. */
function signedV2({ method, path, headers = {} }: Omit<Sent, "headers"> & { headers?: Sent["headers"] }): Sent {
  const expires = String(Math.floor(Date.now() / 1000) + 60);
  const amz = Object.entries(headers)
    .filter(([name]) => name.startsWith("x-amz-"))
    .map(([name, value]) => `${name}:${value}\n`);
  const text = `${method}\n\n${headers["content-type"] ?? ""}\n${expires}\n${amz.join("")}${path}`;
  const signature = encodeURIComponent(createHmac("sha1", "test").update(text).digest("base64"));
  const moved = Object.entries(headers).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
  return {
    method,
    path,
    query: `AWSAccessKeyId=test&Signature=${signature}&Expires=${expires}${moved.join("")}`,
    headers: { host: "localhost:4566" },
  };
}

test("a version 2 URL does not let a header replace what its query says", async () => {
  const { cloud } = await photos();
  const url = signedV2({ method: "PUT", path: "/photos/v2", headers: { "x-amz-meta-a": "b" } });
  expect(await send(cloud, { ...url, body: "x" })).toBe("200 ");
  for (const name of ["x-amz-meta-a", "x-amz-copy-source", "x-amz-acl", "content-type"]) {
    const headers = { ...url.headers, [name]: "/photos/secret" };
    expect(await send(cloud, { ...url, headers, body: "x" }), name).toBe("403 SignatureDoesNotMatch");
  }
});

test("a request signed in version 2 by its header does not take parameters for headers", async () => {
  const { cloud } = await photos();
  const date = new Date().toUTCString();
  const signature = createHmac("sha1", "test").update(`PUT\n\n\n${date}\n/photos/v2`).digest("base64");
  const headers = { host: "localhost:4566", date, authorization: `AWS test:${signature}` };
  const request: Sent = { method: "PUT", path: "/photos/v2", headers, body: "x" };
  expect(await send(cloud, request)).toBe("200 ");
  expect(await send(cloud, { ...request, query: "x-amz-copy-source=%2Fphotos%2Fsecret" })).toBe(
    "403 SignatureDoesNotMatch",
  );
});

test("a signature for one service is none for another", async () => {
  const cloud = await testCloud();
  const iam = await captured((config) => {
    const client = new IAMClient({ ...config, region: "us-east-1", credentials: ROOT });
    return { send: () => client.send(new CreateUserCommand({ UserName: "mallory" })) };
  });
  const sts = await captured((config) => {
    const client = new STSClient({ ...config, region: "us-east-1", credentials: ROOT });
    return { send: () => client.send(new GetCallerIdentityCommand({})) };
  });
  const { cloud: gateway } = cloud;
  const bodies = { iam: "UserName=mallory&Action=CreateUser&Version=2010-05-08" };
  const asIam = { ...sts.head, body: pieces(bodies.iam), remoteAddress: "127.0.0.1", secure: false };
  expect((await gateway.answer(asIam)).status).toBe(403);
  for (const changes of [
    { host: "iam.amazonaws.com" },
    { "x-amz-target": "DynamoDB_20120810.ListTables" },
    { "content-type": "application/x-amz-json-1.1" },
  ]) {
    const headers = { ...sts.head.headers, ...changes };
    const answer = await gateway.answer({ ...asIam, headers, body: pieces(bodies.iam) });
    expect(answer.status, JSON.stringify(changes)).toBeGreaterThanOrEqual(400);
  }
  const relabelled = (iam.head.headers["authorization"] ?? "").replace("/iam/", "/sts/");
  const asSts = { ...iam.head, headers: { ...iam.head.headers, authorization: relabelled } };
  const answer = await gateway.answer({ ...asSts, body: iam.body, remoteAddress: "127.0.0.1", secure: false });
  expect(answer.status).toBe(403);
  const users = await cloud.client(IAMClient).send(new ListUsersCommand({}));
  expect(users.Users).toEqual([]);
});

test("a body cannot be put under a signature for none, nor parameters into its query", async () => {
  const cloud = await testCloud();
  const url = await presignedIdentity();
  expect(await send(cloud, url)).toMatch(/^200 .*:root/);
  const body = "Action=GetSessionToken&Version=2011-06-15";
  expect(await send(cloud, { ...url, body })).toBe("403 SignatureDoesNotMatch");
  const unsigned = { ...url.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  expect(await send(cloud, { ...url, headers: unsigned, body })).toBe("403 SignatureDoesNotMatch");
  const query = `Action=GetSessionToken&${url.query}`;
  expect(await send(cloud, { ...url, query })).toBe("403 SignatureDoesNotMatch");
  expect(await send(cloud, { ...url, query: `${url.query}&Action=GetSessionToken` })).toBe("403 SignatureDoesNotMatch");
});

/** As clusters and vaults prove who they are. */
async function presignedIdentity(): Promise<Sent> {
  const date = signingDate();
  const scope = scopeOf("sts", date);
  const query =
    `Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256` +
    `&X-Amz-Credential=${encodeURIComponent(`test/${scope.text}`)}&X-Amz-Date=${date}&X-Amz-Expires=60&X-Amz-SignedHeaders=host`;
  const canonical = `GET\n/\n${query}\nhost:localhost:4566\n\nhost\n${sha256("")}`;
  const signature = hmac(scope.key, `AWS4-HMAC-SHA256\n${date}\n${scope.text}\n${sha256(canonical)}`).toString("hex");
  return {
    method: "GET",
    path: "/",
    query: `${query}&X-Amz-Signature=${signature}`,
    headers: { host: "localhost:4566" },
  };
}

test("an Action in the query does not count where the body has one", async () => {
  const cloud = await testCloud();
  const iam = await captured((config) => {
    const client = new IAMClient({ ...config, region: "us-east-1", credentials: ROOT });
    return { send: () => client.send(new GetUserCommand({})) };
  });
  const answer = await cloud.cloud.answer({
    ...iam.head,
    query: "Action=ListUsers&Version=2010-05-08",
    body: iam.body,
    remoteAddress: "127.0.0.1",
    secure: false,
  });
  expect(answer.status).toBe(403);
});
