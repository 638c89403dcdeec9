/** Keys of KMS, and what was encrypted with them. */
import type { CiphertextStep, KeyStep } from "../case-file.ts";
import { NotAnswered } from "../endpoint.ts";
import { textAt, type World } from "../world.ts";

export async function makeKey({ key, account: as = "home", policy, tags = {} }: KeyStep, world: World): Promise<void> {
  const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  // a policy may shut out even the account that makes the key
  const more = policy === undefined ? {} : { Policy: policy, BypassPolicyLockoutSafetyCheck: true };
  const made = await world.make({ call: "kms:CreateKey", as, with: { Tags, ...more } });
  const arn = textAt(made, "KeyMetadata.Arn");
  world.onCleanUp(() => world.ask("kms:ScheduleKeyDeletion", as, { KeyId: arn, PendingWindowInDays: 7 }));
  world.add(key, { name: textAt(made, "KeyMetadata.KeyId"), facts: { arn } });
}

export async function encrypt({ ciphertext, key, as, context }: CiphertextStep, world: World): Promise<void> {
  const input = { KeyId: `<${key}.arn>`, Plaintext: "meow", ...(context && { EncryptionContext: context }) };
  const output = await world.make({ call: "kms:Encrypt", as, with: input });
  const blob: unknown = "CiphertextBlob" in output ? output.CiphertextBlob : undefined;
  if (!(blob instanceof Uint8Array)) throw new NotAnswered("set-up: an encryption without a ciphertext");
  world.add(ciphertext, { name: Buffer.from(blob).toString("base64") });
}
