import {
  AcceptHandshakeCommand,
  CancelHandshakeCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  DeclineHandshakeCommand,
  DescribeCreateAccountStatusCommand,
  DescribeHandshakeCommand,
  DescribeOrganizationCommand,
  EnableAllFeaturesCommand,
  InviteAccountToOrganizationCommand,
  ListHandshakesForOrganizationCommand,
  OrganizationsClient,
  paginateListHandshakesForOrganization,
  type Handshake,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { lastingStore } from "../../../../test/lasting-store.ts";
import { testCloud, type TestCloud } from "../../../../test/test-cloud.ts";
import { table } from "../../../kernel/table.ts";

const DAY = 24 * 60 * 60;
const GUESTS = ["111122223333", "444455556666", "777788889999"] as const;

const organizationsOf = (cloud: TestCloud) => cloud.client(OrganizationsClient);
const guestOf = (cloud: TestCloud, account: string) => cloud.client(OrganizationsClient, cloud.rootOf(account));

async function invite(cloud: TestCloud, Id: string): Promise<Handshake | undefined> {
  const command = new InviteAccountToOrganizationCommand({ Target: { Id, Type: "ACCOUNT" } });
  return (await organizationsOf(cloud).send(command)).Handshake;
}

const accept = async (client: OrganizationsClient, Id: string | undefined) =>
  (await client.send(new AcceptHandshakeCommand({ HandshakeId: Id }))).Handshake?.State;

/** An organization without all features, in which the first two guests are. */
async function joined(cloud: TestCloud) {
  await organizationsOf(cloud).send(new CreateOrganizationCommand({ FeatureSet: "CONSOLIDATED_BILLING" }));
  for (const guest of GUESTS.slice(0, 2)) {
    const invitation = await invite(cloud, guest);
    await accept(guestOf(cloud, guest), invitation?.Id);
  }
}

/** The approvals of a migration, as the organization sees them. */
async function approvalsOf(cloud: TestCloud, migration: string | undefined) {
  const Filter = { ParentHandshakeId: migration };
  const { Handshakes = [] } = await organizationsOf(cloud).send(new ListHandshakesForOrganizationCommand({ Filter }));
  const of = (account: string) => Handshakes.find(({ Parties }) => Parties?.some(({ Id }) => Id === account));
  return { Handshakes, of };
}

interface Row {
  readonly id: string;
  readonly organizationId: string;
}

/** Tables whose rows are looked at, or cleared. */
const handshakes = table<Row>("organizations.handshake", "global", ({ id }) => [id]);
const handshakesOf = table("organizations.handshake-of", "global", () => []);
const waiting = table("organizations.waiting-handshake", "global", () => []);
const counts = table("organizations.invitation-count", "global", () => []);
const headCounts = table("organizations.head-count", "global", () => []);
const accounts = table<Row>("organizations.account", "global", ({ organizationId, id }) => [organizationId, id]);
const attempts = table<Row & { atMs: number }>("organizations.invitation-attempt", "global", (row) => [
  row.organizationId,
  row.atMs,
  row.id,
]);
const attemptCounts = table<{ organizationId: string; attempts: number }>(
  "organizations.invitation-attempt-count",
  "global",
  ({ organizationId }) => [organizationId],
);

const ALL = { limit: 100_000 };

/** Makes of the store what an earlier version has left: nothing that later ones find handshakes and numbers by. */
function forgetting(rewrite: ReturnType<typeof lastingStore>["rewrite"]) {
  return rewrite(async (tx) => {
    for (const each of [waiting, counts, headCounts]) await tx.clear(each, ALL);
    for (const row of await tx.scan(handshakes, ALL))
      tx.put(handshakes, Object.assign({}, row, { missing: undefined, endedAtMs: undefined }));
  });
}

// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html (thirty days, then deleted)
test("a handshake that is over is shown for thirty days more, and then gone", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const client = organizationsOf(cloud);
  await client.send(new CreateOrganizationCommand({}));
  const [joining, declined, cancelled] = await Promise.all(GUESTS.map((guest) => invite(cloud, guest)));
  await accept(guestOf(cloud, GUESTS[0]), joining?.Id);
  await guestOf(cloud, GUESTS[1]).send(new DeclineHandshakeCommand({ HandshakeId: declined?.Id }));
  await client.send(new CancelHandshakeCommand({ HandshakeId: cancelled?.Id }));
  const list = new ListHandshakesForOrganizationCommand({});
  await cloud.clock.advance(29 * DAY);
  expect((await client.send(list)).Handshakes).toHaveLength(3);
  await cloud.clock.advance(DAY);
  expect((await client.send(list)).Handshakes).toHaveLength(0);
  const describe = client.send(new DescribeHandshakeCommand({ HandshakeId: joining?.Id }));
  await expect(describe).rejects.toMatchObject({ name: "HandshakeNotFoundException" });
  await invite(cloud, GUESTS[2]);
  await cloud.clock.advance(45 * DAY);
  await cloud.close();
  await rewrite(async (tx) => {
    for (const each of [handshakes, handshakesOf, waiting]) expect(await tx.scan(each, ALL)).toEqual([]);
  });
});

test("an account is invited again once the first invitation has expired", async () => {
  const cloud = await testCloud();
  await organizationsOf(cloud).send(new CreateOrganizationCommand({}));
  await invite(cloud, GUESTS[0]);
  await expect(invite(cloud, GUESTS[0])).rejects.toMatchObject({ name: "DuplicateHandshakeException" });
  await cloud.clock.advance(15 * DAY);
  expect((await invite(cloud, GUESTS[0]))?.State).toBe("OPEN");
});

test("pages of one handshake are together the whole, each of its kind", async () => {
  const cloud = await testCloud();
  await joined(cloud);
  await invite(cloud, GUESTS[2]);
  const listed = async (Filter: { ActionType?: "INVITE" | "APPROVE_ALL_FEATURES" }) => {
    const ids: (string | undefined)[] = [];
    const pages = paginateListHandshakesForOrganization({ client: organizationsOf(cloud), pageSize: 1 }, { Filter });
    for await (const { Handshakes = [] } of pages) ids.push(...Handshakes.map(({ Id }) => Id));
    return new Set(ids).size === ids.length ? ids.length : undefined;
  };
  expect(await listed({})).toBe(3);
  expect(await listed({ ActionType: "INVITE" })).toBe(3);
  expect(await listed({ ActionType: "APPROVE_ALL_FEATURES" })).toBe(0);
});

test.each(["of today", "that an earlier version began"])(
  "a migration %s is final when the last of its approvals has come",
  async (age) => {
    const { open, rewrite } = lastingStore();
    const one = await open();
    await joined(one);
    const { Handshake: migration } = await organizationsOf(one).send(new EnableAllFeaturesCommand({}));
    await accept(guestOf(one, GUESTS[0]), (await approvalsOf(one, migration?.Id)).of(GUESTS[0])?.Id);
    await one.close();
    if (age !== "of today") await forgetting(rewrite);
    const cloud = await open();
    const client = organizationsOf(cloud);
    await expect(client.send(new EnableAllFeaturesCommand({}))).rejects.toMatchObject({
      Reason: "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
    });
    const finish = () => accept(client, migration?.Id);
    await expect(finish()).rejects.toMatchObject({ name: "InvalidHandshakeTransitionException" });
    await accept(guestOf(cloud, GUESTS[1]), (await approvalsOf(cloud, migration?.Id)).of(GUESTS[1])?.Id);
    expect(await finish()).toBe("ACCEPTED");
    expect((await client.send(new DescribeOrganizationCommand({}))).Organization?.FeatureSet).toBe("ALL");
  },
);

test("with a migration its approvals are cancelled, and nothing else", async () => {
  const { open, rewrite } = lastingStore();
  const one = await open();
  await joined(one);
  const invitation = await invite(one, GUESTS[2]);
  const { Handshake: migration } = await organizationsOf(one).send(new EnableAllFeaturesCommand({}));
  await one.close();
  await forgetting(rewrite);
  const cloud = await open();
  const client = organizationsOf(cloud);
  await client.send(new CancelHandshakeCommand({ HandshakeId: migration?.Id }));
  const { Handshakes } = await approvalsOf(cloud, migration?.Id);
  expect(Handshakes.map(({ State }) => State)).toEqual(["CANCELED", "CANCELED"]);
  await expect(invite(cloud, GUESTS[2])).rejects.toMatchObject({ name: "DuplicateHandshakeException" });
  expect(await accept(guestOf(cloud, GUESTS[2]), invitation?.Id)).toBe("ACCEPTED");
});

// Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (invitations count)
test("an organization that is full takes nobody in, and who is invited has a place", async () => {
  const { open, rewrite } = lastingStore();
  const one = await open();
  const { Organization } = await organizationsOf(one).send(new CreateOrganizationCommand({}));
  const organizationId = Organization?.Id ?? "";
  const first = await invite(one, GUESTS[0]);
  await one.close();
  const fill = (count: number) =>
    rewrite(async (tx) => {
      await tx.clear(headCounts, ALL);
      const [model] = await tx.scan(accounts, { prefix: [organizationId], limit: 1 });
      expect(model).toBeDefined();
      for (let at = 1; at < count; at += 1)
        tx.put(accounts, { ...model, organizationId, id: String(200_000_000_000 + at) });
    });
  await fill(9999);
  const full = { name: "HandshakeConstraintViolationException", Reason: "ACCOUNT_NUMBER_LIMIT_EXCEEDED" };
  const created = async (cloud: TestCloud, name: string) => {
    const create = new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` });
    const { CreateAccountStatus: begun } = await organizationsOf(cloud).send(create);
    await cloud.clock.advance(60);
    const describe = new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: begun?.Id });
    const { CreateAccountStatus } = await organizationsOf(cloud).send(describe);
    return CreateAccountStatus?.FailureReason ?? CreateAccountStatus?.State;
  };
  const cloud = await open();
  await expect(invite(cloud, GUESTS[1])).rejects.toMatchObject(full);
  expect(await created(cloud, "one")).toBe("ACCOUNT_LIMIT_EXCEEDED");
  await guestOf(cloud, GUESTS[0]).send(new DeclineHandshakeCommand({ HandshakeId: first?.Id }));
  const second = await invite(cloud, GUESTS[1]);
  await cloud.close();
  await fill(10_000);
  const last = await open();
  await expect(accept(guestOf(last, GUESTS[1]), second?.Id)).rejects.toMatchObject(full);
});

// Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (attempts in 24 hours)
test("an organization sends so many invitations a day, of which those that are accepted do not count", async () => {
  const { open, rewrite } = lastingStore();
  const one = await open();
  const { Organization } = await organizationsOf(one).send(new CreateOrganizationCommand({}));
  const organizationId = Organization?.Id ?? "";
  const atMs = one.clock.now().getTime();
  await one.close();
  const MAX = 10_000;
  await rewrite(async (tx) => {
    for (let at = 1; at < MAX; at += 1) tx.put(attempts, { organizationId, atMs, id: `h-${at}` });
    tx.put(attemptCounts, { organizationId, attempts: MAX - 1 });
  });
  const cloud = await open();
  const first = await invite(cloud, GUESTS[0]);
  const over = { name: "HandshakeConstraintViolationException", Reason: "HANDSHAKE_RATE_LIMIT_EXCEEDED" };
  await expect(invite(cloud, GUESTS[1])).rejects.toMatchObject(over);
  expect(await accept(guestOf(cloud, GUESTS[0]), first?.Id)).toBe("ACCEPTED");
  const second = await invite(cloud, GUESTS[1]);
  await organizationsOf(cloud).send(new CancelHandshakeCommand({ HandshakeId: second?.Id }));
  await expect(invite(cloud, GUESTS[1])).rejects.toMatchObject(over);
  await cloud.clock.advance(DAY + 60);
  expect((await invite(cloud, GUESTS[1]))?.State).toBe("OPEN");
  await cloud.close();
  await rewrite(async (tx) => {
    expect(await tx.scan(attempts, { limit: MAX })).toHaveLength(1);
  });
});
