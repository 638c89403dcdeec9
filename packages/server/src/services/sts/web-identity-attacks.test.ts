import { createHmac, createPublicKey, KeyObject, sign } from "node:crypto";
import { CreateOpenIDConnectProviderCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { elliptic, foreign, invalid, pair, withIssuer } from "../../../test/web-identities.ts";

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("what was tampered with, or signed by another, is refused", async () => {
  const { assume: take, tokenOf, claims, issuer } = await withIssuer();
  const [header = "", , signature = ""] = (await tokenOf()).split(".");
  const forged = [
    `${header}.${part({ ...claims(), iss: issuer.url, sub: "root" })}.${signature}`,
    await tokenOf({}, foreign),
    `${header}.${part({ ...claims(), iss: issuer.url })}.`,
  ];
  for (const token of forged) await expect(take(token)).rejects.toMatchObject(invalid(/signature|valid JWT/));
});

test("a token without a signature, or signed with the public key as a secret, is refused", async () => {
  const { assume: take, claims, issuer } = await withIssuer();
  const body = part({ ...claims(), iss: issuer.url });
  const publicPem = createPublicKey({ key: pair.published, format: "jwk" }).export({ type: "spki", format: "pem" });
  const signed = (header: string, secret: string | Buffer) =>
    `${header}.${body}.${createHmac("sha256", secret).update(`${header}.${body}`).digest("base64url")}`;
  const confused = part({ alg: "HS256", kid: "first" });
  const tokens = [
    `${part({ alg: "none", kid: "first" })}.${body}.`,
    `${part({ alg: "None", kid: "first" })}.${body}.`,
    signed(confused, publicPem),
    signed(confused, JSON.stringify(pair.published)),
  ];
  for (const token of tokens) await expect(take(token)).rejects.toMatchObject(invalid(/algorithm|JWT/));
});

test("a key that the token brings along counts for nothing", async () => {
  const { assume: take, claims, issuer } = await withIssuer();
  const tokens = [
    await issuer.token(claims(), foreign, { jwk: foreign.published }),
    await issuer.token(claims(), { ...foreign, kid: "own" }, { jwk: foreign.published }),
    await issuer.token(
      claims(),
      { ...foreign, kid: "own" },
      { jku: `${issuer.url}/other`, x5u: `${issuer.url}/other` },
    ),
    await issuer.token(claims(), foreign, { crit: ["b64"], b64: true }),
  ];
  for (const token of tokens) await expect(take(token)).rejects.toMatchObject(invalid());
  expect(issuer.asked).not.toContain("/pool/other");
});

test("an issuer whose documents are none, too large, moved, or of another, is refused", async () => {
  const { issuer, assume: take, tokenOf } = await withIssuer();
  const discovery = "/pool/.well-known/openid-configuration";
  const answers = [
    { status: 500, body: "{}" },
    { status: 200, body: "<html>" },
    { status: 200, body: "[]" },
    { status: 200, body: JSON.stringify({ issuer: `${issuer.url}/other`, jwks_uri: `${issuer.url}/keys` }) },
    { status: 200, body: JSON.stringify({ issuer: issuer.url, jwks_uri: "file:///etc/passwd" }) },
    { status: 200, body: JSON.stringify({ issuer: issuer.url, jwks_uri: "http://169.254.169.254/keys" }) },
    { status: 200, body: JSON.stringify({ issuer: issuer.url, padding: "x".repeat(300_000) }) },
    { status: 302, body: "", location: `${issuer.url}/elsewhere` },
  ];
  for (const answer of answers) {
    issuer.answers.set(discovery, answer);
    await expect(take(await tokenOf()), answer.body.slice(0, 50)).rejects.toMatchObject(invalid(/^Couldn't retrieve/));
  }
  expect(issuer.asked).not.toContain("/pool/elsewhere");
  issuer.answers.clear();
  await take(await tokenOf());
});

test("keys that are too weak, or broken, verify nothing", async () => {
  const { issuer, assume: take, tokenOf } = await withIssuer();
  issuer.answers.set("/pool/keys", {
    status: 200,
    body: JSON.stringify({ keys: [{ kty: "RSA", kid: "first", n: "AQAB", e: "AQAB" }] }),
  });
  await expect(take(await tokenOf())).rejects.toMatchObject(invalid(/signature/));
  for (const body of [
    '{"keys":7}',
    "{}",
    '{"keys":[null]}',
    JSON.stringify({ keys: Array.from({ length: 201 }, () => ({})) }),
  ]) {
    issuer.answers.set("/pool/keys", { status: 200, body });
    await expect(take(await tokenOf()), body).rejects.toMatchObject(invalid());
  }
});

test("an issuer that does not answer is told apart", async () => {
  const { cloud, assume: take, claims, issuer } = await withIssuer();
  const Url = "http://127.0.0.1:1/gone";
  await cloud.client(IAMClient).send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ["app"] }));
  const token = await issuer.token(claims({ iss: Url }), pair);
  await expect(take(token)).rejects.toMatchObject({
    name: "IDPCommunicationErrorException",
    $metadata: { httpStatusCode: 400 },
  });
});

test("what is no token is refused, whatever its size", async () => {
  const { assume: take, tokenOf } = await withIssuer();
  // Source: https://repost.aws/questions/QUMtmA2kGfTYCrGGBtQBtaLg
  const none = invalid(
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
  );
  const [header = "", , signature = ""] = (await tokenOf()).split(".");
  const texts = [
    "none",
    "a.b.c",
    "....",
    `${header}.${part([])}.${signature}`,
    `${header}.e30`,
    "Atza|IQEBLzAtAhRPpMJx",
  ];
  for (const text of texts) await expect(take(text), text).rejects.toMatchObject(none);
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (at most 20000)
  await expect(take("x".repeat(20_001))).rejects.toMatchObject({ name: "ValidationError" });
  await expect(take(`${header}.${"A".repeat(19_000)}.${signature}`)).rejects.toMatchObject(none);
});

test("no change of a token is believed", async () => {
  const { assume: take, tokenOf } = await withIssuer();
  const token = await tokenOf();
  const seeds = Array.from({ length: 60 }, (_, index) => index);
  for (const seed of seeds) {
    const at = (seed * 7919) % token.length;
    const letter = "ABCDwxyz0189-_.="[seed % 16] ?? "A";
    const changed = [
      token.slice(0, at) + letter + token.slice(at + 1),
      token.slice(0, at) + token.slice(at + 1),
      token.slice(0, at) + letter + token.slice(at),
    ][seed % 3];
    if (changed === undefined || sameBytes(changed, token)) continue;
    await expect(take(changed), `seed ${seed}`).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  }
});

/** Two texts may encode the same bytes in their last letter. */
function sameBytes(one: string, other: string): boolean {
  return hexOf(one) === hexOf(other);
}

const hexOf = (token: string) =>
  token
    .split(".")
    .map((each) => Buffer.from(each, "base64url").toString("hex"))
    .join(".");

test("a signature in another form than the algorithm's own is refused", async () => {
  const { assume: take, claims, issuer } = await withIssuer();
  const { privateKey } = elliptic;
  const head = `${part({ alg: "ES256", kid: "elliptic" })}.${part({ ...claims(), iss: issuer.url })}`;
  const der = sign("sha256", Buffer.from(head), { key: KeyObject.from(privateKey), dsaEncoding: "der" });
  const zero = Buffer.alloc(64);
  for (const signature of [der, zero]) {
    await expect(take(`${head}.${signature.toString("base64url")}`)).rejects.toMatchObject(invalid(/signature/));
  }
});
