import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EncryptCommand,
  KMSClient,
  ListAliasesCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { withKey } from "../../../../test/keys.ts";

const Plaintext = Buffer.from("attack at dawn");

async function withAlias() {
  const world = await withKey();
  await world.kms.send(new CreateAliasCommand({ AliasName: "alias/payroll", TargetKeyId: world.KeyId }));
  return world;
}

test("an alias stands for its key, and moves to another of its kind", async () => {
  const { kms, arn, makeKey } = await withAlias();
  const keyOf = async () => (await kms.send(new DescribeKeyCommand({ KeyId: "alias/payroll" }))).KeyMetadata?.Arn;
  expect(await keyOf()).toBe(arn);
  const next = await makeKey();
  await kms.send(new UpdateAliasCommand({ AliasName: "alias/payroll", TargetKeyId: next.KeyId }));
  expect(await keyOf()).toBe(next.arn);
  const other = await makeKey({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const moving = kms.send(new UpdateAliasCommand({ AliasName: "alias/payroll", TargetKeyId: other.KeyId }));
  await expect(moving).rejects.toMatchObject({ name: "ValidationException" });
  await kms.send(new DeleteAliasCommand({ AliasName: "alias/payroll" }));
  // Source: https://github.com/aws/aws-cdk/issues/5717 (the message)
  await expect(keyOf()).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Alias arn:aws:kms:us-east-1:000000000000:alias/payroll is not found.",
  });
});

test("a name is given once, begins as names do, and not as AWS's", async () => {
  const { kms, KeyId: TargetKeyId } = await withAlias();
  const create = (AliasName: string) => kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
  await expect(create("alias/payroll")).rejects.toMatchObject({ name: "AlreadyExistsException" });
  await expect(create("payroll")).rejects.toMatchObject({
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
    message:
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  });
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_kms/test_kms.py (test__create_alias__…)
  await expect(create("alias/aws/mine")).rejects.toMatchObject({ name: "NotAuthorizedException" });
  await expect(create("alias/my:own")).rejects.toMatchObject({
    message: "alias/my:own contains invalid characters for an alias",
  });
  const ofAlias = kms.send(new CreateAliasCommand({ AliasName: "alias/other", TargetKeyId: "alias/payroll" }));
  await expect(ofAlias).rejects.toMatchObject({ message: "Aliases must refer to keys. Not aliases" });
});

test("a policy may hold somebody to an alias", async () => {
  const { cloud, KeyId } = await withAlias();
  const byAlias = await makeUser(cloud, "ann", {
    allow: {
      Statement: [
        {
          Effect: "Allow",
          Action: "kms:Encrypt",
          Resource: "*",
          Condition: { StringEquals: { "kms:RequestAlias": "alias/payroll" } },
        },
      ],
    },
  });
  const encrypt = (keyId: string) =>
    cloud.client(KMSClient, byAlias).send(new EncryptCommand({ KeyId: keyId, Plaintext }));
  expect(await encrypt("alias/payroll")).toHaveProperty("CiphertextBlob");
  await expect(encrypt(KeyId)).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("a key of AWS's is made when it is first asked for, and only its service may use it", async () => {
  const { kms } = await withAlias();
  const managed = async () => {
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({ Limit: 100 }));
    return Aliases.find(({ AliasName }) => AliasName === "alias/aws/s3");
  };
  expect(await managed()).not.toHaveProperty("TargetKeyId");
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/aws/s3" }));
  expect(KeyMetadata).toMatchObject({ KeyManager: "AWS", KeyState: "Enabled" });
  expect(await managed()).toMatchObject({ TargetKeyId: KeyMetadata?.KeyId });
  await expect(kms.send(new EncryptCommand({ KeyId: "alias/aws/s3", Plaintext }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
});

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#aliases-per-key
test("a key has fifty aliases at most, each of which may be said to be its own again", async () => {
  const { kms, KeyId: TargetKeyId, makeKey } = await withKey();
  const aliases = Array.from({ length: 51 }, (_, index) => `alias/payroll-${index}`);
  for (const AliasName of aliases.slice(0, 50)) await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
  const used = { name: "LimitExceededException" };
  const [first, last] = [aliases[0], aliases[50]];
  await expect(kms.send(new CreateAliasCommand({ AliasName: last, TargetKeyId }))).rejects.toMatchObject(used);
  await kms.send(new UpdateAliasCommand({ AliasName: first, TargetKeyId }));
  const other = await makeKey();
  await kms.send(new CreateAliasCommand({ AliasName: last, TargetKeyId: other.KeyId }));
  await expect(kms.send(new UpdateAliasCommand({ AliasName: last, TargetKeyId }))).rejects.toMatchObject(used);
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html (Limit; aliases of AWS's without a key)
test("a page of aliases is no longer than asked for, and none is missing from all of them", async () => {
  const { kms, KeyId: TargetKeyId } = await withKey();
  const own = ["alias/aaa", "alias/payroll", "alias/zzz"];
  for (const AliasName of own) await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
  const { Aliases: all = [] } = await kms.send(new ListAliasesCommand({}));
  const paged: typeof all = [];
  for (let Marker: string | undefined; ;) {
    const page = await kms.send(new ListAliasesCommand({ Limit: 2, Marker }));
    expect(page.Aliases?.length).toBeLessThanOrEqual(2);
    paged.push(...(page.Aliases ?? []));
    Marker = page.NextMarker;
    if (Marker === undefined) break;
  }
  expect(paged).toEqual(all);
  const names = all.map(({ AliasName }) => AliasName);
  expect(names).toEqual(expect.arrayContaining([...own, "alias/aws/s3"]));
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html (InvalidAliasNameException)
test("a name is more than its prefix", async () => {
  const { kms, KeyId: TargetKeyId } = await withKey();
  await expect(kms.send(new CreateAliasCommand({ AliasName: "alias/", TargetKeyId }))).rejects.toMatchObject({
    name: "InvalidAliasNameException",
  });
});
