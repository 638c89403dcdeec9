import {
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeleteUserCommand,
  GetAccountSummaryCommand,
  IAMClient,
  SetSecurityTokenServicePreferencesCommand,
  SummaryKeyType,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

test("the summary counts what is there and tells every quota", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const summary = async () => (await iam.send(new GetAccountSummaryCommand({}))).SummaryMap;
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html (all keys), and
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (all quotas)
  expect(Object.keys((await summary()) ?? {}).toSorted()).toEqual(Object.values(SummaryKeyType).toSorted());
  expect(await summary()).toMatchObject({ Users: 0, UsersQuota: 5000, GroupsQuota: 300, AccessKeysPerUserQuota: 2 });
  for (const UserName of ["a", "b"]) await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new DeleteUserCommand({ UserName: "b" }));
  await iam.send(new CreateGroupCommand({ GroupName: "g" }));
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
  });
  await iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument }));
  await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "phone" }));
  await iam.send(new CreateAccessKeyCommand({}));
  await iam.send(new SetSecurityTokenServicePreferencesCommand({ GlobalEndpointTokenVersion: "v2Token" }));
  expect(await summary()).toMatchObject({
    Users: 1,
    Groups: 1,
    Policies: 1,
    PolicyVersionsInUse: 1,
    MFADevices: 1,
    MFADevicesInUse: 0,
    AccountAccessKeysPresent: 1,
    GlobalEndpointTokenVersion: 2,
  });
});
