import {
  CreatePlatformApplicationCommand,
  CreateSMSSandboxPhoneNumberCommand,
  DeletePlatformApplicationCommand,
  DeleteSMSSandboxPhoneNumberCommand,
  GetPlatformApplicationAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  ListOriginationNumbersCommand,
  ListPlatformApplicationsCommand,
  ListSMSSandboxPhoneNumbersCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const Attributes = { PlatformCredential: "secret", PlatformPrincipal: "certificate" };
const arnOf = (name: string): string => `arn:aws:sns:us-east-1:000000000000:app/APNS/${name}`;

// Source: https://docs.aws.amazon.com/sns/latest/api/API_ListPlatformApplications.html
test("applications are listed a hundred at a time, without what is secret of them", async () => {
  const sns = (await testCloud()).client(SNSClient);
  const names = Array.from({ length: 101 }, (_, at) => `app-${String(at).padStart(3, "0")}`);
  for (const Name of names) {
    await sns.send(new CreatePlatformApplicationCommand({ Name, Platform: "APNS", Attributes }));
  }
  const first = await sns.send(new ListPlatformApplicationsCommand({}));
  expect(first.PlatformApplications).toHaveLength(100);
  const rest = await sns.send(new ListPlatformApplicationsCommand({ NextToken: first.NextToken }));
  expect(rest.NextToken).toBeUndefined();
  const listed = [...(first.PlatformApplications ?? []), ...(rest.PlatformApplications ?? [])];
  expect(listed.map(({ PlatformApplicationArn }) => PlatformApplicationArn)).toEqual(names.map(arnOf));
  expect(listed[0]?.Attributes).toMatchObject({ Enabled: "true" });
  expect(JSON.stringify(listed)).not.toContain("secret");
});

// Source: https://docs.aws.amazon.com/sns/latest/api/API_DeletePlatformApplication.html
test("an application is deleted, and may be deleted twice", async () => {
  const sns = (await testCloud()).client(SNSClient);
  const { PlatformApplicationArn } = await sns.send(
    new CreatePlatformApplicationCommand({ Name: "shop", Platform: "APNS", Attributes }),
  );
  for (let times = 0; times < 2; times += 1) {
    await sns.send(new DeletePlatformApplicationCommand({ PlatformApplicationArn }));
  }
  await expect(sns.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn }))).rejects.toMatchObject(
    { name: "NotFoundException" },
  );
  expect((await sns.send(new ListPlatformApplicationsCommand({}))).PlatformApplications).toEqual([]);
});

// Source: https://docs.aws.amazon.com/sns/latest/api/API_DeleteSMSSandboxPhoneNumber.html
test("a number of the sandbox is taken out of it, and one that is not there is not found", async () => {
  const sns = (await testCloud()).client(SNSClient);
  const PhoneNumber = "+12065550100";
  await sns.send(new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber }));
  await sns.send(new DeleteSMSSandboxPhoneNumberCommand({ PhoneNumber }));
  expect((await sns.send(new ListSMSSandboxPhoneNumbersCommand({}))).PhoneNumbers).toEqual([]);
  await expect(sns.send(new DeleteSMSSandboxPhoneNumberCommand({ PhoneNumber }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

/** As the README says it differs. */
test("an account is out of the sandbox, and has bought no numbers to send from", async () => {
  const sns = (await testCloud()).client(SNSClient);
  expect(await sns.send(new GetSMSSandboxAccountStatusCommand({}))).toMatchObject({ IsInSandbox: false });
  expect((await sns.send(new ListOriginationNumbersCommand({}))).PhoneNumbers).toEqual([]);
});
