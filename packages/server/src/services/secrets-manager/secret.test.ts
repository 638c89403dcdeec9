import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

const DAY_SECONDS = 86_400;

async function secretWorld() {
  const cloud = await testCloud();
  const manager = cloud.client(SecretsManagerClient);
  const read = async (SecretId: string, more: object = {}) =>
    (await manager.send(new GetSecretValueCommand({ SecretId, ...more }))).SecretString;
  return { cloud, manager, read };
}

test("a secret is found by its name, its ARN, and its ARN without the six characters", async () => {
  const { manager, read } = await secretWorld();
  const { ARN = "" } = await manager.send(new CreateSecretCommand({ Name: "prod/db", SecretString: "one" }));
  // Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html (ARN)
  expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:prod\/db-[\dA-Za-z]{6}$/);
  expect(await read("prod/db")).toBe("one");
  expect(await read(ARN)).toBe("one");
  expect(await read(ARN.slice(0, -7))).toBe("one");
  await expect(read(`${ARN.slice(0, -6)}aaaaaa`)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Secrets Manager can't find the specified secret.",
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/secretsmanager/test_secretsmanager.snapshot.json (test_invalid_secret_name)
test("a name that no secret can have is refused by each operation, also by one that ends what is not there", async () => {
  const { manager, read } = await secretWorld();
  const refusal = {
    name: "ValidationException",
    message: "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
  };
  const name = "Inv Name";
  const created = manager.send(new CreateSecretCommand({ Name: name, SecretString: "x" }));
  await expect(created).rejects.toMatchObject(refusal);
  const ended = manager.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
  await expect(ended).rejects.toMatchObject(refusal);
  await expect(read(name)).rejects.toMatchObject(refusal);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/secretsmanager/test_secretsmanager.snapshot.json (test_no_client_request_token)
test("without a token no value is taken, be the secret there or not", async () => {
  const { manager } = await secretWorld();
  manager.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (HttpRequest.isInstance(request)) request.body = JSON.stringify({ SecretId: "s", SecretString: "x" });
      return next(args);
    },
    { step: "build", priority: "high" },
  );
  const message = "You must provide a ClientRequestToken value. We recommend a UUID-type value.";
  const asked = { SecretId: "s", SecretString: "x" };
  const missing = { name: "InvalidRequestException", message };
  await expect(manager.send(new PutSecretValueCommand(asked))).rejects.toMatchObject(missing);
  await expect(manager.send(new UpdateSecretCommand(asked))).rejects.toMatchObject(missing);
  await expect(manager.send(new RotateSecretCommand(asked))).rejects.toMatchObject({
    name: "InvalidParameterException",
    message,
  });
});

test("an empty description is none", async () => {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/secretsmanager/test_secretsmanager.snapshot.json (test_create_secret_version_from_empty_secret)
  const { manager } = await secretWorld();
  await manager.send(new CreateSecretCommand({ Name: "s", Description: "" }));
  expect(await manager.send(new DescribeSecretCommand({ SecretId: "s" }))).not.toHaveProperty("Description");
});

test("a new value is current, the one before it previous, and an older one has no label any more", async () => {
  const { manager, read } = await secretWorld();
  const { VersionId: first } = await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "one" }));
  await manager.send(new PutSecretValueCommand({ SecretId: "s", SecretString: "two" }));
  await manager.send(new UpdateSecretCommand({ SecretId: "s", SecretString: "three" }));
  expect(await read("s")).toBe("three");
  expect(await read("s", { VersionStage: "AWSPREVIOUS" })).toBe("two");
  expect(await read("s", { VersionId: first })).toBe("one");
  const { Versions } = await manager.send(new ListSecretVersionIdsCommand({ SecretId: "s" }));
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/secretsmanager (recorded: test_deprecated_secret_version_stage)
  expect(Versions).toMatchObject([
    { VersionStages: ["AWSPREVIOUS"], KmsKeyIds: ["DefaultEncryptionKey"] },
    { VersionStages: ["AWSCURRENT"] },
  ]);
  const all = await manager.send(new ListSecretVersionIdsCommand({ SecretId: "s", IncludeDeprecated: true }));
  expect(all.Versions).toHaveLength(3);
});

test("a token stands for one value: again it changes nothing, with another it is refused", async () => {
  const { manager } = await secretWorld();
  const token = "11111111-2222-3333-4444-555555555555";
  const create = (SecretString: string) =>
    manager.send(new CreateSecretCommand({ Name: "s", SecretString, ClientRequestToken: token }));
  const { ARN, VersionId } = await create("Hello");
  expect(await create("Hello")).toMatchObject({ ARN, VersionId: token });
  expect(VersionId).toBe(token);
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_secretsmanager/test_secretsmanager.py (verified: test_create_different_secret_with_same_token)
  await expect(create("Hi")).rejects.toMatchObject({
    name: "ResourceExistsException",
    message: `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${ARN}.`,
  });
  const put = manager.send(
    new PutSecretValueCommand({ SecretId: "s", SecretString: "Hello", ClientRequestToken: token }),
  );
  expect(await put).toMatchObject({ VersionId: token, VersionStages: ["AWSCURRENT"] });
});

test("labels move as they were recorded of AWS", async () => {
  const { manager } = await secretWorld();
  const { VersionId: one } = await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "S1" }));
  const put = (SecretString: string, VersionStages: string[]) =>
    manager.send(new PutSecretValueCommand({ SecretId: "s", SecretString, VersionStages }));
  const { VersionId: two = "" } = await put("S2", ["AWSPENDING", "PUT1"]);
  const move = (more: object) =>
    manager.send(new UpdateSecretVersionStageCommand({ SecretId: "s", VersionStage: "AWSCURRENT", ...more }));
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_secretsmanager/test_secretsmanager.py (verified: test_update_secret_version_stage_dont_specify_current_stage)
  await expect(move({ MoveToVersionId: two })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${one}, so you must explicitly reference that version in RemoveFromVersionId.`,
  });
  await expect(move({ RemoveFromVersionId: one })).rejects.toMatchObject({ name: "InvalidParameterException" });
  await move({ RemoveFromVersionId: one, MoveToVersionId: two });
  const stages = async () => (await manager.send(new DescribeSecretCommand({ SecretId: "s" }))).VersionIdsToStages;
  expect(await stages()).toEqual({
    [String(one)]: ["AWSPREVIOUS"],
    [two]: ["AWSCURRENT", "AWSPENDING", "PUT1"],
  });
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/secretsmanager (recorded: test_update_secret_version_stages_current_pending)
  const { VersionId: three = "" } = await put("S3", ["AWSCURRENT"]);
  expect(await stages()).toEqual({ [two]: ["AWSPREVIOUS", "PUT1"], [three]: ["AWSCURRENT"] });
});

test("a deleted secret can be restored until its window closes, and its name is taken for as long", async () => {
  const { cloud, manager, read } = await secretWorld();
  const create = () => manager.send(new CreateSecretCommand({ Name: "s", SecretString: "one" }));
  await create();
  const drop = (more: object = {}) => manager.send(new DeleteSecretCommand({ SecretId: "s", ...more }));
  await expect(drop({ RecoveryWindowInDays: 6 })).rejects.toMatchObject({ name: "InvalidParameterException" });
  await drop({ RecoveryWindowInDays: 7 });
  await expect(read("s")).rejects.toMatchObject({ name: "InvalidRequestException" });
  await expect(create()).rejects.toThrow("a secret with this name is already scheduled for deletion");
  await cloud.clock.advance(6 * DAY_SECONDS);
  await manager.send(new RestoreSecretCommand({ SecretId: "s" }));
  await cloud.clock.advance(2 * DAY_SECONDS);
  expect(await read("s")).toBe("one");
  await drop({ RecoveryWindowInDays: 7 });
  expect(await manager.send(new ListSecretsCommand({}))).toMatchObject({ SecretList: [] });
  await cloud.clock.advance(7 * DAY_SECONDS);
  await expect(read("s")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await create();
  await drop({ ForceDeleteWithoutRecovery: true });
  await create();
});

test("secrets are listed page by page, in any order, and by what filters say", async () => {
  const { manager } = await secretWorld();
  const make = (Name: string, more: object = {}) =>
    manager.send(new CreateSecretCommand({ Name, SecretString: "s", ...more }));
  await make("prod/AppBeta", { Description: "the one for tests" });
  await make("dev/alpha", { Tags: [{ Key: "team", Value: "blue" }] });
  await make("uat/COMPANYthings");
  const names = async (input: object) => {
    const { SecretList = [], NextToken } = await manager.send(new ListSecretsCommand(input));
    return { names: SecretList.map(({ Name }) => Name), NextToken };
  };
  const first = await names({ MaxResults: 2 });
  expect(first.names).toEqual(["prod/AppBeta", "dev/alpha"]);
  expect(await names({ MaxResults: 2, NextToken: first.NextToken })).toEqual({ names: ["uat/COMPANYthings"] });
  expect((await names({ SortBy: "name" })).names).toEqual(["dev/alpha", "prod/AppBeta", "uat/COMPANYthings"]);
  expect((await names({ SortOrder: "desc" })).names).toEqual(["uat/COMPANYthings", "dev/alpha", "prod/AppBeta"]);
  const filtered = async (Key: string, ...Values: string[]) => (await names({ Filters: [{ Key, Values }] })).names;
  // Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html
  expect(await filtered("name", "prod")).toEqual(["prod/AppBeta"]);
  expect(await filtered("name", "!prod")).toEqual(["dev/alpha", "uat/COMPANYthings"]);
  expect(await filtered("description", "TEST")).toEqual(["prod/AppBeta"]);
  expect(await filtered("tag-value", "bl")).toEqual(["dev/alpha"]);
  expect(await filtered("all", "beta")).toEqual(["prod/AppBeta"]);
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_secretsmanager/test_list_secrets.py (verified)
  expect(await filtered("all", "Ythings")).toEqual(["uat/COMPANYthings"]);
  expect(await filtered("all", "things")).toEqual([]);
});

test("many secrets are read at once, and each that cannot be is told by itself", async () => {
  const { manager } = await secretWorld();
  await manager.send(new CreateSecretCommand({ Name: "a", SecretString: "one" }));
  const batch = await manager.send(new BatchGetSecretValueCommand({ SecretIdList: ["a", "b"] }));
  expect(batch.SecretValues).toMatchObject([{ Name: "a", SecretString: "one" }]);
  expect(batch.Errors).toEqual([
    {
      SecretId: "b",
      ErrorCode: "ResourceNotFoundException",
      Message: "Secrets Manager can't find the specified secret.",
    },
  ]);
});

test("a random password has as many characters as asked for, one of each kind", async () => {
  const { manager } = await secretWorld();
  const { RandomPassword: usual = "" } = await manager.send(new GetRandomPasswordCommand({}));
  // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
  expect(usual).toHaveLength(32);
  for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^\da-z]/i]) expect(usual).toMatch(kind);
  const { RandomPassword: digits } = await manager.send(
    new GetRandomPasswordCommand({
      PasswordLength: 12,
      ExcludeLowercase: true,
      ExcludeUppercase: true,
      ExcludePunctuation: true,
      ExcludeCharacters: "01",
    }),
  );
  expect(digits).toMatch(/^[2-9]{12}$/);
  const short = manager.send(new GetRandomPasswordCommand({ PasswordLength: 3 }));
  await expect(short).rejects.toMatchObject({ name: "InvalidParameterException" });
});
