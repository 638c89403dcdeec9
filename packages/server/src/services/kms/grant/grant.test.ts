import {
  CreateGrantCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  type CreateGrantCommandInput,
  type ListRetirableGrantsCommandInput,
} from "@aws-sdk/client-kms";
import { DeleteUserCommand, DeleteAccessKeyCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { withKey } from "../../../../test/keys.ts";

const Plaintext = Buffer.from("attack at dawn");

async function withUser() {
  const world = await withKey();
  const ann = await makeUser(world.cloud, "ann");
  const { KeyId, kms } = world;
  const grant = (facts: Partial<CreateGrantCommandInput>) =>
    kms.send(new CreateGrantCommand({ KeyId, GranteePrincipal: ann.arn, Operations: ["Encrypt"], ...facts }));
  const annsKms = world.cloud.client(KMSClient, ann);
  const encrypt = (EncryptionContext?: Record<string, string>) =>
    annsKms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
  return { ...world, ann, annsKms, grant, encrypt };
}

const pairs = (count: number, length = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v".repeat(length)]));

const denied = { name: "AccessDeniedException" };

test("a grant lets its grantee do what it names, and nothing once it is revoked", async () => {
  const { kms, KeyId, annsKms, grant, encrypt } = await withUser();
  await expect(encrypt()).rejects.toMatchObject(denied);
  const { GrantId } = await grant({});
  const { CiphertextBlob } = await encrypt();
  await expect(annsKms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject(denied);
  await kms.send(new RevokeGrantCommand({ KeyId, GrantId }));
  await expect(encrypt()).rejects.toMatchObject(denied);
});

test("a grant holds its grantee to an encryption context", async () => {
  const { grant, encrypt } = await withUser();
  await grant({ Constraints: { EncryptionContextSubset: { app: "payroll" } } });
  expect(await encrypt({ app: "payroll", stage: "live" })).toHaveProperty("CiphertextBlob");
  await expect(encrypt()).rejects.toMatchObject(denied);
  await expect(encrypt({ app: "other" })).rejects.toMatchObject(denied);
});

test("a grant whose context has to be the same takes no other", async () => {
  const { grant, encrypt } = await withUser();
  await grant({ Constraints: { EncryptionContextEquals: { app: "payroll" } } });
  expect(await encrypt({ app: "payroll" })).toHaveProperty("CiphertextBlob");
  await expect(encrypt({ app: "payroll", stage: "live" })).rejects.toMatchObject(denied);
});

test("a grant of the same name and content is made once", async () => {
  const { kms, KeyId, grant } = await withUser();
  const first = await grant({ Name: "batch" });
  expect((await grant({ Name: "batch" })).GrantId).toBe(first.GrantId);
  expect((await grant({ Name: "batch", Operations: ["Decrypt"] })).GrantId).not.toBe(first.GrantId);
  expect((await kms.send(new ListGrantsCommand({ KeyId }))).Grants).toHaveLength(2);
});

test("who may retire a grant does so by its token, and nobody else", async () => {
  const { cloud, kms, ann, annsKms, grant, encrypt } = await withUser();
  const bob = await makeUser(cloud, "bob");
  const { GrantToken } = await grant({ RetiringPrincipal: bob.arn });
  const retirable = await kms.send(new ListRetirableGrantsCommand({ RetiringPrincipal: bob.arn }));
  expect(retirable.Grants).toMatchObject([{ GranteePrincipal: ann.arn, RetiringPrincipal: bob.arn }]);
  await expect(annsKms.send(new RetireGrantCommand({ GrantToken }))).rejects.toMatchObject(denied);
  await cloud.client(KMSClient, bob).send(new RetireGrantCommand({ GrantToken }));
  await expect(encrypt()).rejects.toMatchObject(denied);
});

const listed = (by: KMSClient, who: ListRetirableGrantsCommandInput) => by.send(new ListRetirableGrantsCommand(who));

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html (RetiringPrincipal: of one's own account; Cross-account use)
test("an account lists what its own principals may retire, on whoever's key, and nothing of others", async () => {
  const { cloud, kms, ann, grant } = await withUser();
  const account = "111111111111";
  const carl = await makeUser(cloud, "carl", { account });
  await grant({ RetiringPrincipal: ann.arn });
  await grant({ RetiringPrincipal: carl.arn });
  const Constraints = { SourceArn: "arn:aws:s3:::photos" };
  const service = "backup.amazonaws.com";
  await grant({
    GranteePrincipal: undefined,
    GranteeServicePrincipal: service,
    RetiringServicePrincipal: service,
    Constraints,
  });
  const other = cloud.client(KMSClient, cloud.rootOf(account));
  expect((await listed(other, { RetiringPrincipal: carl.arn })).Grants).toHaveLength(1);
  const invalid = { name: "InvalidArnException" };
  await expect(listed(other, { RetiringPrincipal: ann.arn })).rejects.toMatchObject(invalid);
  await expect(listed(kms, { RetiringPrincipal: carl.arn })).rejects.toMatchObject(invalid);
  expect((await listed(kms, { RetiringServicePrincipal: service })).Grants).toHaveLength(1);
  expect((await listed(other, { RetiringServicePrincipal: service })).Grants).toEqual([]);
});

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#grants-per-key (50,000)
test("a grant counts however many others its grantee has", async () => {
  const { kms, encrypt, grant } = await withUser();
  const ids: string[] = [];
  for (let count = 0; count < 1100; count += 1) ids.push((await grant({ Operations: ["Decrypt"] })).GrantId ?? "");
  const behind = ids.toSorted()[1000] ?? "";
  let last = await grant({});
  while ((last.GrantId ?? "") < behind) {
    await kms.send(new RetireGrantCommand({ GrantToken: last.GrantToken }));
    last = await grant({});
  }
  expect(await encrypt()).toHaveProperty("CiphertextBlob");
});

test("a grant is not for who gets the name of its grantee later", async () => {
  const { cloud, KeyId, ann, grant, encrypt } = await withUser();
  await grant({});
  expect(await encrypt()).toHaveProperty("CiphertextBlob");
  const iam = cloud.client(IAMClient);
  await iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: ann.accessKeyId }));
  await iam.send(new DeleteUserCommand({ UserName: "ann" }));
  const again = cloud.client(KMSClient, await makeUser(cloud, "ann"));
  await expect(again.send(new EncryptCommand({ KeyId, Plaintext }))).rejects.toMatchObject(denied);
});

test("a grant is for operations that its key has, and for somebody who is there", async () => {
  const { grant } = await withUser();
  await expect(grant({ Operations: ["Sign"] })).rejects.toMatchObject({ name: "ValidationException" });
  await expect(grant({ GranteePrincipal: "arn:aws:iam::000000000000:user/nobody" })).rejects.toMatchObject({
    name: "InvalidArnException",
  });
});

// Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/kms/grant_test.go (TestAccKMSGrant_service)
// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html
test("a service is told of in the member that named it", async () => {
  const { kms, KeyId, grant } = await withUser();
  const service = "dynamodb.us-east-1.amazonaws.com";
  await grant({ GranteePrincipal: service, RetiringPrincipal: service });
  const SourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
  const byItself = { GranteeServicePrincipal: service, RetiringServicePrincipal: service, Constraints: { SourceArn } };
  await grant({ GranteePrincipal: undefined, ...byItself });
  const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId }));
  const members = Grants.map((entry) => Object.keys(entry).filter((member) => member.endsWith("Principal")));
  expect(new Set(members.map((names) => names.join(" ")))).toEqual(
    new Set(["GranteePrincipal RetiringPrincipal", "GranteeServicePrincipal RetiringServicePrincipal"]),
  );
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-GranteeServicePrincipal
test("a service that is named as one has its grant for one resource and by somebody who retires it", async () => {
  const { grant } = await withUser();
  const GranteeServicePrincipal = "dynamodb.us-east-1.amazonaws.com";
  const SourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
  const whole = { GranteeServicePrincipal, RetiringPrincipal: "000000000000", Constraints: { SourceArn } };
  for (const wrong of [whole, { ...whole, GranteePrincipal: undefined, Constraints: {} }]) {
    await expect(grant(wrong)).rejects.toMatchObject({ name: "ValidationException" });
  }
  const loose = { GranteeServicePrincipal, GranteePrincipal: undefined, Constraints: { SourceArn } };
  await expect(grant(loose)).rejects.toMatchObject({ name: "ValidationException" });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Constraints
test("a constraint has eight pairs of 384 characters at most", async () => {
  const { grant } = await withUser();
  await grant({ Constraints: { EncryptionContextSubset: pairs(8, 384) } });
  for (const wrong of [pairs(9), pairs(1, 385)]) {
    const Constraints = { EncryptionContextEquals: wrong };
    await expect(grant({ Constraints })).rejects.toMatchObject({ name: "ValidationException" });
  }
});

test("a token that nobody gave out is refused, and a trial run grants nothing", async () => {
  const { kms, KeyId, grant } = await withUser();
  await expect(kms.send(new EncryptCommand({ KeyId, Plaintext, GrantTokens: ["made-up"] }))).rejects.toMatchObject({
    name: "InvalidGrantTokenException",
  });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
  await expect(grant({ DryRun: true })).rejects.toMatchObject({
    name: "DryRunOperationException",
    message: "The request would have succeeded, but the DryRun option is set.",
  });
  expect((await kms.send(new ListGrantsCommand({ KeyId }))).Grants).toEqual([]);
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html, https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html (InvalidGrantIdException)
test("what is no id of a grant is told from one that there is not", async () => {
  const { kms, KeyId, arn } = await withKey();
  const revoke = (GrantId: string) => kms.send(new RevokeGrantCommand({ KeyId, GrantId }));
  const retire = (GrantId: string) => kms.send(new RetireGrantCommand({ KeyId: arn, GrantId }));
  for (const end of [revoke, retire]) {
    await expect(end("first")).rejects.toMatchObject({ name: "InvalidGrantIdException" });
    await expect(end("a".repeat(64))).rejects.toMatchObject({ name: "NotFoundException" });
  }
});
