import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  GetUserCommand,
  IAMClient,
  UpdateAccessKeyCommand,
  UpdateAccountPasswordPolicyCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

/** Recorded: the first line of AWS's reports. */
const HEADER =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

async function rowsOf(iam: IAMClient): Promise<Record<string, string>[]> {
  const { Content, ReportFormat } = await iam.send(new GetCredentialReportCommand({}));
  expect(ReportFormat).toBe("text/csv");
  const [header, ...lines] = Buffer.from(Content ?? [])
    .toString("utf8")
    .split("\n");
  expect(header).toBe(HEADER);
  const columns = HEADER.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, index) => [columns[index] ?? "", value])));
}

test("the report tells of every user and of root", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new UpdateAccountPasswordPolicyCommand({ MaxPasswordAge: 90 }));
  await iam.send(new CreateUserCommand({ UserName: "ann", Path: "/dev/" }));
  await iam.send(new CreateUserCommand({ UserName: "bob" }));
  await iam.send(new CreateLoginProfileCommand({ UserName: "ann", Password: "Secret-pass1" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  await cloud
    .client(IAMClient, AccessKey)
    .send(new GetUserCommand({ UserName: "ann" }))
    .catch(() => undefined);
  await cloud.cloud.journal.flush();
  await iam.send(
    new UpdateAccessKeyCommand({ UserName: "ann", AccessKeyId: AccessKey?.AccessKeyId, Status: "Inactive" }),
  );
  await iam.send(new GenerateCredentialReportCommand({}));
  const [root, ann, bob] = await rowsOf(iam);
  expect(root).toMatchObject({ user: "<root_account>", arn: "arn:aws:iam::000000000000:root", mfa_active: "false" });
  expect(ann).toMatchObject({
    user: "ann",
    arn: "arn:aws:iam::000000000000:user/dev/ann",
    password_enabled: "true",
    password_last_used: "no_information",
    access_key_1_active: "false",
    access_key_1_last_used_service: "iam",
    access_key_1_last_used_region: "us-east-1",
    access_key_2_last_rotated: "N/A",
  });
  // Source: https://github.com/localstack/localstack/blob/b04c14cef/tests/aws/services/iam/test_iam_credential_report.snapshot.json
  expect(ann?.["user_creation_time"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const days =
    (Date.parse(ann?.["password_next_rotation"] ?? "") - Date.parse(ann?.["password_last_changed"] ?? "")) / 86_400_000;
  expect(days).toBe(90);
  expect(bob).toMatchObject({ password_enabled: "false", password_last_used: "N/A", access_key_1_active: "false" });
});

test("a report is good for four hours of virtual time", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  const generate = async () => (await iam.send(new GenerateCredentialReportCommand({}))).State;
  await expect(iam.send(new GetCredentialReportCommand({}))).rejects.toMatchObject({
    name: "CredentialReportNotPresentException",
  });
  expect(await generate()).toBe("STARTED");
  expect(await generate()).toBe("COMPLETE");
  await iam.send(new CreateUserCommand({ UserName: "late" }));
  expect(await rowsOf(iam)).toHaveLength(1);
  await cloud.clock.advance(4 * 3600);
  await expect(iam.send(new GetCredentialReportCommand({}))).rejects.toMatchObject({
    name: "CredentialReportExpiredException",
  });
  expect(await generate()).toBe("STARTED");
  expect(await rowsOf(iam)).toHaveLength(2);
});

test("a user whose name has a comma is in one column", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann,jr" }));
  await iam.send(new GenerateCredentialReportCommand({}));
  const { Content } = await iam.send(new GetCredentialReportCommand({}));
  // Source: https://www.rfc-editor.org/rfc/rfc4180#section-2 (rule 6)
  const line = /^"ann,jr","arn:aws:iam::000000000000:user\/ann,jr",/m;
  expect(Buffer.from(Content ?? []).toString("utf8")).toMatch(line);
});
