import {
  CreateAccessGrantCommand,
  CreateAccessGrantsInstanceCommand,
  CreateAccessGrantsLocationCommand,
  DeleteAccessGrantCommand,
  DeleteAccessGrantsLocationCommand,
  GetDataAccessCommand,
  ListAccessGrantsCommand,
  ListAccessGrantsLocationsCommand,
  ListCallerAccessGrantsCommand,
  S3ControlClient,
  UpdateAccessGrantsLocationCommand,
  type ListAccessGrantsCommandInput,
  type Permission,
} from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { makeRole, makeUser, type TestUser } from "../../../../../test/identities.ts";
import { HERE, lastingStore } from "../../../../../test/lasting-store.ts";
import { ACCOUNT, s3World } from "../../../../../test/s3-world.ts";
import type { TestCloud } from "../../../../../test/test-cloud.ts";
import type { Transaction } from "../../../../kernel/table.ts";
import { grantedScopes } from "./granted.ts";
import { grantsInstances, locations } from "./row.ts";

const AccountId = ACCOUNT;

interface World {
  readonly cloud: TestCloud;
  readonly control: S3ControlClient;
  readonly location: string;
  readonly ann: TestUser;
  readonly asks: S3ControlClient;
  readonly grant: (S3SubPrefix: string, more?: object) => Promise<string>;
  /** What the grant is about that ann is let use for a target. */
  readonly matched: (target: string, Permission?: Permission) => Promise<string | undefined>;
}

async function grantedWorld(given?: TestCloud): Promise<World> {
  const { cloud, bucket } = await s3World("photos", given);
  const role = await makeRole(cloud, "lent", { principal: { Service: "access-grants.s3.amazonaws.com" } });
  const control = cloud.client(S3ControlClient);
  await control.send(new CreateAccessGrantsInstanceCommand({ AccountId }));
  const place = { LocationScope: `s3://${bucket}/`, IAMRoleArn: role };
  const { AccessGrantsLocationId: location = "" } = await control.send(
    new CreateAccessGrantsLocationCommand({ AccountId, ...place }),
  );
  const ann = await makeUser(cloud, "ann", { allow: ["s3:GetDataAccess", "s3:ListCallerAccessGrants"] });
  return withGrants(cloud, { location, ann });
}

function withGrants(cloud: TestCloud, { location, ann }: Pick<World, "location" | "ann">): World {
  const control = cloud.client(S3ControlClient);
  const asks = cloud.client(S3ControlClient, ann);
  return {
    cloud,
    control,
    location,
    ann,
    asks,
    async grant(S3SubPrefix, more = {}) {
      const { AccessGrantId = "" } = await control.send(
        new CreateAccessGrantCommand({
          AccountId,
          AccessGrantsLocationId: location,
          AccessGrantsLocationConfiguration: { S3SubPrefix },
          Grantee: { GranteeType: "IAM", GranteeIdentifier: ann.arn },
          Permission: "READ",
          ...more,
        }),
      );
      return AccessGrantId;
    },
    async matched(target, permission = "READ") {
      const asked = { AccountId, Target: `s3://photos/${target}`, Permission: permission };
      try {
        return (await asks.send(new GetDataAccessCommand(asked))).MatchedGrantTarget;
      } catch (error) {
        expect(error).toMatchObject({ name: "AccessDenied" });
        return undefined;
      }
    },
  };
}

const at = (part: string) => `s3://photos/${part}`;

const OBJECT = { S3PrefixType: "Object" };

test("of somebody's grants the narrowest that covers a target counts, wherever others lie", async () => {
  const { grant, matched } = await grantedWorld();
  for (const prefix of ["a/*", "a/b/*", "a/b/c*", "a/b/cc/d/*", "a/b!/*", "a/ä/*", "a/ä/😀*", "a/b/"])
    await grant(prefix);
  for (const key of ["a/b/c", "a/b/x", "zz"]) await grant(key, OBJECT);
  await grant("a/b/w/*", { Permission: "WRITE" });
  await grant("a/rw/*", { Permission: "READWRITE" });
  for (const [target, scope] of [
    ["a/b/c", "a/b/c"],
    ["a/b/c*", "a/b/c*"],
    ["a/b/cc/d/e*", "a/b/cc/d/*"],
    ["a/b/cc/c", "a/b/c*"],
    ["a/b/x", "a/b/x"],
    ["a/b/xx/*", "a/b/*"],
    ["a/b", "a/*"],
    ["a/ä/😀😀", "a/ä/😀*"],
    ["a/ä/😁", "a/ä/*"],
    ["a/b/w/1", "a/b/*"],
    ["a/rw/1", "a/rw/*"],
    ["zz", "zz"],
  ] as const) {
    expect(await matched(target), target).toBe(at(scope));
  }
  for (const target of ["a", "b/c", "zz*", "zzz", "*"]) expect(await matched(target), target).toBeUndefined();
  expect(await matched("a/b/w/1", "WRITE")).toBe(at("a/b/w/*"));
  expect(await matched("a/rw/1", "WRITE")).toBe(at("a/rw/*"));
  expect(await matched("a/b/c", "WRITE")).toBeUndefined();
});

test("scopes that are longer than any object's name are grants like others", async () => {
  const { control, grant, matched } = await grantedWorld();
  const long = "é".repeat(700);
  await grant(`${long}x*`);
  await expect(grant(`${long}x*`)).rejects.toMatchObject({ name: "AccessGrantAlreadyExists" });
  await grant(`${long}y*`);
  expect(await matched(`${long}y/1`)).toBe(`s3://photos/${long}y*`);
  expect(await matched(`${long}z`)).toBeUndefined();
  const listed = await control.send(new ListAccessGrantsCommand({ AccountId, GrantScope: `s3://photos/${long}x*` }));
  expect(listed.AccessGrantsList).toHaveLength(1);
});

async function pagesOf(control: S3ControlClient, filter: Partial<ListAccessGrantsCommandInput>) {
  const pages: (string | undefined)[][] = [];
  for (let NextToken: string | undefined; ;) {
    const listed = await control.send(new ListAccessGrantsCommand({ AccountId, MaxResults: 2, NextToken, ...filter }));
    pages.push((listed.AccessGrantsList ?? []).map(({ GrantScope }) => GrantScope?.slice("s3://photos/".length)));
    if (listed.NextToken === undefined) return pages;
    ({ NextToken } = listed);
  }
}

test("a page of grants is full however few of them a filter leaves", async () => {
  const { control, cloud, ann, grant } = await grantedWorld();
  const bob = await makeUser(cloud, "bob", {});
  const toBob = { Grantee: { GranteeType: "IAM", GranteeIdentifier: bob.arn } };
  for (let each = 0; each < 9; each++) {
    await grant(`${each}/*`, toBob);
    await grant(`${each}/*`, { Permission: each % 3 === 0 ? "WRITE" : "READ" });
  }
  const ofAnn = { GranteeType: "IAM", GranteeIdentifier: ann.arn } as const;
  expect(await pagesOf(control, { Permission: "WRITE", ...ofAnn })).toEqual([["0/*", "3/*"], ["6/*"]]);
  const written = await pagesOf(control, { Permission: "WRITE" });
  expect(written.map(({ length }) => length)).toEqual([2, 1]);
  expect(new Set(written.flat())).toEqual(new Set(["0/*", "3/*", "6/*"]));
  const four = { GrantScope: "s3://photos/4/*" };
  expect(await pagesOf(control, four)).toEqual([["4/*", "4/*"]]);
  expect(await pagesOf(control, { ...four, ...ofAnn })).toEqual([["4/*"]]);
  expect(await pagesOf(control, { ...four, GranteeType: "DIRECTORY_USER" })).toEqual([[]]);
  expect((await pagesOf(control, ofAnn)).map(({ length }) => length)).toEqual([2, 2, 2, 2, 1]);
  const register = { AccountId, LocationScope: "s3://", IAMRoleArn: `arn:aws:iam::${ACCOUNT}:role/lent` };
  await control.send(new CreateAccessGrantsLocationCommand(register));
  for (const LocationScope of ["s3://", "s3://photos/"]) {
    const only = new ListAccessGrantsLocationsCommand({ AccountId, LocationScope, MaxResults: 1 });
    expect((await control.send(only)).AccessGrantsLocationsList).toMatchObject([{ LocationScope }]);
  }
});

test("callers list their own grants, page by page, from where a path begins", async () => {
  const { asks, grant } = await grantedWorld();
  for (const prefix of ["a/1*", "a/2*", "a/3*", "b/1*"]) await grant(prefix);
  const list = async (more: object) => {
    const listed = await asks.send(new ListCallerAccessGrantsCommand({ AccountId, ...more }));
    return { scopes: listed.CallerAccessGrantsList?.map(({ GrantScope }) => GrantScope), token: listed.NextToken };
  };
  const first = await list({ MaxResults: 2, GrantScope: "s3://photos/a*" });
  expect(first.scopes).toEqual(["s3://photos/a/1*", "s3://photos/a/2*"]);
  const second = await list({ MaxResults: 2, GrantScope: "s3://photos/a*", NextToken: first.token });
  expect(second).toEqual({ scopes: ["s3://photos/a/3*"], token: undefined });
  expect((await list({ GrantScope: "s3://photos/b" })).scopes).toEqual(["s3://photos/b/1*"]);
});

/** What an earlier version left: grants that nobody has put in order. */
async function unordered(tx: Transaction): Promise<void> {
  const { account, region } = HERE;
  const instance = await tx.get(grantsInstances, account, region);
  if (instance) {
    const { held: _counted, ...former } = instance;
    tx.put(grantsInstances, former);
  }
  for (const { grants: _counted, ...former } of await tx.scan(locations, { limit: 10 })) tx.put(locations, former);
  expect(await tx.clear(grantedScopes, { limit: 10 })).toBe(2);
}

test("grants that an earlier version has kept are found, counted and taken away", async () => {
  const { open, rewrite } = lastingStore();
  const before = await grantedWorld(await open());
  const id = await before.grant("a/*");
  await before.grant("a/b/*");
  await before.cloud.close();
  await rewrite(unordered);
  const { cloud, location, matched } = withGrants(await open(), before);
  expect(await matched("a/b/c*")).toBe("s3://photos/a/b/*");
  await cloud.close();
  await rewrite(unordered);
  const again = withGrants(await open(), before);
  await expect(again.grant("a/*")).rejects.toMatchObject({ name: "AccessGrantAlreadyExists" });
  const remove = (AccessGrantId: string) =>
    again.control.send(new DeleteAccessGrantCommand({ AccountId, AccessGrantId }));
  await remove(id);
  expect(await again.matched("a/1")).toBeUndefined();
  const end = () =>
    again.control.send(new DeleteAccessGrantsLocationCommand({ AccountId, AccessGrantsLocationId: location }));
  await expect(end()).rejects.toMatchObject({ name: "AccessGrantsLocationNotEmptyError" });
  const { AccessGrantsList = [] } = await again.control.send(new ListAccessGrantsCommand({ AccountId }));
  for (const { AccessGrantId = "" } of AccessGrantsList) await remove(AccessGrantId);
  await end();
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-limitations.html
test("an instance has a hundred thousand grants and a thousand locations, and no more", async () => {
  const { open, rewrite } = lastingStore();
  const before = await grantedWorld(await open());
  await before.cloud.close();
  await rewrite(async (tx) => {
    const instance = await tx.get(grantsInstances, HERE.account, HERE.region);
    if (instance) tx.put(grantsInstances, { ...instance, held: { grants: 99_999, locations: 999 } });
  });
  const { control, grant } = withGrants(await open(), before);
  const last = await grant("a/*");
  await expect(grant("b/*")).rejects.toMatchObject({
    name: "AccessGrantsQuotaExceededError",
    $metadata: { httpStatusCode: 409 },
  });
  await control.send(new DeleteAccessGrantCommand({ AccountId, AccessGrantId: last }));
  await grant("b/*");
  const register = (LocationScope: string) =>
    control.send(
      new CreateAccessGrantsLocationCommand({
        AccountId,
        LocationScope,
        IAMRoleArn: `arn:aws:iam::${ACCOUNT}:role/lent`,
      }),
    );
  await register("s3://photos/x*");
  await expect(register("s3://photos/y*")).rejects.toMatchObject({
    name: "AccessGrantsLocationsQuotaExceededError",
    $metadata: { httpStatusCode: 409 },
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_AccessGrantsLocationConfiguration.html (the scope must be narrowed)
test("nobody is granted all the data of a region", async () => {
  const { control, ann } = await grantedWorld();
  const IAMRoleArn = `arn:aws:iam::${ACCOUNT}:role/lent`;
  await control.send(new CreateAccessGrantsLocationCommand({ AccountId, LocationScope: "s3://", IAMRoleArn }));
  const grant = (S3SubPrefix?: string) =>
    control.send(
      new CreateAccessGrantCommand({
        AccountId,
        AccessGrantsLocationId: "default",
        AccessGrantsLocationConfiguration: { S3SubPrefix },
        Grantee: { GranteeType: "IAM", GranteeIdentifier: ann.arn },
        Permission: "READ",
      }),
    );
  for (const part of [undefined, "*", "ph*", "ph?tos/*"]) {
    await expect(grant(part), part).rejects.toMatchObject({ name: "InvalidAccessGrant" });
  }
  expect((await grant("photos/*")).GrantScope).toBe("s3://photos/*");
});

// Source: https://docs.aws.amazon.com/sagemaker-unified-studio/latest/adminguide/data-s3.html (policies for those who grant)
test("policies say which parts of the data somebody may grant and register", async () => {
  const { cloud, location, ann, grant } = await grantedWorld();
  const Resource = ["location/*", "grant/*"].map((part) => `arn:aws:s3:*:*:access-grants/default/${part}`);
  const grants = {
    Effect: "Allow",
    Action: ["s3:CreateAccessGrant", "s3:DeleteAccessGrant"],
    Resource,
    Condition: { StringLike: { "s3:accessGrantScope": "s3://photos/team/*" } },
  };
  const registers = {
    Effect: "Allow",
    Action: ["s3:CreateAccessGrantsLocation", "s3:DeleteAccessGrantsLocation"],
    Resource: "arn:aws:s3:*:*:access-grants/default/*",
    Condition: { StringEquals: { "s3:accessGrantsLocationScope": "s3://photos/team/" } },
  };
  const pass = { Effect: "Allow", Action: "iam:PassRole", Resource: "*" };
  const eve = await makeUser(cloud, "eve", { allow: { Statement: [grants, registers, pass] } });
  const own = cloud.client(S3ControlClient, eve);
  const give = (S3SubPrefix: string) =>
    own.send(
      new CreateAccessGrantCommand({
        AccountId,
        AccessGrantsLocationId: location,
        AccessGrantsLocationConfiguration: { S3SubPrefix },
        Grantee: { GranteeType: "IAM", GranteeIdentifier: ann.arn },
        Permission: "READ",
      }),
    );
  const denied = { name: "AccessDenied" };
  const { AccessGrantId } = await give("team/a*");
  await expect(give("other/*")).rejects.toMatchObject(denied);
  await own.send(new DeleteAccessGrantCommand({ AccountId, AccessGrantId }));
  const other = await grant("other/*");
  await expect(own.send(new DeleteAccessGrantCommand({ AccountId, AccessGrantId: other }))).rejects.toMatchObject(
    denied,
  );
  const register = (LocationScope: string) =>
    own.send(
      new CreateAccessGrantsLocationCommand({
        AccountId,
        LocationScope,
        IAMRoleArn: `arn:aws:iam::${ACCOUNT}:role/lent`,
      }),
    );
  const { AccessGrantsLocationId } = await register("s3://photos/team/");
  await expect(register("s3://photos/x*")).rejects.toMatchObject(denied);
  await own.send(new DeleteAccessGrantsLocationCommand({ AccountId, AccessGrantsLocationId }));
  const end = new DeleteAccessGrantsLocationCommand({ AccountId, AccessGrantsLocationId: location });
  await expect(own.send(end)).rejects.toMatchObject(denied);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#S3AccessGrantsErrorCodeList
test("a role that access grants may not take on is told of as STS does", async () => {
  const { cloud, control, location, grant, asks } = await grantedWorld();
  await grant("a/*");
  const IAMRoleArn = await makeRole(cloud, "closed", { principal: { Service: "ec2.amazonaws.com" } });
  const moved = { AccountId, AccessGrantsLocationId: location, IAMRoleArn };
  await control.send(new UpdateAccessGrantsLocationCommand(moved));
  const ask = new GetDataAccessCommand({ AccountId, Target: "s3://photos/a/1", Permission: "READ" });
  await expect(asks.send(ask)).rejects.toMatchObject({
    name: "StsNotAuthorizedError",
    $metadata: { httpStatusCode: 403 },
  });
});
