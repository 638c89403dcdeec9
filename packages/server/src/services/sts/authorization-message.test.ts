import { DecodeAuthorizationMessageCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, onTestFinished, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { testCloud } from "../../../test/test-cloud.ts";
import type { Decision } from "../../identity/decision.ts";
import type { User } from "../../identity/principal.ts";
import type { AccountId, Arn } from "../../kernel/arn.ts";
import { openAuthorizationMessage, sealAuthorizationMessage } from "../../service/authorization-message.ts";
import { openMemory } from "../../store/drivers/open.ts";

const principal: User = {
  type: "user",
  account: "111111111111" as AccountId,
  arn: "arn:aws:iam::111111111111:user/ann" as Arn,
  userId: "AIDAJQABLZS4A3QDU576Q",
  userName: "ann",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
};

const decision: Decision = {
  decision: "deny",
  action: "ec2:StopInstances",
  resource: "arn:aws:ec2:us-east-1:111111111111:instance/i-0abc",
  because: [
    {
      layer: "identity",
      effect: "explicit-deny",
      policy: "guard",
      statement: { sid: "NoStop", index: 0, line: 1 },
    },
  ],
};

async function withSealer() {
  const { store, sealer } = await openMemory();
  onTestFinished(() => store.close());
  return sealer;
}

test("a message says who was refused what, and by which statement", async () => {
  const sealer = await withSealer();
  const sealed = sealAuthorizationMessage(sealer, { decision, principal, keys: { "ec2:Region": ["us-east-1"] } });
  // assumed: the form, from messages of AWS that people have published
  expect(JSON.parse(openAuthorizationMessage(sealer, sealed) ?? "")).toEqual({
    allowed: false,
    explicitDeny: true,
    matchedStatements: { items: [{ statementId: "NoStop", effect: "DENY", sourcePolicyId: "guard" }] },
    failures: { items: [] },
    context: {
      principal: { id: principal.userId, name: "ann", arn: principal.arn },
      action: "ec2:StopInstances",
      resource: "arn:aws:ec2:us-east-1:111111111111:instance/i-0abc",
      conditions: { items: [{ key: "ec2:Region", values: { items: [{ value: "us-east-1" }] } }] },
    },
  });
  expect(sealed.length).toBeLessThan(10_240);
});

test("a message of another cloud does not open", async () => {
  const sealed = sealAuthorizationMessage(await withSealer(), { decision, principal });
  expect(openAuthorizationMessage(await withSealer(), sealed)).toBeUndefined();
});

test("decoding needs a permission, and a message that was made here", async () => {
  const cloud = await testCloud();
  const decode = (caller: Parameters<typeof cloud.client>[1]) =>
    cloud.client(STSClient, caller).send(new DecodeAuthorizationMessageCommand({ EncodedMessage: "nonsense" }));
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
  await expect(decode(undefined)).rejects.toMatchObject({
    name: "InvalidAuthorizationMessageException",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(decode(await makeUser(cloud, "ann"))).rejects.toMatchObject({ name: "AccessDenied" });
});
