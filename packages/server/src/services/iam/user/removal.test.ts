import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  IAMClient,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const UserName = "ann";

interface Hanging {
  readonly what: string;
  readonly message: string;
  /** Puts it there; what it gives takes it away. */
  readonly hang: (iam: IAMClient) => Promise<() => Promise<unknown>>;
}

const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const PolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});

// The messages were seen in users' reports of AWS's answers, that of service credentials in
// https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam.py.
const HANGING: readonly Hanging[] = [
  {
    what: "a group",
    message: "Cannot delete entity, must remove users from group first.",
    hang: async (iam) => {
      await iam.send(new CreateGroupCommand({ GroupName: "g" }));
      await iam.send(new AddUserToGroupCommand({ GroupName: "g", UserName }));
      return () => iam.send(new RemoveUserFromGroupCommand({ GroupName: "g", UserName }));
    },
  },
  {
    what: "an attached policy",
    message: "Cannot delete entity, must detach all policies first.",
    hang: async (iam) => {
      await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
      return () => iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    },
  },
  {
    what: "an inline policy",
    message: "Cannot delete entity, must delete policies first.",
    hang: async (iam) => {
      await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "p", PolicyDocument }));
      return () => iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: "p" }));
    },
  },
  {
    what: "a password",
    message: "Cannot delete entity, must delete login profile first.",
    hang: async (iam) => {
      await iam.send(new CreateLoginProfileCommand({ UserName, Password: "Secret-pass1" }));
      return () => iam.send(new DeleteLoginProfileCommand({ UserName }));
    },
  },
  {
    what: "an access key",
    message: "Cannot delete entity, must delete access keys first.",
    hang: async (iam) => {
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
      return () => iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }));
    },
  },
  {
    what: "a service-specific credential",
    message: "Cannot delete entity, must remove referenced objects first.",
    hang: async (iam) => {
      const ServiceName = "codecommit.amazonaws.com";
      const made = await iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName }));
      const ServiceSpecificCredentialId = made.ServiceSpecificCredential?.ServiceSpecificCredentialId;
      return () => iam.send(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId }));
    },
  },
];

test.each(HANGING)("a user with $what stays until it is taken away", async ({ message, hang }) => {
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName }));
  const takeAway = await hang(iam);
  const conflict = { name: "DeleteConflictException", message };
  await expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject(conflict);
  await takeAway();
  await iam.send(new DeleteUserCommand({ UserName }));
  await expect(iam.send(new GetUserCommand({ UserName }))).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

test("a user that is not there cannot be deleted", async () => {
  const iam = (await testCloud()).client(IAMClient);
  await expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "The user with name ann cannot be found.",
  });
});
