import { DecodeAuthorizationMessageCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, onTestFinished, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { testCloud } from "../../../test/test-cloud.ts";
import { authorizationMessage } from "../../identity/authorization-message.ts";
import type { Decision } from "../../identity/decision.ts";
import { rootUser } from "../../identity/credentials/resolve.ts";
import type { AccountId } from "../../kernel/arn.ts";
import { decodeRefusal, encodeRefusal } from "../../kernel/encoded-refusal.ts";
import type { Context } from "../../service/context.ts";
import { openMemory } from "../../store/drivers/open.ts";
import { decodeAuthorizationMessage } from "./authorization-message.ts";

const decision: Decision = {
  decision: "deny",
  action: "ec2:StopInstances",
  resource: "arn:aws:ec2:us-east-1:111111111111:instance/i-0abc",
  because: [{ layer: "identity", effect: "no-allow" }],
};

const message = authorizationMessage(decision, rootUser("111111111111" as AccountId, "test"), {
  "ec2:Region": ["us-east-1"],
});

async function withSealer() {
  const { store, sealer } = await openMemory();
  onTestFinished(() => store.close());
  return sealer;
}

test("a refusal that was encoded here is decoded", async () => {
  const keys = await withSealer();
  const EncodedMessage = encodeRefusal(keys, message);
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html (10,240 characters)
  expect(EncodedMessage.length).toBeLessThan(10_240);
  const context = { keys } as Context;
  const { DecodedMessage } = await decodeAuthorizationMessage.handle({ EncodedMessage }, context, undefined);
  expect(JSON.parse(DecodedMessage ?? "")).toMatchObject({
    allowed: false,
    explicitDeny: false,
    context: {
      principal: { id: "111111111111", arn: "arn:aws:iam::111111111111:root" },
      action: "ec2:StopInstances",
      conditions: { items: [{ key: "ec2:Region", values: { items: [{ value: "us-east-1" }] } }] },
    },
  });
});

test("a refusal of another cloud does not open", async () => {
  const encoded = encodeRefusal(await withSealer(), message);
  expect(decodeRefusal(await withSealer(), encoded)).toBeUndefined();
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
