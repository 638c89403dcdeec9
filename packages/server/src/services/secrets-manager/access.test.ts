import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  RemoveRegionsFromReplicationCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  SecretsManagerClient,
  StopReplicationToReplicaCommand,
  TagResourceCommand,
  UpdateSecretCommand,
  ValidateResourcePolicyCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../test/identities.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const OTHER = "111111111111";

test("another account reads a secret by its policy, where a key of the owner's lets it decrypt as well", async () => {
  const cloud = await testCloud();
  const manager = cloud.client(SecretsManagerClient);
  const allow = { Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" };
  const { KeyMetadata } = await cloud
    .client(KMSClient)
    .send(new CreateKeyCommand({ Policy: policyText({ Statement: [allow] }) }));
  const { ARN: SecretId } = await manager.send(
    new CreateSecretCommand({ Name: "shared", SecretString: "x", KmsKeyId: KeyMetadata?.KeyId }),
  );
  const stranger = cloud.client(SecretsManagerClient, cloud.rootOf(OTHER));
  const read = () => stranger.send(new GetSecretValueCommand({ SecretId }));
  await expect(read()).rejects.toMatchObject({ name: "AccessDeniedException" });
  const grant = { Effect: "Allow", Principal: { AWS: OTHER }, Action: "secretsmanager:GetSecretValue", Resource: "*" };
  await manager.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: policyText({ Statement: [grant] }) }));
  expect(await read()).toMatchObject({ SecretString: "x" });
  // Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html (the managed key is of no use there)
  await manager.send(new UpdateSecretCommand({ SecretId, KmsKeyId: "alias/aws/secretsmanager", SecretString: "y" }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/secretsmanager/test_secretsmanager.py (validated: test_cross_account_access)
  await expect(read()).rejects.toMatchObject({
    name: "InvalidRequestException",
    message:
      "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key.",
  });
});

test("who may read the secret and not use its key is refused, and nobody reads it while the key is disabled", async () => {
  const cloud = await testCloud();
  const manager = cloud.client(SecretsManagerClient);
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId ?? "";
  await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "x", KmsKeyId: KeyId }));
  const read = async (user: string, allow: string[]) =>
    cloud
      .client(SecretsManagerClient, await makeUser(cloud, user, { allow }))
      .send(new GetSecretValueCommand({ SecretId: "s" }));
  await expect(read("bare", ["secretsmanager:GetSecretValue"])).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  expect(await read("keyed", ["secretsmanager:GetSecretValue", "kms:Decrypt"])).toMatchObject({ SecretString: "x" });
  await kms.send(new DisableKeyCommand({ KeyId }));
  await expect(read("late", ["secretsmanager:*", "kms:*"])).rejects.toMatchObject({ name: "DecryptionFailure" });
});

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html (KmsKeyId) */
test("a secret that gets another key is read by that one from then on, where its user may use both", async () => {
  const cloud = await testCloud();
  const manager = cloud.client(SecretsManagerClient);
  const kms = cloud.client(KMSClient);
  const makeKey = async () => (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? "";
  const [first, second] = [await makeKey(), await makeKey()];
  await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "one", KmsKeyId: first }));
  await manager.send(new PutSecretValueCommand({ SecretId: "s", SecretString: "two" }));
  const bare = cloud.client(SecretsManagerClient, await makeUser(cloud, "bare", { allow: ["secretsmanager:*"] }));
  await bare.send(new UpdateSecretCommand({ SecretId: "s", KmsKeyId: second }));
  await kms.send(new DisableKeyCommand({ KeyId: second }));
  const read = async (VersionStage: string) =>
    (await manager.send(new GetSecretValueCommand({ SecretId: "s", VersionStage }))).SecretString;
  expect(await read("AWSCURRENT")).toBe("two");
  await manager.send(new UpdateSecretCommand({ SecretId: "s", KmsKeyId: "" }));
  await kms.send(new DisableKeyCommand({ KeyId: first }));
  expect([await read("AWSCURRENT"), await read("AWSPREVIOUS")]).toEqual(["two", "one"]);
  expect(await manager.send(new DescribeSecretCommand({ SecretId: "s" }))).not.toHaveProperty("KmsKeyId");
});

test("tags and names of secrets are there for conditions", async () => {
  const cloud = await testCloud();
  const manager = cloud.client(SecretsManagerClient);
  await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "x" }));
  const Condition = { StringEquals: { "secretsmanager:ResourceTag/team": "blue" } };
  const allow = { Statement: [{ Effect: "Allow", Action: "secretsmanager:*", Resource: "*", Condition }] };
  const user = cloud.client(SecretsManagerClient, await makeUser(cloud, "blue", { allow }));
  const read = () => user.send(new GetSecretValueCommand({ SecretId: "s" }));
  await expect(read()).rejects.toThrow("is not authorized to perform: secretsmanager:GetSecretValue");
  await manager.send(new TagResourceCommand({ SecretId: "s", Tags: [{ Key: "team", Value: "blue" }] }));
  await read();
});

test("a policy that lets anybody in is refused where it is asked to be, and seen by validation", async () => {
  const cloud = await testCloud();
  const manager = cloud.client(SecretsManagerClient);
  await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "x" }));
  const statement = { Effect: "Allow", Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*" };
  const ResourcePolicy = policyText({ Statement: [statement] });
  const put = (more: object) => manager.send(new PutResourcePolicyCommand({ SecretId: "s", ResourcePolicy, ...more }));
  await expect(put({ BlockPublicPolicy: true })).rejects.toMatchObject({ name: "PublicPolicyException" });
  const verdict = await manager.send(new ValidateResourcePolicyCommand({ SecretId: "s", ResourcePolicy }));
  expect(verdict).toMatchObject({ PolicyValidationPassed: false });
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/secretsmanager (recorded: test_resource_policy)
  await put({});
  const kept = await manager.send(new GetResourcePolicyCommand({ SecretId: "s" }));
  expect(JSON.parse(kept.ResourcePolicy ?? "")).toEqual(JSON.parse(ResourcePolicy));
  await expect(put({ ResourcePolicy: "some policy" })).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
  });
});

test("a replica follows its primary, takes no changes itself, and can become a secret of its own", async () => {
  const cloud = await testCloud();
  const east = cloud.client(SecretsManagerClient);
  const west = cloud.client(SecretsManagerClient, undefined, { region: "us-west-2" });
  const { ARN = "" } = await east.send(new CreateSecretCommand({ Name: "s", SecretString: "one" }));
  const { ReplicationStatus } = await east.send(
    new ReplicateSecretToRegionsCommand({
      SecretId: "s",
      AddReplicaRegions: [{ Region: "us-west-2" }, { Region: "eu-west-1" }],
    }),
  );
  expect(ReplicationStatus).toMatchObject([{ Status: "InSync" }, { Status: "InSync" }]);
  await east.send(new PutSecretValueCommand({ SecretId: "s", SecretString: "two" }));
  const copy = ARN.replace("us-east-1", "us-west-2");
  expect(await west.send(new GetSecretValueCommand({ SecretId: copy }))).toMatchObject({ SecretString: "two" });
  expect(await west.send(new DescribeSecretCommand({ SecretId: copy }))).toMatchObject({ PrimaryRegion: "us-east-1" });
  const put = () => west.send(new PutSecretValueCommand({ SecretId: "s", SecretString: "three" }));
  await expect(put()).rejects.toThrow("Operation not permitted on a replica secret.");
  await west.send(new StopReplicationToReplicaCommand({ SecretId: "s" }));
  await put();
  const left = await east.send(
    new RemoveRegionsFromReplicationCommand({ SecretId: "s", RemoveReplicaRegions: ["eu-west-1"] }),
  );
  expect(left.ReplicationStatus).toEqual([]);
  const ireland = cloud.client(SecretsManagerClient, undefined, { region: "eu-west-1" });
  await expect(ireland.send(new DescribeSecretCommand({ SecretId: "s" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
