import { expect, onTestFinished, test } from "vitest";
import { formatArn, type AccountId, type Region } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import { newAccessKeyId } from "../../kernel/ids.ts";
import { sealSession } from "../../kernel/session-token.ts";
import { openMemory } from "../../store/drivers/open.ts";
import { ClosedAccounts } from "../closed-accounts.ts";
import type { AccessKeyRecord } from "../directory.ts";
import type { RoleSession } from "../principal.ts";
import { SignatureVerifier, type Family } from "../sigv4/verify.ts";
import { CredentialResolver, rootUser, type CredentialOptions } from "./resolve.ts";

const account = "111111111111" as AccountId;
const region = "us-east-1" as Region;

interface Asked {
  readonly accessKeyId: string;
  readonly sessionToken?: string | undefined;
  readonly family?: Family;
  readonly signedFor?: string;
}

/** A resolver that knows `keys` as long-term ones, and asks it. */
async function resolverOf({
  keys = [],
  now = () => 0,
  ...options
}: Partial<CredentialOptions> & { keys?: readonly AccessKeyRecord[]; now?: () => number } = {}) {
  const { store, sealer } = await openMemory();
  onTestFinished(() => store.close());
  const clock = { now, realNow: now };
  const resolver = new CredentialResolver({
    clock,
    sealer,
    directory: { findAccessKey: async (id) => keys.find(({ accessKeyId }) => accessKeyId === id) },
    closed: new ClosedAccounts(store),
    defaultAccount: account,
    rootSecret: "test",
    auth: "enforced",
    ...options,
  });
  const resolve = ({ family = "query", signedFor = "us-east-1", ...asked }: Asked) => {
    const claim = claimOf({ ...asked, family, signedFor });
    return store.transact({ account, region }, async (tx) => resolver.resolve(claim, tx));
  };
  return { resolve, sealer };
}

function claimOf({ accessKeyId, sessionToken, family, signedFor }: Asked & { readonly family: Family }) {
  const claim = new SignatureVerifier({ clock: { now: () => 0, realNow: () => 0 } }).parse(
    {
      method: "POST",
      path: "/",
      query: "",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260115/${signedFor}/sts/aws4_request, SignedHeaders=host, Signature=0`,
        "x-amz-date": "20260115T120000Z",
        "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
        "x-amz-security-token": sessionToken,
      },
    },
    family,
  );
  assert(claim.version !== "anonymous", "the request is signed");
  return claim;
}

test("`test` is the root user of the default account, twelve digits that of another", async () => {
  const { resolve } = await resolverOf();
  const root = { type: "known", secretAccessKey: "test", isPublic: true };
  expect(await resolve({ accessKeyId: "test" })).toEqual({ ...root, principal: rootUser(account, "test") });
  expect(await resolve({ accessKeyId: "222222222222", sessionToken: "test" })).toMatchObject({
    ...root,
    principal: { type: "root", account: "222222222222", arn: "arn:aws:iam::222222222222:root", userId: "222222222222" },
  });
});

test("a key that signs for a region of another partition belongs to that partition", async () => {
  const active = record("Active");
  const { resolve } = await resolverOf({ keys: [active] });
  for (const accessKeyId of ["111111111111", active.accessKeyId]) {
    // Source: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
    expect(await resolve({ accessKeyId, signedFor: "cn-north-1" })).toMatchObject({
      principal: { arn: "arn:aws-cn:iam::111111111111:root" },
    });
  }
});

test("the root user's secret can be another", async () => {
  const { resolve } = await resolverOf({ rootSecret: "s3cret" });
  expect(await resolve({ accessKeyId: "test" })).toMatchObject({ secretAccessKey: "s3cret" });
});

const refused = (code: string, httpStatus: number) => ({ code, httpStatus });

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
test.each([
  ["query", refused("InvalidClientTokenId", 403)],
  ["json", refused("UnrecognizedClientException", 400)],
  ["rest-json", refused("UnrecognizedClientException", 403)],
  ["s3", { ...refused("InvalidAccessKeyId", 403), fields: { AWSAccessKeyId: "AKIDUNKNOWN" } }],
] as const)("an unknown key is refused as a %s service does", async (family, refusal) => {
  const { resolve } = await resolverOf();
  await expect(resolve({ accessKeyId: "AKIDUNKNOWN", family })).rejects.toMatchObject(refusal);
  await expect(resolve({ accessKeyId: newAccessKeyId("temporaryKey", account), family })).rejects.toMatchObject({
    code: refusal.code,
  });
});

const record = (status: "Active" | "Inactive"): AccessKeyRecord => ({
  accessKeyId: newAccessKeyId("accessKey", account),
  secretAccessKey: "secret",
  status,
  owner: rootUser(account, "AKIA"),
});

test("an issued key is its owner's, while it is active and comes without a token", async () => {
  const [active, inactive] = [record("Active"), record("Inactive")];
  const { resolve } = await resolverOf({ keys: [active, inactive] });
  const { accessKeyId } = active;
  expect(await resolve({ accessKeyId })).toEqual({ type: "known", secretAccessKey: "secret", principal: active.owner });
  const refusal = refused("InvalidClientTokenId", 403);
  await expect(resolve({ accessKeyId, sessionToken: "x" })).rejects.toMatchObject(refusal);
  await expect(resolve({ accessKeyId: inactive.accessKeyId })).rejects.toMatchObject(refusal);
});

function roleSession(accessKeyId: string, expiresAtMs: number): RoleSession {
  const part = { partition: "aws", region: "", account: "111111111111" };
  return {
    type: "role-session",
    account,
    arn: formatArn({ ...part, service: "sts", resource: "assumed-role/support/s1" }),
    userId: "AROAJQABLZS4A3QDU576Q:s1",
    roleArn: formatArn({ ...part, service: "iam", resource: "role/support" }),
    roleId: "AROAJQABLZS4A3QDU576Q",
    roleName: "support",
    sessionName: "s1",
    accessKeyId,
    session: {
      issuedAtMs: 0,
      expiresAtMs,
      tags: {},
      transitiveTagKeys: [],
      policies: [],
      policyArns: [],
      chained: false,
    },
  };
}

test("a session lasts until it expires by the virtual clock", async () => {
  let now = 0;
  const { resolve, sealer } = await resolverOf({ now: () => now });
  const accessKeyId = newAccessKeyId("temporaryKey", account);
  const principal = roleSession(accessKeyId, 900_000);
  const sessionToken = sealSession(sealer, { accessKeyId, secretAccessKey: "hidden", principal });
  expect(sessionToken.length).toBeLessThan(700);
  for (const at of [0, 899_999]) {
    now = at;
    expect(await resolve({ accessKeyId, sessionToken })).toEqual({
      type: "known",
      secretAccessKey: "hidden",
      principal,
    });
  }
  now = 900_000;
  await expect(resolve({ accessKeyId, sessionToken })).rejects.toMatchObject({
    ...refused("ExpiredToken", 403),
    message: "The security token included in the request is expired",
  });
  await expect(resolve({ accessKeyId, sessionToken, family: "json" })).rejects.toMatchObject({
    code: "ExpiredTokenException",
  });
  await expect(resolve({ accessKeyId, sessionToken, family: "s3" })).rejects.toMatchObject({
    ...refused("ExpiredToken", 400),
    message: "The provided token has expired.",
    fields: { "Token-0": sessionToken },
  });
});

test("a token of another key, a changed one, and one of another cloud are refused", async () => {
  const { resolve, sealer } = await resolverOf();
  const other = await resolverOf();
  const accessKeyId = newAccessKeyId("temporaryKey", account);
  const session = { accessKeyId, secretAccessKey: "hidden", principal: roleSession(accessKeyId, 900_000) };
  const sessionToken = sealSession(sealer, session);
  const refusal = refused("InvalidClientTokenId", 403);
  const another = newAccessKeyId("temporaryKey", account);
  await expect(resolve({ accessKeyId: another, sessionToken })).rejects.toMatchObject(refusal);
  const changed = `${sessionToken.slice(0, 60)}${sessionToken[60] === "A" ? "B" : "A"}${sessionToken.slice(61)}`;
  await expect(resolve({ accessKeyId, sessionToken: changed })).rejects.toMatchObject(refusal);
  const foreign = sealSession(other.sealer, session);
  await expect(resolve({ accessKeyId, sessionToken: foreign })).rejects.toMatchObject(refusal);
  await expect(resolve({ accessKeyId, sessionToken: "no token", family: "s3" })).rejects.toMatchObject({
    ...refused("InvalidToken", 400),
    message: "The provided token is malformed or otherwise invalid.",
  });
});

test("permissive authentication takes made-up keys for the root user, and issued ones for what they are", async () => {
  const active = record("Active");
  const { resolve } = await resolverOf({ auth: "permissive", keys: [active] });
  const unchecked = { type: "unchecked", principal: { type: "root", account: "111111111111", unchecked: true } };
  expect(await resolve({ accessKeyId: "foo" })).toMatchObject(unchecked);
  expect(await resolve({ accessKeyId: "ASIAFOO", sessionToken: "bar" })).toMatchObject(unchecked);
  expect(await resolve({ accessKeyId: active.accessKeyId })).toMatchObject({
    type: "known",
    secretAccessKey: "secret",
  });
});
