import {
  CloudTrailClient,
  CreateEventDataStoreCommand,
  GetEventDataStoreCommand,
  GetQueryResultsCommand,
  ListEventDataStoresCommand,
  RegisterOrganizationDelegatedAdminCommand,
  StartQueryCommand,
  UpdateEventDataStoreCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { EnableAWSServiceAccessCommand } from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeOrganization, MANAGEMENT } from "../../../../../test/organizations.ts";

const creation = new CreateEventDataStoreCommand({ Name: "all", OrganizationEnabled: true });

/** An organization that lets CloudTrail in, with a member, and a store of all its accounts. */
async function organizationWithStore() {
  const organization = await makeOrganization();
  const { cloud, client, makeAccount } = organization;
  const trails = cloud.client(CloudTrailClient);
  await expect(trails.send(creation)).rejects.toMatchObject({ name: "CloudTrailAccessNotEnabledException" });
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: "cloudtrail.amazonaws.com" }));
  const member = await makeAccount("member");
  const made = await trails.send(creation);
  return { ...organization, trails, member, EventDataStore: made.EventDataStoreArn ?? "" };
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake-organizations.html */
test("an organization's store takes the events of all accounts, and members neither see nor make one", async () => {
  const { cloud, trails, member, EventDataStore } = await organizationWithStore();
  await cloud.client(IAMClient, cloud.rootOf(member)).send(new CreateUserCommand({ UserName: "ann" }));
  await cloud.cloud.journal.flush();
  await cloud.clock.advance(1);
  const QueryStatement = `SELECT recipientAccountId, element_at(requestParameters, 'userName') AS name FROM ${EventDataStore.split("/")[1]} WHERE eventName = 'CreateUser'`;
  const { QueryId } = await trails.send(new StartQueryCommand({ QueryStatement }));
  await cloud.clock.advance(1);
  const { QueryResultRows } = await trails.send(new GetQueryResultsCommand({ QueryId }));
  expect(QueryResultRows).toEqual([[{ recipientAccountId: member }, { name: "ann" }]]);
  const theirs = cloud.client(CloudTrailClient, cloud.rootOf(member));
  expect(await theirs.send(new ListEventDataStoresCommand({}))).toMatchObject({ EventDataStores: [] });
  await expect(theirs.send(new GetEventDataStoreCommand({ EventDataStore }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await expect(theirs.send(creation)).rejects.toMatchObject({ name: "NotOrganizationMasterAccountException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html */
test("a delegated administrator looks after the organization's stores, and after no others of the management account", async () => {
  const { cloud, trails, member, EventDataStore } = await organizationWithStore();
  const own = await trails.send(new CreateEventDataStoreCommand({ Name: "own" }));
  await trails.send(new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId: member }));
  const theirs = cloud.client(CloudTrailClient, cloud.rootOf(member));
  const { EventDataStores } = await theirs.send(new ListEventDataStoresCommand({}));
  expect(EventDataStores).toMatchObject([{ EventDataStoreArn: EventDataStore, Name: "all" }]);
  const changed = await theirs.send(new UpdateEventDataStoreCommand({ EventDataStore, RetentionPeriod: 30 }));
  expect(changed).toMatchObject({ RetentionPeriod: 30, OrganizationEnabled: true });
  const looking = theirs.send(new GetEventDataStoreCommand({ EventDataStore: own.EventDataStoreArn }));
  await expect(looking).rejects.toMatchObject({ name: "AccessDeniedException" });
  const second = await theirs.send(new CreateEventDataStoreCommand({ Name: "theirs", OrganizationEnabled: true }));
  expect(second.EventDataStoreArn).toContain(`:${MANAGEMENT}:`);
});
