import {
  AcceptDelegationRequestCommand,
  AssociateDelegationRequestCommand,
  CreateDelegationRequestCommand,
  GetDelegationRequestCommand,
  GetHumanReadableSummaryCommand,
  IAMClient,
  ListDelegationRequestsCommand,
  RejectDelegationRequestCommand,
  SendDelegationTokenCommand,
  UpdateDelegationRequestCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const DelegationRequestId = "0123456789abcdef";

test("only partners may ask for access", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateDelegationRequest.html; the words are assumed
  const iam = (await testCloud()).client(IAMClient);
  const create = new CreateDelegationRequestCommand({
    Description: "d",
    Permissions: { PolicyTemplateArn: "arn:aws:iam:::delegation-template/example" },
    RequestorWorkflowId: "workflow-0123456789",
    NotificationChannel: "arn:aws:sns:us-east-1:111111111111:topic",
    SessionDuration: 3600,
  });
  await expect(iam.send(create)).rejects.toMatchObject({ name: "AccessDenied" });
});

test("so there are no requests", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const notFound = { name: "NoSuchEntityException", message: expect.stringContaining(DelegationRequestId) };
  const EntityArn = `arn:aws:iam::000000000000:delegation-request/${DelegationRequestId}`;
  expect((await iam.send(new ListDelegationRequestsCommand({}))).DelegationRequests).toEqual([]);
  await expect(iam.send(new GetDelegationRequestCommand({ DelegationRequestId }))).rejects.toMatchObject(notFound);
  await expect(iam.send(new AcceptDelegationRequestCommand({ DelegationRequestId }))).rejects.toMatchObject(notFound);
  await expect(iam.send(new AssociateDelegationRequestCommand({ DelegationRequestId }))).rejects.toMatchObject(
    notFound,
  );
  await expect(iam.send(new RejectDelegationRequestCommand({ DelegationRequestId }))).rejects.toMatchObject(notFound);
  await expect(iam.send(new UpdateDelegationRequestCommand({ DelegationRequestId }))).rejects.toMatchObject(notFound);
  await expect(iam.send(new SendDelegationTokenCommand({ DelegationRequestId }))).rejects.toMatchObject(notFound);
  await expect(iam.send(new GetHumanReadableSummaryCommand({ EntityArn }))).rejects.toMatchObject(notFound);
});
