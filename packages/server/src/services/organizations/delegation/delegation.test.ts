import {
  AttachPolicyCommand,
  CloseAccountCommand,
  CreatePolicyCommand,
  DeleteResourcePolicyCommand,
  DeregisterDelegatedAdministratorCommand,
  DescribeResourcePolicyCommand,
  DisableAWSServiceAccessCommand,
  DisablePolicyTypeCommand,
  EnableAWSServiceAccessCommand,
  EnablePolicyTypeCommand,
  ListAccountsCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListDelegatedAdministratorsCommand,
  ListDelegatedServicesForAccountCommand,
  MoveAccountCommand,
  OrganizationsClient,
  PutResourcePolicyCommand,
  RegisterDelegatedAdministratorCommand,
  RemoveAccountFromOrganizationCommand,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { policyText } from "../../../../test/identities.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";

const CONFIG = "config.amazonaws.com";

async function withMember() {
  const organization = await makeOrganization();
  const member = await organization.makeAccount("audit");
  const { cloud } = organization;
  return { ...organization, member, own: cloud.client(OrganizationsClient, cloud.rootOf(member)) };
}

test("services are let into the organization by their principals", async () => {
  const { client } = await makeOrganization();
  const enable = (ServicePrincipal: string) => client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
  const list = async () => {
    const { EnabledServicePrincipals } = await client.send(new ListAWSServiceAccessForOrganizationCommand({}));
    return EnabledServicePrincipals?.map(({ ServicePrincipal }) => ServicePrincipal);
  };
  await enable(CONFIG);
  await enable(CONFIG);
  expect(await list()).toEqual([CONFIG]);
  await expect(enable("none.amazonaws.com")).rejects.toMatchObject({
    name: "InvalidInputException",
    Reason: "UNRECOGNIZED_SERVICE_PRINCIPAL",
  });
  await client.send(new DisableAWSServiceAccessCommand({ ServicePrincipal: CONFIG }));
  expect(await list()).toEqual([]);
});

test("a delegated administrator sees the organization and changes nothing in it", async () => {
  const { client, own, member, rootId } = await withMember();
  const delegate = { AccountId: member, ServicePrincipal: CONFIG };
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html
  const early = client.send(new RegisterDelegatedAdministratorCommand(delegate));
  await expect(early).rejects.toMatchObject({ Reason: "SERVICE_ACCESS_NOT_ENABLED" });
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: CONFIG }));
  await client.send(new RegisterDelegatedAdministratorCommand(delegate));
  const { Accounts } = await own.send(new ListAccountsCommand({}));
  expect(Accounts).toHaveLength(2);
  const move = new MoveAccountCommand({ AccountId: member, SourceParentId: rootId, DestinationParentId: rootId });
  await expect(own.send(move)).rejects.toMatchObject({ name: "AccessDeniedException" });
  const { DelegatedAdministrators } = await client.send(new ListDelegatedAdministratorsCommand({}));
  expect(DelegatedAdministrators).toMatchObject([{ Id: member, Name: "audit", State: "ACTIVE" }]);
  const { DelegatedServices } = await client.send(new ListDelegatedServicesForAccountCommand({ AccountId: member }));
  expect(DelegatedServices?.map(({ ServicePrincipal }) => ServicePrincipal)).toEqual([CONFIG]);
  const remove = client.send(new RemoveAccountFromOrganizationCommand({ AccountId: member }));
  await expect(remove).rejects.toMatchObject({ Reason: "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG" });
  await client.send(new DeregisterDelegatedAdministratorCommand(delegate));
  await expect(own.send(new ListAccountsCommand({}))).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("nothing is delegated any more to an account that is gone", async () => {
  const { cloud, client, member } = await withMember();
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: CONFIG }));
  await client.send(new RegisterDelegatedAdministratorCommand({ AccountId: member, ServicePrincipal: CONFIG }));
  await client.send(new CloseAccountCommand({ AccountId: member }));
  await cloud.clock.advance(60);
  await cloud.clock.advance(90 * 24 * 60 * 60);
  const { DelegatedAdministrators } = await client.send(new ListDelegatedAdministratorsCommand({}));
  expect(DelegatedAdministrators).toEqual([]);
});

test("the management account delegates to others, and once", async () => {
  const { client, member } = await withMember();
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: CONFIG }));
  const register = (AccountId: string) =>
    client.send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: CONFIG }));
  await expect(register(MANAGEMENT)).rejects.toMatchObject({
    Reason: "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
  });
  await expect(register("123412341234")).rejects.toMatchObject({ name: "AccountNotFoundException" });
  await register(member);
  await expect(register(member)).rejects.toMatchObject({ name: "AccountAlreadyRegisteredException" });
});

test("IAM Identity Center is delegated to one account alone", async () => {
  const { client, member, makeAccount } = await withMember();
  const ServicePrincipal = "sso.amazonaws.com";
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
  const register = (AccountId: string) =>
    client.send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }));
  await register(member);
  const other = await makeAccount("other");
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html
  const exists = { name: "ConstraintViolationException", Reason: "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE" };
  await expect(register(other)).rejects.toMatchObject(exists);
  await client.send(new DeregisterDelegatedAdministratorCommand({ AccountId: member, ServicePrincipal }));
  await register(other);
});

test("policies of a service's type need its access, and keep it", async () => {
  const { client, rootId: RootId } = await withMember();
  const service = { ServicePrincipal: "securityhub.amazonaws.com" };
  const type = { RootId, PolicyType: "SECURITYHUB_POLICY" } as const;
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html
  await expect(client.send(new EnablePolicyTypeCommand(type))).rejects.toMatchObject({
    Reason: "SERVICE_ACCESS_NOT_ENABLED",
  });
  await client.send(new EnableAWSServiceAccessCommand(service));
  await client.send(new EnablePolicyTypeCommand(type));
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisableAWSServiceAccess.html
  const disable = () => client.send(new DisableAWSServiceAccessCommand(service));
  await expect(disable()).rejects.toMatchObject({ Reason: "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE" });
  await client.send(new DisablePolicyTypeCommand(type));
  await disable();
});

test("a resource policy lets a member work with policies, as far as it says", async () => {
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
  const { client, own, member, rootId } = await withMember();
  const Content = policyText({ Statement: [{ Effect: "Deny", Action: "s3:*", Resource: "*" }] });
  const create = new CreatePolicyCommand({ Name: "x", Description: "", Type: "SERVICE_CONTROL_POLICY", Content });
  await expect(own.send(create)).rejects.toMatchObject({ name: "AccessDeniedException" });
  const statement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${member}:root` },
    Action: ["organizations:CreatePolicy", "organizations:ListAccounts"],
    Resource: "*",
  };
  const policy = policyText({ Statement: [statement] });
  const { ResourcePolicy } = await client.send(new PutResourcePolicyCommand({ Content: policy }));
  expect(ResourcePolicy?.ResourcePolicySummary?.Id).toMatch(/^rp-[0-9a-zA-Z_]{4,128}$/);
  const { Policy } = await own.send(create);
  await own.send(new ListAccountsCommand({}));
  const attach = new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId: rootId });
  await expect(own.send(attach)).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("because no resource-based policy allows the organizations:AttachPolicy action"),
  });
  await client.send(new DeleteResourcePolicyCommand({}));
  await expect(own.send(new ListAccountsCommand({}))).rejects.toMatchObject({ name: "AccessDeniedException" });
  const none = client.send(new DescribeResourcePolicyCommand({}));
  await expect(none).rejects.toMatchObject({ name: "ResourcePolicyNotFoundException" });
});
