import {
  CreateConnectionCommand,
  DeauthorizeConnectionCommand,
  DescribeConnectionCommand,
  UpdateConnectionCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { policyText } from "../../../../test/identities.ts";
import { eventWorld, type EventWorld } from "../../../../test/event-world.ts";

const ROLE =
  "arn:aws:iam::000000000000:role/aws-service-role/apidestinations.events.amazonaws.com/AWSServiceRoleForAmazonEventBridgeApiDestinations";
const BASIC = {
  AuthorizationType: "BASIC",
  AuthParameters: { BasicAuthParameters: { Username: "ann", Password: "secret" } },
} as const;

const clientOf = (AuthorizationEndpoint: string) =>
  ({
    AuthorizationType: "OAUTH_CLIENT_CREDENTIALS",
    AuthParameters: {
      OAuthParameters: {
        AuthorizationEndpoint,
        HttpMethod: "POST",
        ClientParameters: { ClientID: "id", ClientSecret: "secret" },
      },
    },
  }) as const;

/** The address of a server that gives out a token once `before` is through. */
async function tokenServer(before: () => Promise<unknown>): Promise<string> {
  const server = createServer((_request, response) => {
    void before().then(() => response.end('{"access_token":"t"}'));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

const stateOf = async ({ events }: EventWorld) => {
  const { ConnectionState } = await events.send(new DescribeConnectionCommand({ Name: "c" }));
  return ConnectionState;
};

test("a token that comes after a connection was deauthorized does not let it in again", async () => {
  const world = await eventWorld();
  const url = await tokenServer(() => world.events.send(new DeauthorizeConnectionCommand({ Name: "c" })));
  await world.events.send(new CreateConnectionCommand({ Name: "c", ...clientOf(url) }));
  await world.cloud.clock.advance(0);
  expect(await stateOf(world)).toBe("DEAUTHORIZED");
});

test("a connection whose secret is gone before its first token is not authorized, and says why", async () => {
  const world = await eventWorld();
  const secrets = world.cloud.client(SecretsManagerClient);
  const url = await tokenServer(() => Promise.resolve());
  await world.events.send(new CreateConnectionCommand({ Name: "c", ...BASIC }));
  const { SecretArn } = await world.events.send(new DescribeConnectionCommand({ Name: "c" }));
  await world.cloud.cloud.clock.freeze();
  await world.events.send(new UpdateConnectionCommand({ Name: "c", ...clientOf(url) }));
  await secrets.send(new DeleteSecretCommand({ SecretId: SecretArn, ForceDeleteWithoutRecovery: true }));
  await world.cloud.clock.advance(1);
  expect(await stateOf(world)).toBe("DEAUTHORIZED");
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateConnection.html (KmsKeyIdentifier) */
test("another key of a connection is the key of its secret from then on, and none is AWS's own", async () => {
  const { cloud, events } = await eventWorld();
  await events.send(new CreateConnectionCommand({ Name: "c", ...BASIC }));
  const Policy = policyText({
    Statement: [
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "kms:*", Resource: "*" },
      { Effect: "Allow", Principal: { AWS: ROLE }, Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*" },
    ],
  });
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({ Policy }));
  const keys = async () => {
    const { SecretArn, KmsKeyIdentifier } = await events.send(new DescribeConnectionCommand({ Name: "c" }));
    const ask = new DescribeSecretCommand({ SecretId: SecretArn });
    const { KmsKeyId } = await cloud.client(SecretsManagerClient).send(ask);
    return [KmsKeyIdentifier, KmsKeyId];
  };
  const update = (KmsKeyIdentifier: string) =>
    events.send(new UpdateConnectionCommand({ Name: "c", KmsKeyIdentifier }));
  await update(KeyMetadata?.Arn ?? "");
  expect(await keys()).toEqual([KeyMetadata?.Arn, KeyMetadata?.Arn]);
  await update("");
  expect(await keys()).toEqual([undefined, undefined]);
});

test.each(["no json", "null", '{"username":{"a":1},"invocation_http_parameters":{"header_parameters":5}}'])(
  "what somebody has written into the secret of a connection is not there: %s",
  async (SecretString) => {
    const { cloud, events } = await eventWorld();
    await events.send(new CreateConnectionCommand({ Name: "c", ...BASIC }));
    const { SecretArn } = await events.send(new DescribeConnectionCommand({ Name: "c" }));
    const put = new PutSecretValueCommand({ SecretId: SecretArn, SecretString });
    await cloud.client(SecretsManagerClient).send(put);
    const update = (more: object) => events.send(new UpdateConnectionCommand({ Name: "c", ...more }));
    await expect(update({ Description: "d" })).rejects.toMatchObject({ name: "ValidationException" });
    await update(BASIC);
    const { AuthParameters } = await events.send(new DescribeConnectionCommand({ Name: "c" }));
    expect(AuthParameters?.BasicAuthParameters).toEqual({ Username: "ann" });
  },
);
