import {
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  DeleteServiceSpecificCredentialCommand,
  IAMClient,
  ListServiceSpecificCredentialsCommand,
  ResetServiceSpecificCredentialCommand,
  UpdateServiceSpecificCredentialCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const UserName = "jane";
const CODECOMMIT = "codecommit.amazonaws.com";
const BEDROCK = "bedrock.amazonaws.com";

async function withUser() {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName }));
  const create = async (ServiceName: string, CredentialAgeDays?: number, owner = UserName) => {
    const input = { UserName: owner, ServiceName, CredentialAgeDays };
    return (await iam.send(new CreateServiceSpecificCredentialCommand(input))).ServiceSpecificCredential;
  };
  const list = async (input: object) =>
    (await iam.send(new ListServiceSpecificCredentialsCommand(input))).ServiceSpecificCredentials ?? [];
  return { cloud, iam, create, list };
}

test("a password for one service is shown once, and again when it is reset", async () => {
  const { iam, create, list } = await withUser();
  const made = await create(CODECOMMIT);
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServiceSpecificCredential.html (ServiceUserName)
  expect(made).toMatchObject({
    UserName,
    Status: "Active",
    ServiceName: CODECOMMIT,
    ServiceUserName: "jane-at-000000000000",
  });
  expect(made?.ServiceSpecificCredentialId).toMatch(/^ACCA[A-Z2-7]{17}$/);
  const [listed] = await list({ UserName });
  expect(listed).not.toHaveProperty("ServicePassword");
  const ServiceSpecificCredentialId = made?.ServiceSpecificCredentialId;
  const reset = await iam.send(new ResetServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId }));
  expect(reset.ServiceSpecificCredential).toMatchObject({ ...listed });
  expect(reset.ServiceSpecificCredential?.ServicePassword).not.toBe(made?.ServicePassword);
  await iam.send(
    new UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId, Status: "Inactive" }),
  );
  expect(await list({ UserName })).toMatchObject([{ Status: "Inactive" }]);
  await iam.send(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId }));
  await expect(
    iam.send(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId })),
  ).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `No such credential ${ServiceSpecificCredentialId} exists`,
  });
});

test("an API key has an alias, a secret and an end", async () => {
  const { cloud, create } = await withUser();
  const made = await create(BEDROCK, 30);
  expect(made?.ServiceCredentialSecret).toMatch(/^ABSK/);
  expect(made).toMatchObject({ ServiceCredentialAlias: "jane-at-000000000000" });
  expect(made).not.toHaveProperty("ServicePassword");
  const daysLeft = ((made?.ExpirationDate?.getTime() ?? 0) - cloud.clock.now().getTime()) / 86_400_000;
  expect(daysLeft).toBeCloseTo(30, 2);
  await expect(create(CODECOMMIT, 30)).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("a user has two for each service", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceSpecificCredential.html
  const { create, list } = await withUser();
  await create(CODECOMMIT);
  const second = await create(CODECOMMIT);
  expect(second?.ServiceUserName).toBe("jane+1-at-000000000000");
  await expect(create(CODECOMMIT)).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2",
  });
  await create("cassandra.amazonaws.com");
  expect(await list({ UserName, ServiceName: CODECOMMIT })).toHaveLength(2);
});

test("the credentials of all users are listed where that is asked", async () => {
  const { iam, create, list } = await withUser();
  await iam.send(new CreateUserCommand({ UserName: "bob" }));
  await create(CODECOMMIT);
  await create(BEDROCK, undefined, "bob");
  const all = await list({ AllUsers: true });
  expect(new Set(all.map((each) => each.UserName))).toEqual(new Set(["bob", UserName]));
  expect(await list({ AllUsers: true, ServiceName: BEDROCK })).toMatchObject([{ UserName: "bob" }]);
});

test("other services have none", async () => {
  const { create } = await withUser();
  await expect(create("s3.amazonaws.com")).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "No such service s3.amazonaws.com is supported for Service Specific Credentials",
  });
});
