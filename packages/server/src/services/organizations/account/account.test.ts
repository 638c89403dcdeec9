import { GetRoleCommand, IAMClient, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import {
  CloseAccountCommand,
  CreateAccountCommand,
  CreateGovCloudAccountCommand,
  DescribeAccountCommand,
  DescribeCreateAccountStatusCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListChildrenCommand,
  ListCreateAccountStatusCommand,
  ListParentsCommand,
  MoveAccountCommand,
  paginateListAccounts,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";

const DAY = 24 * 60 * 60;

test("an account is made in the background, and has the role that its management account may take on", async () => {
  const { cloud, client, organizationId } = await makeOrganization();
  const create = new CreateAccountCommand({ AccountName: "dev", Email: "dev@example.com", RoleName: "Access" });
  const { CreateAccountStatus } = await client.send(create);
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html
  expect(CreateAccountStatus).toMatchObject({ State: "IN_PROGRESS", AccountName: "dev" });
  expect(CreateAccountStatus?.AccountId).toBeUndefined();
  await cloud.clock.advance(60);
  const CreateAccountRequestId = CreateAccountStatus?.Id;
  const done = await client.send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId }));
  const AccountId = done.CreateAccountStatus?.AccountId ?? "";
  expect(done.CreateAccountStatus).toMatchObject({ State: "SUCCEEDED" });
  expect(AccountId).toMatch(/^\d{12}$/);
  const { Account } = await client.send(new DescribeAccountCommand({ AccountId }));
  expect(Account).toMatchObject({
    Arn: `arn:aws:organizations::${MANAGEMENT}:account/${organizationId}/${AccountId}`,
    Email: "dev@example.com",
    Status: "ACTIVE",
    State: "ACTIVE",
    JoinedMethod: "CREATED",
  });
  const iam = cloud.client(IAMClient, cloud.rootOf(AccountId));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: "Access" }));
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toContain(`arn:aws:iam::${MANAGEMENT}:root`);
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "Access" }));
  expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(["AdministratorAccess"]);
});

test("an address belongs to one account", async () => {
  const { cloud, client, makeAccount } = await makeOrganization();
  await makeAccount("dev");
  await client.send(new CreateAccountCommand({ AccountName: "other", Email: "DEV@example.com" }));
  await cloud.clock.advance(60);
  const { CreateAccountStatuses } = await client.send(new ListCreateAccountStatusCommand({ States: ["FAILED"] }));
  expect(CreateAccountStatuses).toMatchObject([{ AccountName: "other", FailureReason: "EMAIL_ALREADY_EXISTS" }]);
});

test("an account for AWS GovCloud comes with one for the commercial Regions", async () => {
  const { cloud, client } = await makeOrganization();
  await client.send(new CreateGovCloudAccountCommand({ AccountName: "gov", Email: "gov@example.com" }));
  await cloud.clock.advance(60);
  const { CreateAccountStatuses } = await client.send(new ListCreateAccountStatusCommand({}));
  expect(CreateAccountStatuses?.[0]?.GovCloudAccountId).toMatch(/^\d{12}$/);
  expect(CreateAccountStatuses?.[0]?.AccountId).toMatch(/^\d{12}$/);
});

test("accounts are moved from the parent that they lie in", async () => {
  const { client, rootId, makeAccount, makeUnit } = await makeOrganization();
  const AccountId = await makeAccount("dev");
  const unit = await makeUnit("prod");
  const move = (SourceParentId: string, DestinationParentId: string, account = AccountId) =>
    client.send(new MoveAccountCommand({ AccountId: account, SourceParentId, DestinationParentId }));
  await expect(move(rootId, "ou-none-12345678")).rejects.toMatchObject({ name: "DestinationParentNotFoundException" });
  await expect(move("ou-none-12345678", unit)).rejects.toMatchObject({ name: "SourceParentNotFoundException" });
  await expect(move(rootId, unit, "123412341234")).rejects.toMatchObject({ name: "AccountNotFoundException" });
  await expect(move(rootId, rootId)).rejects.toMatchObject({ name: "DuplicateAccountException" });
  await move(rootId, unit);
  const { Parents } = await client.send(new ListParentsCommand({ ChildId: AccountId }));
  expect(Parents).toEqual([{ Id: unit, Type: "ORGANIZATIONAL_UNIT" }]);
  const { Accounts } = await client.send(new ListAccountsForParentCommand({ ParentId: unit }));
  expect(Accounts?.map(({ Id }) => Id)).toEqual([AccountId]);
  const { Children } = await client.send(new ListChildrenCommand({ ParentId: rootId, ChildType: "ACCOUNT" }));
  expect(Children).toEqual([{ Id: MANAGEMENT, Type: "ACCOUNT" }]);
});

test("a closed account is suspended, and gone after ninety days", async () => {
  const { cloud, client, makeAccount } = await makeOrganization();
  const AccountId = await makeAccount("dev");
  const close = (id: string) => client.send(new CloseAccountCommand({ AccountId: id }));
  const describe = async () => (await client.send(new DescribeAccountCommand({ AccountId }))).Account?.State;
  await expect(close(MANAGEMENT)).rejects.toMatchObject({
    name: "ConstraintViolationException",
    Reason: "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
  });
  await close(AccountId);
  expect(await describe()).toBe("PENDING_CLOSURE");
  await cloud.clock.advance(60);
  expect(await describe()).toBe("SUSPENDED");
  await expect(close(AccountId)).rejects.toMatchObject({ name: "AccountAlreadyClosedException" });
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html
  await cloud.clock.advance(90 * DAY);
  await expect(describe()).rejects.toMatchObject({ name: "AccountNotFoundException" });
});

test("accounts are listed in pages that together are all of them", async () => {
  const { client, makeAccount } = await makeOrganization();
  const made = [MANAGEMENT];
  for (const name of ["one", "two", "six"]) made.push(await makeAccount(name));
  const found: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListAccountsCommand({ MaxResults: 1, NextToken }));
    found.push(...(page.Accounts ?? []).map(({ Id }) => Id));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(found).toHaveLength(made.length);
  expect(new Set(found)).toEqual(new Set(made));
  await expect(client.send(new ListAccountsCommand({ NextToken: "mine" }))).rejects.toMatchObject({
    name: "InvalidInputException",
    Reason: "INVALID_NEXT_TOKEN",
  });
});

test("two hundred and fifty accounts are closed within thirty days, and no more", async () => {
  const { cloud, client } = await makeOrganization();
  const make = async (name: number) => {
    const create = new CreateAccountCommand({ AccountName: `n${name}`, Email: `n${name}@example.com` });
    return (await client.send(create)).CreateAccountStatus?.Id;
  };
  for (let name = 0; name < 251; name++) await make(name);
  await cloud.clock.advance(60);
  const closed: string[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client }, {})) {
    closed.push(...Accounts.flatMap(({ Id = "" }) => (Id === MANAGEMENT ? [] : Id)));
  }
  const [last, ...others] = closed;
  const close = (AccountId: string | undefined) => client.send(new CloseAccountCommand({ AccountId }));
  for (const AccountId of others) await close(AccountId);
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html
  const exceeded = { name: "ConstraintViolationException", Reason: "CLOSE_ACCOUNT_QUOTA_EXCEEDED" };
  await expect(close(last)).rejects.toMatchObject(exceeded);
  await cloud.clock.advance(30 * DAY + 1);
  await close(last);
});

test("an account's role is not named like a service's", async () => {
  const { client } = await makeOrganization();
  const RoleName = "AWSServiceRoleForMe";
  const create = new CreateAccountCommand({ AccountName: "dev", Email: "dev@example.com", RoleName });
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html
  await expect(client.send(create)).rejects.toMatchObject({ Reason: "INVALID_ROLE_NAME" });
});
