import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  GetServiceSettingCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  PutResourcePolicyCommand,
  SSMClient,
  UpdateServiceSettingCommand,
  type PutParameterCommandInput,
} from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { table } from "../../kernel/table.ts";
import { makeUser, policyText } from "../../../test/identities.ts";
import { lastingStore } from "../../../test/lasting-store.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const HOUR_SECONDS = 3600;

async function parameterWorld() {
  const cloud = await testCloud();
  const ssm = cloud.client(SSMClient);
  const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
    ssm.send(new PutParameterCommand({ Name, Value, Type: "String", ...more }));
  const read = async (Name: string, WithDecryption = false) =>
    (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;
  return { cloud, ssm, put, read };
}

test("a parameter of one level is the same with a slash before its name and without", async () => {
  const { put, read, ssm } = await parameterWorld();
  await put("db", "one");
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_ssm/test_ssm.py (verified: test_parameter_lifecycle_with_leading_slash)
  expect(await read("/db")).toMatchObject({
    Name: "/db",
    Value: "one",
    ARN: "arn:aws:ssm:us-east-1:000000000000:parameter/db",
  });
  await ssm.send(new DeleteParameterCommand({ Name: "/db" }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudformation/resources/test_ssm.snapshot.json (no words; the SDK has these instead)
  await expect(read("db")).rejects.toMatchObject({ name: "ParameterNotFound", message: "UnknownError" });
});

test("names are refused in AWS's words", async () => {
  const { put } = await parameterWorld();
  const prefixed = 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).';
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_ssm/test_ssm.py (test_put_parameter_invalid_names)
  await expect(put("AWS_x", "v")).rejects.toThrow(prefixed);
  await expect(put("/aws/x", "v")).rejects.toThrow("No access to reserved parameter name: /aws/x.");
  await expect(put("/ssm/x", "v")).rejects.toThrow('can\'t be prefixed with "ssm" (case-insensitive)');
  await expect(put("a/b", "v")).rejects.toThrow("Parameter name must be a fully qualified name.");
  await expect(put(`/${"a/".repeat(15)}b`, "v")).rejects.toMatchObject({
    name: "HierarchyLevelLimitExceededException",
  });
  await put(`/${"a/".repeat(14)}b`, "v");
});

test("versions are read by number and by label, and the oldest goes unless it is labelled", async () => {
  const { put, read, ssm } = await parameterWorld();
  await put("p", "v1");
  await expect(put("p", "v2")).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
  expect(await put("p", "v2", { Overwrite: true, Type: undefined })).toMatchObject({ Version: 2, Tier: "Standard" });
  const label = (more: object) => ssm.send(new LabelParameterVersionCommand({ Name: "p", Labels: ["prod"], ...more }));
  await label({ ParameterVersion: 1 });
  expect(await read("p:prod")).toMatchObject({ Value: "v1", Version: 1, Selector: ":prod" });
  expect(await read("p:2")).toMatchObject({ Value: "v2" });
  await expect(read("p:3")).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
  expect(await label({ Labels: ["aws-x", "1st", "ok"] })).toMatchObject({ InvalidLabels: ["aws-x", "1st"] });
  for (let version = 3; version <= 100; version++) await put("p", "v", { Overwrite: true });
  // Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
  await expect(put("p", "v101", { Overwrite: true })).rejects.toMatchObject({
    name: "ParameterMaxVersionLimitExceeded",
  });
  await label({ ParameterVersion: 50 });
  await put("p", "v101", { Overwrite: true });
  const page = await ssm.send(new GetParameterHistoryCommand({ Name: "p", MaxResults: 50 }));
  expect(page.Parameters?.[0]?.Version).toBe(2);
  const rest = await ssm.send(new GetParameterHistoryCommand({ Name: "p", NextToken: page.NextToken }));
  expect(rest.Parameters?.at(-1)).toMatchObject({ Version: 101, Value: "v101", Labels: [] });
});

test("a secure string is nobody's who may not use its key, and says nothing while it is not decrypted", async () => {
  const { cloud, put, read } = await parameterWorld();
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId ?? "";
  await put("/s/plain", "one", { Type: "SecureString" });
  await put("/s/own", "two", { Type: "SecureString", KeyId });
  await put("/s/large", "x".repeat(5000), { Type: "SecureString", KeyId, Tier: "Advanced" });
  expect((await read("/s/own"))?.Value).not.toContain("two");
  expect((await read("/s/own", true))?.Value).toBe("two");
  expect((await read("/s/large", true))?.Value).toHaveLength(5000);
  const user = cloud.client(SSMClient, await makeUser(cloud, "reader", { allow: ["ssm:GetParameter"] }));
  const asUser = (Name: string) => user.send(new GetParameterCommand({ Name, WithDecryption: true }));
  // Source: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html (the managed key lets everybody of the account in, by way of Parameter Store)
  expect((await asUser("/s/plain")).Parameter?.Value).toBe("one");
  await expect(asUser("/s/own")).rejects.toMatchObject({ name: "AccessDeniedException" });
  await kms.send(new DisableKeyCommand({ KeyId }));
  await expect(read("/s/large", true)).rejects.toMatchObject({ name: "InvalidKeyId" });
});

test("below a path there is one level, or all of them, page by page", async () => {
  const { put, ssm } = await parameterWorld();
  for (const name of ["/a/1", "/a/2", "/a/b/3", "/a/b/4", "/a/c", "/ab", "top"]) await put(name, name);
  await put("/a/secret", "s", { Type: "SecureString" });
  const names = async (input: object) => {
    const found = await ssm.send(new GetParametersByPathCommand({ Path: "/a", ...input }));
    return { names: found.Parameters?.map(({ Name }) => Name), NextToken: found.NextToken };
  };
  expect((await names({})).names).toEqual(["/a/1", "/a/2", "/a/c", "/a/secret"]);
  const all = ["/a/1", "/a/2", "/a/b/3", "/a/b/4", "/a/c", "/a/secret"];
  expect((await names({ Recursive: true })).names).toEqual(all);
  const first = await names({ Recursive: true, MaxResults: 4 });
  expect((await names({ Recursive: true, MaxResults: 4, NextToken: first.NextToken })).names).toEqual(all.slice(4));
  expect((await names({ Path: "/" })).names).toEqual(["/ab", "top"]);
  const secure = [{ Key: "Type", Values: ["SecureString"] }];
  expect((await names({ ParameterFilters: secure })).names).toEqual(["/a/secret"]);
  await expect(names({ ParameterFilters: [{ Key: "Name", Values: ["x"] }] })).rejects.toThrow(
    "The following filter key is not valid: Name. Valid filter keys include: [Type, KeyId].",
  );
});

test("parameters are described by what filters say", async () => {
  const { put, ssm } = await parameterWorld();
  await put("/foo/one", "1", { Tags: [{ Key: "team", Value: "blue" }] });
  await put("/foo/two/three", "2", { Tier: "Advanced" });
  await put("bar", "3");
  const names = async (filter: { Key: string; Option?: string; Values?: string[] }) => {
    const found = await ssm.send(new DescribeParametersCommand({ ParameterFilters: [filter] }));
    return found.Parameters?.map(({ Name }) => Name);
  };
  expect(await names({ Key: "Name", Values: ["/bar"] })).toEqual(["bar"]);
  expect(await names({ Key: "Name", Option: "Contains", Values: ["two"] })).toEqual(["/foo/two/three"]);
  expect(await names({ Key: "Path", Option: "Recursive", Values: ["/foo"] })).toEqual(["/foo/one", "/foo/two/three"]);
  expect(await names({ Key: "Path", Values: ["/foo"] })).toEqual(["/foo/one"]);
  expect(await names({ Key: "Tier", Values: ["Advanced"] })).toEqual(["/foo/two/three"]);
  expect(await names({ Key: "tag:team", Values: ["blue"] })).toEqual(["/foo/one"]);
  await expect(names({ Key: "Type", Values: ["x"] })).rejects.toMatchObject({ name: "InvalidFilterValue" });
});

test("tiers have their limits, and an advanced parameter stays one", async () => {
  const { put, ssm } = await parameterWorld();
  const large = "x".repeat(4097);
  await expect(put("p", large)).rejects.toThrow("Standard tier parameters support a maximum parameter value of 4096");
  expect(await put("p", large, { Tier: "Intelligent-Tiering" })).toMatchObject({ Tier: "Advanced" });
  await expect(put("p", "small", { Overwrite: true, Tier: "Standard" })).rejects.toThrow("You can't downgrade");
  expect(await put("p", "small", { Overwrite: true })).toMatchObject({ Tier: "Advanced" });
  const SettingId = "/ssm/parameter-store/default-parameter-tier";
  await ssm.send(new UpdateServiceSettingCommand({ SettingId, SettingValue: "Intelligent-Tiering" }));
  expect(await put("q", large)).toMatchObject({ Tier: "Advanced" });
  const { ServiceSetting } = await ssm.send(new GetServiceSettingCommand({ SettingId }));
  expect(ServiceSetting).toMatchObject({ SettingValue: "Intelligent-Tiering", Status: "Customized" });
});

test("values are held to their pattern and their data type", async () => {
  const { put } = await parameterWorld();
  await expect(put("n", "x", { AllowedPattern: "^\\d+$" })).rejects.toMatchObject({
    name: "ParameterPatternMismatchException",
    message: "Parameter value, cannot be validated against allowedPattern: ^\\d+$",
  });
  await expect(put("n", "x", { AllowedPattern: "(" })).rejects.toMatchObject({
    name: "InvalidAllowedPatternException",
  });
  await put("image", "ami-0123456789abcdef0", { DataType: "aws:ec2:image" });
  await expect(put("y", "x", { DataType: "Text" })).rejects.toThrow("The following data type is not supported: Text");
});

// Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#systemsmanager-PutParameter-request-DataType
// Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (Value)
test("no value names another parameter", async () => {
  const { put, read } = await parameterWorld();
  for (const value of ["{{ssm:other}}", "a {{}} b"]) {
    await expect(put("p", value)).rejects.toMatchObject({ name: "ValidationException" });
  }
  await put("p", '}}{"a":{"b":{}}}');
  expect(await read("p")).toMatchObject({ Value: '}}{"a":{"b":{}}}' });
});

// Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
test("many parameters come in alphabetical order, however they were asked for", async () => {
  const { put, ssm } = await parameterWorld();
  for (const name of ["/p/c", "/p/a", "/p/b"]) await put(name, "1");
  const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: ["/p/c", "/p/a", "/p/b"] }));
  expect(Parameters.map(({ Name }) => Name)).toEqual(["/p/a", "/p/b", "/p/c"]);
});

test("a value that is no image's is taken, and makes and changes no parameter", async () => {
  const { put, read } = await parameterWorld();
  const DataType = "aws:ec2:image";
  expect(await put("image", "x", { DataType })).toMatchObject({ Version: 1, Tier: "Standard" });
  await expect(read("image")).rejects.toMatchObject({ name: "ParameterNotFound" });
  await put("image", "ami-0123456789abcdef0", { DataType });
  expect(await put("image", "x", { Overwrite: true })).toMatchObject({ Version: 2 });
  expect(await read("image")).toMatchObject({ Value: "ami-0123456789abcdef0", Version: 1, DataType });
});

test("a parameter is gone when its policy says so", async () => {
  const { cloud, put, read } = await parameterWorld();
  const Timestamp = new Date(cloud.clock.now().getTime() + 2 * HOUR_SECONDS * 1000).toISOString();
  const Policies = JSON.stringify([{ Type: "Expiration", Version: "1.0", Attributes: { Timestamp } }]);
  await expect(put("p", "v", { Policies })).rejects.toMatchObject({ name: "ValidationException" });
  await put("p", "v", { Policies, Tier: "Advanced" });
  await cloud.clock.advance(HOUR_SECONDS);
  expect(await read("p")).toMatchObject({ Value: "v" });
  await cloud.clock.advance(HOUR_SECONDS);
  await expect(read("p")).rejects.toMatchObject({ name: "ParameterNotFound" });
});

test("AWS's own parameters are everybody's, and images differ between regions", async () => {
  const { cloud, read, ssm } = await parameterWorld();
  // Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html
  const longName = await read("/aws/service/global-infrastructure/regions/us-west-1/longName");
  expect(longName).toMatchObject({ Value: "US West (N. California)", Version: 1 });
  const image = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
  const here = await read(image);
  expect(here?.Value).toMatch(/^ami-[\da-f]{17}$/);
  // Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-finding-public-parameters.html
  const ARN = `arn:aws:ssm:us-east-1::parameter${image}`;
  expect(here?.ARN).toBe(ARN);
  expect((await read(ARN))?.Value).toBe(here?.Value);
  const west = cloud.client(SSMClient, undefined, { region: "us-west-2" });
  const { Parameter: there } = await west.send(new GetParameterCommand({ Name: image }));
  expect(there?.Value).not.toBe(here?.Value);
  // Source: https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/, https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html
  const ubuntu = await read("/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id");
  expect(ubuntu).toMatchObject({ Value: expect.stringMatching(/^ami-[\da-f]{17}$/), DataType: "aws:ec2:image" });
  const node = await read("/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id");
  expect(node).toMatchObject({ Value: expect.stringMatching(/^ami-/), DataType: "text" });
  const families = await ssm.send(new GetParametersByPathCommand({ Path: "/aws/service/list" }));
  expect(families.Parameters?.map(({ Value }) => Value)).toContain("/aws/service/canonical/");
  const Path = "/aws/service/ami-amazon-linux-latest";
  const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path }));
  expect(Parameters).toHaveLength(10);
});

test("a secret of Secrets Manager is read as a parameter", async () => {
  const { cloud, ssm } = await parameterWorld();
  const manager = cloud.client(SecretsManagerClient);
  const { ARN } = await manager.send(new CreateSecretCommand({ Name: "db", SecretString: "hush" }));
  const Name = "/aws/reference/secretsmanager/db";
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  // Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/ssm/test_ssm.py (validated: test_get_secret_parameter)
  expect(Parameter).toMatchObject({ Name, ARN, Type: "SecureString", Value: "hush", Version: 0 });
  expect(JSON.parse(Parameter?.SourceResult ?? "")).toMatchObject({ ARN, name: "db", secretString: "hush" });
  await expect(ssm.send(new GetParameterCommand({ Name }))).rejects.toThrow("WithDecryption flag must be True");
});

test("another account reads an advanced parameter that is shared with it, by its ARN", async () => {
  const { cloud, put, read, ssm } = await parameterWorld();
  await put("/shared/p", "v", { Tier: "Advanced" });
  const ResourceArn = (await read("/shared/p"))?.ARN ?? "";
  const other = cloud.client(SSMClient, cloud.rootOf("111111111111"));
  const readThere = () => other.send(new GetParameterCommand({ Name: ResourceArn }));
  await expect(readThere()).rejects.toMatchObject({ name: "AccessDeniedException" });
  const Statement = [
    { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "ssm:GetParameter", Resource: ResourceArn },
  ];
  await ssm.send(new PutResourcePolicyCommand({ ResourceArn, Policy: policyText({ Statement }) }));
  expect((await readThere()).Parameter).toMatchObject({ Value: "v" });
});

test("a parameter of one level changes its type with a new version, one in a hierarchy does not", async () => {
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ssm/parameter_test.go (TestAccSSMParameter_updateType)
  const { put, read, ssm } = await parameterWorld();
  await put("p", "hush", { Type: "SecureString" });
  await put("p", "loud", { Type: "String", Overwrite: true });
  expect(await read("p")).toMatchObject({ Type: "String", Value: "loud", Version: 2 });
  expect(await read("p:1")).toMatchObject({ Type: "SecureString" });
  const { Parameters } = await ssm.send(new DescribeParametersCommand({}));
  expect(Parameters?.[0]).not.toHaveProperty("KeyId");
  await put("/a/b", "hush", { Type: "SecureString" });
  // Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (Errors)
  await expect(put("/a/b", "loud", { Type: "String", Overwrite: true })).rejects.toMatchObject({
    name: "HierarchyTypeMismatchException",
  });
});

test("a name reads back as it was asked for, and one that no parameter could have is refused", async () => {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/ssm/test_ssm.py (validated: test_put_parameters, test_hierarchical_parameter)
  const { put, read, ssm } = await parameterWorld();
  await put("p", "1");
  await put("/a/b/c", "2");
  expect((await read("p"))?.Name).toBe("p");
  expect((await read("/p"))?.Name).toBe("/p");
  const { Parameters } = await ssm.send(new GetParametersCommand({ Names: ["/p"] }));
  expect(Parameters).toMatchObject([{ Name: "/p" }]);
  for (const name of ["/a//b//c", "a/b/c"]) {
    await expect(read(name)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("sub-paths divided by slash symbol"),
    });
  }
});

test("of many names those that are not there are told apart", async () => {
  const { put, ssm } = await parameterWorld();
  await put("a", "1");
  const found = await ssm.send(new GetParametersCommand({ Names: ["a", "a:7", "b"] }));
  expect(found.Parameters).toMatchObject([{ Name: "a" }]);
  expect(found.InvalidParameters).toEqual(["a:7", "b"]);
});

test("a value that is no image's counts for no parameter", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const ssm = cloud.client(SSMClient);
  for (const Name of ["one", "two"]) {
    await ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "String", DataType: "aws:ec2:image" }));
  }
  await ssm.send(new PutParameterCommand({ Name: "three", Value: "x", Type: "String" }));
  await cloud.close();
  const counts = table<object>("ssm.parameter-count", "region", () => []);
  await rewrite(async (tx) => expect(await tx.get(counts)).toEqual({ Standard: 1, Advanced: 0 }));
});
