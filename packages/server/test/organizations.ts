/** An organization as tests need it, made through the real service. */
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DescribeCreateAccountStatusCommand,
  EnablePolicyTypeCommand,
  ListParentsCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  type OrganizationFeatureSet,
  type PolicyType,
} from "@aws-sdk/client-organizations";
import { assert } from "../src/kernel/assert.ts";
import type { CloudOptions } from "../src/main.ts";
import { testCloud } from "./test-cloud.ts";

/** The account that manages it. */
export const MANAGEMENT = "000000000000";

/** How long an account stays in the organization that made it. Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_LeaveOrganization.html */
export const NEW_ACCOUNT_STAYS_SECONDS = 4 * 24 * 60 * 60;

export async function makeOrganization(
  FeatureSet: OrganizationFeatureSet = "ALL",
  options: Partial<CloudOptions> = {},
) {
  const cloud = await testCloud(options);
  const client = cloud.client(OrganizationsClient);
  const { Organization } = await client.send(new CreateOrganizationCommand({ FeatureSet }));
  const { Roots } = await client.send(new ListRootsCommand({}));
  const organizationId = Organization?.Id;
  const rootId = Roots?.[0]?.Id;
  assert(organizationId !== undefined && rootId !== undefined, "an organization has a root");
  const enable = async (type: PolicyType): Promise<void> => {
    await client.send(new EnablePolicyTypeCommand({ RootId: rootId, PolicyType: type }));
  };
  if (FeatureSet === "ALL") await enable("SERVICE_CONTROL_POLICY");
  const move = async (AccountId: string, DestinationParentId: string) => {
    const { Parents } = await client.send(new ListParentsCommand({ ChildId: AccountId }));
    await client.send(new MoveAccountCommand({ AccountId, SourceParentId: Parents?.[0]?.Id, DestinationParentId }));
  };
  return {
    cloud,
    client,
    organizationId,
    rootId,
    move,
    /** A new account, made and ready; in the root where no parent is named. */
    makeAccount: async (name: string, parent?: string): Promise<string> => {
      const create = new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` });
      const { CreateAccountStatus } = await client.send(create);
      await cloud.clock.advance(60);
      const CreateAccountRequestId = CreateAccountStatus?.Id;
      const done = await client.send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId }));
      const account = done.CreateAccountStatus?.AccountId;
      assert(account !== undefined, "the account is there");
      if (parent !== undefined) await move(account, parent);
      return account;
    },
    makeUnit: async (Name: string, ParentId = rootId): Promise<string> => {
      const { OrganizationalUnit } = await client.send(new CreateOrganizationalUnitCommand({ ParentId, Name }));
      assert(OrganizationalUnit?.Id !== undefined, "a unit has an id");
      return OrganizationalUnit.Id;
    },
    makePolicy: async (Name: string, Content: string, Type: PolicyType = "SERVICE_CONTROL_POLICY"): Promise<string> => {
      const { Policy } = await client.send(new CreatePolicyCommand({ Name, Content, Type, Description: "" }));
      assert(Policy?.PolicySummary?.Id !== undefined, "a policy has an id");
      return Policy.PolicySummary.Id;
    },
    attach: async (PolicyId: string, TargetId: string): Promise<void> => {
      await client.send(new AttachPolicyCommand({ PolicyId, TargetId }));
    },
    enable,
  };
}
