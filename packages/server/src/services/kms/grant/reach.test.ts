import {
  CreateGrantCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
  RetireGrantCommand,
  type CreateGrantCommandInput,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { withKey } from "../../../../test/keys.ts";

const denied = { name: "AccessDeniedException" };
const Plaintext = Buffer.from("attack at dawn");

/** Ann may make grants, by a grant alone; bob gets them. */
async function withParent(facts: Partial<CreateGrantCommandInput>) {
  const world = await withKey();
  const { cloud, kms, KeyId } = world;
  const ann = await makeUser(cloud, "ann");
  const bob = await makeUser(cloud, "bob");
  const made = { KeyId, GranteePrincipal: ann.arn, Operations: ["CreateGrant" as const, "Encrypt" as const] };
  await kms.send(new CreateGrantCommand({ ...made, ...facts }));
  const annsKms = cloud.client(KMSClient, ann);
  const child = (more: Partial<CreateGrantCommandInput>) =>
    annsKms.send(new CreateGrantCommand({ KeyId, GranteePrincipal: bob.arn, Operations: ["Encrypt"], ...more }));
  return { ...world, annsKms, bobsKms: cloud.client(KMSClient, bob), child };
}

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-creategrant
test("who may make grants by a grant alone gives away no operation that it does not name", async () => {
  const { bobsKms, KeyId, child } = await withParent({});
  await expect(child({ Operations: ["Encrypt", "Decrypt"] })).rejects.toMatchObject(denied);
  await child({});
  const { CiphertextBlob } = await bobsKms.send(new EncryptCommand({ KeyId, Plaintext }));
  await expect(bobsKms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject(denied);
});

// Source: same page
test("a grant that was made by a grant is held to a context at least as strictly", async () => {
  const { child } = await withParent({ Constraints: { EncryptionContextSubset: { app: "payroll" } } });
  for (const Constraints of [undefined, { EncryptionContextSubset: { stage: "live" } }]) {
    await expect(child({ Constraints })).rejects.toMatchObject(denied);
  }
  await child({ Constraints: { EncryptionContextSubset: { app: "payroll", stage: "live" } } });
  await child({ Constraints: { EncryptionContextEquals: { app: "payroll" } } });
});

// Source: same page
test("a context that has to be the same stays the same in what comes of the grant", async () => {
  const { child } = await withParent({ Constraints: { EncryptionContextEquals: { app: "payroll" } } });
  for (const pairs of [{ EncryptionContextSubset: { app: "payroll" } }, { EncryptionContextEquals: { app: "a" } }]) {
    await expect(child({ Constraints: pairs })).rejects.toMatchObject(denied);
  }
  await child({ Constraints: { EncryptionContextEquals: { app: "payroll" } } });
});

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html (kms:EncryptionContext, kms:GrantConstraintType)
test("who may retire grants of one context alone retires those", async () => {
  const { cloud, kms, KeyId, arn } = await withKey();
  const made = { KeyId, GranteePrincipal: "000000000000", Operations: ["Decrypt" as const] };
  const Condition = {
    StringEquals: { "kms:EncryptionContext:app": "payroll", "kms:GrantConstraintType": "EncryptionContextEquals" },
  };
  const carl = await makeUser(cloud, "carl", {
    allow: { Statement: [{ Effect: "Allow", Action: "kms:RetireGrant", Resource: arn, Condition }] },
  });
  const retire = async (Constraints: CreateGrantCommandInput["Constraints"]) => {
    const { GrantToken } = await kms.send(new CreateGrantCommand({ ...made, Constraints }));
    return cloud.client(KMSClient, carl).send(new RetireGrantCommand({ GrantToken }));
  };
  await retire({ EncryptionContextEquals: { app: "payroll" } });
  await expect(retire({ EncryptionContextSubset: { app: "payroll" } })).rejects.toMatchObject(denied);
  await expect(retire({ EncryptionContextEquals: { app: "other" } })).rejects.toMatchObject(denied);
});
