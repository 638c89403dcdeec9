/** An organization with IAM Identity Center, made through the real services. */
import {
  CreateAccountAssignmentCommand,
  CreateInstanceCommand,
  CreatePermissionSetCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribeInstanceCommand,
  SSOAdminClient,
  type CreatePermissionSetCommandInput,
  type PrincipalType,
} from "@aws-sdk/client-sso-admin";
import { CreateUserCommand, IdentitystoreClient, type CreateUserCommandInput } from "@aws-sdk/client-identitystore";
import { assert } from "../src/kernel/assert.ts";
import { makeOrganization, MANAGEMENT } from "./organizations.ts";
import { makeUser } from "./identities.ts";
import type { TestCloud } from "./test-cloud.ts";

/** The work that goes on after a call was answered is done by then. */
const WORK_SECONDS = 2;

interface Administration {
  readonly client: SSOAdminClient;
  readonly InstanceArn: string;
  readonly cloud: TestCloud;
}

/** Each gives the status when the work is done. */
const assigning = ({ client, InstanceArn, cloud }: Administration) => ({
  assign: async (
    PermissionSetArn: string,
    TargetId: string,
    PrincipalId: string,
    PrincipalType: PrincipalType = "USER",
  ) => {
    const { AccountAssignmentCreationStatus } = await client.send(
      new CreateAccountAssignmentCommand({
        InstanceArn,
        PermissionSetArn,
        TargetId,
        TargetType: "AWS_ACCOUNT",
        PrincipalId,
        PrincipalType,
      }),
    );
    await cloud.clock.advance(WORK_SECONDS);
    const AccountAssignmentCreationRequestId = AccountAssignmentCreationStatus?.RequestId;
    const done = await client.send(
      new DescribeAccountAssignmentCreationStatusCommand({ InstanceArn, AccountAssignmentCreationRequestId }),
    );
    return done.AccountAssignmentCreationStatus;
  },
  unassign: async (PermissionSetArn: string, TargetId: string, PrincipalId: string) => {
    const target = { TargetId, TargetType: "AWS_ACCOUNT", PrincipalId, PrincipalType: "USER" } as const;
    const { AccountAssignmentDeletionStatus: begun } = await client.send(
      new DeleteAccountAssignmentCommand({ InstanceArn, PermissionSetArn, ...target }),
    );
    await cloud.clock.advance(WORK_SECONDS);
    const AccountAssignmentDeletionRequestId = begun?.RequestId;
    const done = await client.send(
      new DescribeAccountAssignmentDeletionStatusCommand({ InstanceArn, AccountAssignmentDeletionRequestId }),
    );
    return done.AccountAssignmentDeletionStatus;
  },
});

export async function withIdentityCenter() {
  const organization = await makeOrganization();
  const { cloud } = organization;
  // nobody's root: so policies are asked, in the management account for what is done there too
  const admin = await makeUser(cloud, "admin", { allow: ["*"], account: MANAGEMENT });
  const client = cloud.client(SSOAdminClient, admin);
  const store = cloud.client(IdentitystoreClient, admin);
  const { InstanceArn } = await client.send(new CreateInstanceCommand({}));
  const { IdentityStoreId } = await client.send(new DescribeInstanceCommand({ InstanceArn }));
  assert(InstanceArn !== undefined && IdentityStoreId !== undefined, "an instance has names");
  return {
    ...organization,
    admin,
    client,
    store,
    InstanceArn,
    IdentityStoreId,
    addUser: async (UserName: string, more: Partial<CreateUserCommandInput> = {}): Promise<string> => {
      const { UserId } = await store.send(
        new CreateUserCommand({
          IdentityStoreId,
          UserName,
          DisplayName: UserName,
          Name: { GivenName: UserName, FamilyName: "Example" },
          Emails: [{ Value: `${UserName}@example.com`, Type: "work", Primary: true }],
          ...more,
        }),
      );
      assert(UserId !== undefined, "a user has an id");
      return UserId;
    },
    addPermissionSet: async (Name: string, more: Partial<CreatePermissionSetCommandInput> = {}): Promise<string> => {
      const { PermissionSet } = await client.send(new CreatePermissionSetCommand({ InstanceArn, Name, ...more }));
      assert(PermissionSet?.PermissionSetArn !== undefined, "a permission set has an ARN");
      return PermissionSet.PermissionSetArn;
    },
    /** Waits for what goes on after a call was answered. */
    workDone: () => cloud.clock.advance(WORK_SECONDS),
    ...assigning({ client, InstanceArn, cloud }),
  };
}
