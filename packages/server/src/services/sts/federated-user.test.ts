import { GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
  type GetFederationTokenCommandInput,
} from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeRole, makeUser, policyText } from "../../../test/identities.ts";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "../../../test/test-cloud.ts";

type Caller = TestCredentials | IssuedCredentials | undefined;

const federate = (cloud: TestCloud, caller: Caller, more: Partial<GetFederationTokenCommandInput> = {}) =>
  cloud.client(STSClient, caller).send(new GetFederationTokenCommand({ Name: "alice", ...more }));

const listBuckets = (cloud: TestCloud, caller: Caller) => cloud.client(S3Client, caller).send(new ListBucketsCommand());

async function withBroker() {
  const cloud = await testCloud();
  const broker = await makeUser(cloud, "broker", { allow: ["sts:*", "s3:ListAllMyBuckets"] });
  return { cloud, broker };
}

test("a federated user has its own name, and the rights that its policies share with the caller's", async () => {
  const { cloud, broker } = await withBroker();
  const { Credentials, FederatedUser, PackedPolicySize } = await federate(cloud, broker, {
    Policy: policyText(["s3:*"]),
  });
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
  expect(FederatedUser).toEqual({
    FederatedUserId: "000000000000:alice",
    Arn: "arn:aws:sts::000000000000:federated-user/alice",
  });
  expect(PackedPolicySize).toBeGreaterThan(0);
  expect(await cloud.client(STSClient, Credentials).send(new GetCallerIdentityCommand())).toMatchObject({
    UserId: "000000000000:alice",
    Arn: "arn:aws:sts::000000000000:federated-user/alice",
  });
  await listBuckets(cloud, Credentials);
  const create = cloud.client(S3Client, Credentials).send(new CreateBucketCommand({ Bucket: "photos" }));
  await expect(create).rejects.toMatchObject({ name: "AccessDenied" });
});

test("without a policy a federated user may do nothing", async () => {
  const { cloud, broker } = await withBroker();
  const { Credentials, PackedPolicySize } = await federate(cloud, broker);
  expect(PackedPolicySize).toBe(0);
  await expect(listBuckets(cloud, Credentials)).rejects.toMatchObject({ name: "AccessDenied" });
});

test("a federated user is nobody to IAM, and may not go on to other credentials", async () => {
  const { cloud, broker } = await withBroker();
  const role = await makeRole(cloud, "support", {});
  const { Credentials } = await federate(cloud, broker, { Policy: policyText(["*"]) });
  await expect(cloud.client(IAMClient, Credentials).send(new GetUserCommand())).rejects.toMatchObject({
    name: "InvalidClientTokenId",
  });
  const sts = cloud.client(STSClient, Credentials);
  const denied = { name: "AccessDenied" };
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html (only GetCallerIdentity)
  await expect(sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "s1" }))).rejects.toMatchObject(denied);
  await expect(sts.send(new GetSessionTokenCommand())).rejects.toMatchObject(denied);
  await expect(federate(cloud, Credentials)).rejects.toMatchObject(denied);
});

test("the call needs a permission and a long-term key", async () => {
  const { cloud, broker } = await withBroker();
  const ann = await makeUser(cloud, "ann");
  await expect(federate(cloud, ann)).rejects.toMatchObject({
    name: "AccessDenied",
    message: `User: ${ann.arn} is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::000000000000:federated-user/alice because no identity-based policy allows the sts:GetFederationToken action`,
  });
  const { Credentials } = await cloud.client(STSClient, broker).send(new GetSessionTokenCommand());
  // Source: https://github.com/hashicorp/vault/pull/4108
  await expect(federate(cloud, Credentials)).rejects.toMatchObject({
    name: "AccessDenied",
    message: "Cannot call GetFederationToken with session credentials",
  });
});

test.each([
  [{ Name: "a" }, "ValidationError"],
  [{ Name: "a".repeat(33) }, "ValidationError"],
  [{ DurationSeconds: 899 }, "ValidationError"],
  [{ DurationSeconds: 129_601 }, "ValidationError"],
  [{ Policy: "nonsense" }, "MalformedPolicyDocumentException"],
  [{ Policy: policyText(["s3:*"]).padEnd(2049) }, "ValidationError"],
])("a call with %j is refused", async (more, name) => {
  const { cloud, broker } = await withBroker();
  await expect(federate(cloud, broker, more)).rejects.toMatchObject({ name });
});

test("the root user's federated users last an hour and have what their policies say", async () => {
  const cloud = await testCloud();
  const { Credentials } = await federate(cloud, undefined, { Policy: policyText(["s3:*"]) });
  const left = ((Credentials?.Expiration?.getTime() ?? 0) - cloud.clock.now().getTime()) / 1000;
  expect(left).toBeLessThanOrEqual(3600);
  await listBuckets(cloud, Credentials);
});

test("a federated user's tags are the principal's", async () => {
  const { cloud, broker } = await withBroker();
  const statement = { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" };
  const Condition = { StringEquals: { "aws:PrincipalTag/team": "blue" } };
  const Policy = policyText({ Statement: [{ ...statement, Condition }] });
  const blue = await federate(cloud, broker, { Policy, Tags: [{ Key: "team", Value: "blue" }] });
  await listBuckets(cloud, blue.Credentials);
  const red = await federate(cloud, broker, { Policy, Tags: [{ Key: "team", Value: "red" }] });
  await expect(listBuckets(cloud, red.Credentials)).rejects.toMatchObject({ name: "AccessDenied" });
});
