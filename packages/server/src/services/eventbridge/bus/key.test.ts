import { CreateEventBusCommand } from "@aws-sdk/client-eventbridge";
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";
import { policyText } from "../../../../test/identities.ts";

const EVENT = { Source: "shop", DetailType: "order", Detail: "{}", EventBusName: "sealed" } as const;
const BUS = "arn:aws:events:us-east-1:000000000000:event-bus/sealed";

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html */
test("a bus with a key of its owner's needs that key's policy, and buries what it cannot encrypt", async () => {
  const world = await eventWorld();
  const kms = world.cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId;
  const [queue, dead] = [await world.queue("q"), await world.queue("dead")];
  const DeadLetterConfig = { Arn: dead.arn };
  const KmsKeyIdentifier = KeyMetadata?.Arn;
  await world.events.send(new CreateEventBusCommand({ Name: "sealed", KmsKeyIdentifier, DeadLetterConfig }));
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: queue.arn }], { EventBusName: "sealed" });
  await world.put(EVENT);
  expect(await queue.bodies()).toEqual([]);
  const [letter] = await dead.messages();
  expect(letter?.MessageAttributes?.["ERROR_CODE"]?.StringValue).toBe("AccessDeniedException");
  const Policy = policyText({
    Statement: [
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "kms:*", Resource: "*" },
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: "*",
        Condition: { StringEquals: { "kms:EncryptionContext:aws:events:event-bus:arn": BUS, "aws:SourceArn": BUS } },
      },
    ],
  });
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  await world.put(EVENT);
  expect(await queue.bodies()).toHaveLength(1);
});
