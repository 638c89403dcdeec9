import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateAccessGrantCommand,
  CreateAccessGrantsInstanceCommand,
  CreateAccessGrantsLocationCommand,
  DeleteAccessGrantCommand,
  DeleteAccessGrantsInstanceCommand,
  DeleteAccessGrantsInstanceResourcePolicyCommand,
  DeleteAccessGrantsLocationCommand,
  GetAccessGrantCommand,
  GetAccessGrantsInstanceCommand,
  GetAccessGrantsInstanceForPrefixCommand,
  GetAccessGrantsInstanceResourcePolicyCommand,
  GetAccessGrantsLocationCommand,
  GetDataAccessCommand,
  ListAccessGrantsCommand,
  ListAccessGrantsInstancesCommand,
  ListAccessGrantsLocationsCommand,
  ListCallerAccessGrantsCommand,
  PutAccessGrantsInstanceResourcePolicyCommand,
  S3ControlClient,
  UpdateAccessGrantsLocationCommand,
} from "@aws-sdk/client-s3-control";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeRole, makeUser, type TestUser } from "../../../../../test/identities.ts";
import { ACCOUNT, pathStyle, policyOf, refusal, s3World, type S3World } from "../../../../../test/s3-world.ts";
import { issued } from "../../../../../test/test-cloud.ts";

const AccountId = ACCOUNT;
const INSTANCE = `arn:aws:s3:us-east-1:${ACCOUNT}:access-grants/default`;
const GRANTS = "access-grants.s3.amazonaws.com";

interface GrantWorld extends S3World {
  readonly control: S3ControlClient;
  readonly role: string;
  /** The id of the location that the bucket is. */
  readonly location: string;
  readonly ann: TestUser;
  /** S3 Control, as ann calls it. */
  readonly asks: S3ControlClient;
  readonly grant: (S3SubPrefix: string | undefined, Permission: "READ" | "READWRITE", more?: object) => Promise<string>;
}

/**
 * What AWS proposes for the role of a location.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-location-register.html
 */
const PROPOSED = {
  Effect: "Allow",
  Action: "s3:*",
  Resource: "*",
  Condition: {
    StringEquals: { "aws:ResourceAccount": ACCOUNT },
    ArnEquals: { "s3:AccessGrantsInstanceArn": INSTANCE },
  },
};

/** A world with an instance, a location for its bucket and a user without rights in it. */
async function grantWorld(): Promise<GrantWorld> {
  const world = await s3World();
  const { cloud, bucket } = world;
  const role = await makeRole(cloud, "lent", {
    principal: { Service: GRANTS },
    trustActions: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:SetContext"],
    trustCondition: { StringEquals: { "aws:SourceArn": INSTANCE, "aws:SourceAccount": ACCOUNT } },
    allow: { Statement: [PROPOSED] },
  });
  const control = cloud.client(S3ControlClient);
  await control.send(new CreateAccessGrantsInstanceCommand({ AccountId }));
  const scope = { LocationScope: `s3://${bucket}/`, IAMRoleArn: role };
  const { AccessGrantsLocationId: location = "" } = await control.send(
    new CreateAccessGrantsLocationCommand({ AccountId, ...scope }),
  );
  const ann = await makeUser(cloud, "ann", { allow: ["s3:GetDataAccess", "s3:ListCallerAccessGrants"] });
  return {
    ...world,
    control,
    role,
    location,
    ann,
    asks: cloud.client(S3ControlClient, ann),
    async grant(S3SubPrefix, Permission, more = {}) {
      const { AccessGrantId = "" } = await control.send(
        new CreateAccessGrantCommand({
          AccountId,
          AccessGrantsLocationId: location,
          AccessGrantsLocationConfiguration: { S3SubPrefix },
          Grantee: { GranteeType: "IAM", GranteeIdentifier: ann.arn },
          Permission,
          ...more,
        }),
      );
      return AccessGrantId;
    },
  };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-credentials.html
test("who has a grant gets credentials, for what was granted and no more", async () => {
  const { cloud, bucket, put, asks, ann, grant } = await grantWorld();
  await put("team/a", "hello");
  await put("other/b");
  const ask = (Target: string, Permission: "READ" | "WRITE" | "READWRITE", more = {}) =>
    asks.send(new GetDataAccessCommand({ AccountId, Target, Permission, ...more }));
  await expect(ask(`s3://${bucket}/team/*`, "READ")).rejects.toMatchObject({ name: "AccessDenied" });
  await grant("team/*", "READ");
  const given = await ask(`s3://${bucket}/team/x/*`, "READ");
  expect(given).toMatchObject({
    MatchedGrantTarget: `s3://${bucket}/team/*`,
    Grantee: { GranteeType: "IAM", GranteeIdentifier: ann.arn },
  });
  const lent = pathStyle(cloud, issued(given.Credentials ?? {}));
  const get = (Key: string) => lent.send(new GetObjectCommand({ Bucket: bucket, Key }));
  expect(await (await get("team/a")).Body?.transformToString()).toBe("hello");
  expect((await lent.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "team/" }))).KeyCount).toBe(1);
  expect(await refusal(get("other/b"))).toMatchObject({ code: "AccessDenied" });
  expect(await refusal(lent.send(new ListObjectsV2Command({ Bucket: bucket })))).toMatchObject({
    code: "AccessDenied",
  });
  const write = new PutObjectCommand({ Bucket: bucket, Key: "team/c", Body: "x" });
  expect(await refusal(lent.send(write))).toMatchObject({ code: "AccessDenied" });
  await expect(ask(`s3://${bucket}/team/*`, "READWRITE")).rejects.toMatchObject({ name: "AccessDenied" });
  const narrow = await ask(`s3://${bucket}/team/x/*`, "READ", { Privilege: "Minimal" });
  expect(narrow.MatchedGrantTarget).toBe(`s3://${bucket}/team/x/*`);
  const less = pathStyle(cloud, issued(narrow.Credentials ?? {}));
  const outside = new GetObjectCommand({ Bucket: bucket, Key: "team/a" });
  expect(await refusal(less.send(outside))).toMatchObject({ code: "AccessDenied" });
});

test("a role that is for grants alone is nobody's who takes it on otherwise", async () => {
  const { cloud, s3, bucket: Bucket } = await s3World();
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
  const RoleArn = await makeRole(cloud, "lent", { allow: { Statement: [PROPOSED] } });
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: "access-grants-1" });
  const { Credentials } = await cloud.client(STSClient, ann).send(assume);
  const get = new GetObjectCommand({ Bucket, Key: "k" });
  const taken = pathStyle(cloud, issued(Credentials ?? {}));
  expect(await refusal(taken.send(get))).toMatchObject({ code: "AccessDenied" });
});

test("a grant for one object is for that one", async () => {
  const { bucket, asks, grant } = await grantWorld();
  await expect(grant("one.txt", "READ")).rejects.toMatchObject({ name: "InvalidAccessGrant" });
  await grant("one.txt", "READWRITE", { S3PrefixType: "Object" });
  const ask = (Target: string) =>
    asks.send(new GetDataAccessCommand({ AccountId, Target, Permission: "WRITE", TargetType: "Object" }));
  expect((await ask(`s3://${bucket}/one.txt`)).MatchedGrantTarget).toBe(`s3://${bucket}/one.txt`);
  await expect(ask(`s3://${bucket}/one.txt.bak`)).rejects.toMatchObject({ name: "AccessDenied" });
});

test("what would be a wildcard in a policy is a character of the granted part", async () => {
  const { cloud, bucket, put, asks, grant } = await grantWorld();
  for (const key of ["who?.txt", "whom.txt", "a*b/x", "a-b/x", "${aws:username}/x", "ann/x"]) await put(key, key);
  await grant("who?.txt", "READ", { S3PrefixType: "Object" });
  await grant("a*b/*", "READ");
  await grant("${aws:username}/*", "READ");
  const lentFor = async (Target: string) => {
    const { Credentials } = await asks.send(new GetDataAccessCommand({ AccountId, Target, Permission: "READ" }));
    const lent = pathStyle(cloud, issued(Credentials ?? {}));
    return (Key: string) => lent.send(new GetObjectCommand({ Bucket: bucket, Key }));
  };
  for (const [target, granted, other] of [
    ["who?.txt", "who?.txt", "whom.txt"],
    ["a*b/*", "a*b/x", "a-b/x"],
    ["${aws:username}/*", "${aws:username}/x", "ann/x"],
  ] as const) {
    const get = await lentFor(`s3://${bucket}/${target}`);
    expect(await (await get(granted)).Body?.transformToString()).toBe(granted);
    expect(await refusal(get(other)), other).toMatchObject({ code: "AccessDenied" });
  }
});

test("grants, locations and the instance are shown, and end in that order", async () => {
  const { control, bucket, asks, role, location, ann, grant } = await grantWorld();
  const id = await grant("team/*", "READ");
  const shown = await control.send(new GetAccessGrantCommand({ AccountId, AccessGrantId: id }));
  expect(shown).toMatchObject({
    AccessGrantArn: `${INSTANCE}/grant/${id}`,
    GrantScope: `s3://${bucket}/team/*`,
    AccessGrantsLocationConfiguration: { S3SubPrefix: "team/*" },
    Permission: "READ",
  });
  await expect(grant("team/*", "READ")).rejects.toMatchObject({ name: "AccessGrantAlreadyExists" });
  const filter = { GranteeType: "IAM", GranteeIdentifier: ann.arn } as const;
  expect((await control.send(new ListAccessGrantsCommand({ AccountId, ...filter }))).AccessGrantsList).toHaveLength(1);
  const none = { Permission: "WRITE" } as const;
  expect((await control.send(new ListAccessGrantsCommand({ AccountId, ...none }))).AccessGrantsList).toEqual([]);
  const own = await asks.send(new ListCallerAccessGrantsCommand({ AccountId }));
  expect(own.CallerAccessGrantsList).toEqual([{ Permission: "READ", GrantScope: `s3://${bucket}/team/*` }]);
  const at = { AccountId, AccessGrantsLocationId: location };
  expect(await control.send(new GetAccessGrantsLocationCommand(at))).toMatchObject({
    AccessGrantsLocationArn: `${INSTANCE}/location/${location}`,
    LocationScope: `s3://${bucket}/`,
    IAMRoleArn: role,
  });
  expect(await control.send(new UpdateAccessGrantsLocationCommand({ ...at, IAMRoleArn: role }))).toMatchObject({
    IAMRoleArn: role,
  });
  const listed = await control.send(new ListAccessGrantsLocationsCommand({ AccountId }));
  expect(listed.AccessGrantsLocationsList).toHaveLength(1);
  const endLocation = () => control.send(new DeleteAccessGrantsLocationCommand(at));
  const endInstance = () => control.send(new DeleteAccessGrantsInstanceCommand({ AccountId }));
  await expect(endLocation()).rejects.toMatchObject({ name: "AccessGrantsLocationNotEmptyError" });
  await expect(endInstance()).rejects.toMatchObject({ name: "AccessGrantsInstanceNotEmptyError" });
  await control.send(new DeleteAccessGrantCommand({ AccountId, AccessGrantId: id }));
  await endLocation();
  await endInstance();
  await expect(control.send(new GetAccessGrantsInstanceCommand({ AccountId }))).rejects.toMatchObject({
    name: "AccessGrantsInstanceNotExistsError",
    $metadata: { httpStatusCode: 404 },
  });
});

test("another account asks where the instance's policy lets it", async () => {
  const { cloud, bucket, control, location, put } = await grantWorld();
  await put("k", "x");
  const account = "111111111111";
  const bob = await makeUser(cloud, "bob", { account, allow: ["s3:*"] });
  await control.send(
    new CreateAccessGrantCommand({
      AccountId,
      AccessGrantsLocationId: location,
      AccessGrantsLocationConfiguration: { S3SubPrefix: "*" },
      Grantee: { GranteeType: "IAM", GranteeIdentifier: bob.arn },
      Permission: "READ",
    }),
  );
  const asks = cloud.client(S3ControlClient, bob);
  const ask = () => asks.send(new GetDataAccessCommand({ AccountId, Target: `s3://${bucket}/k*`, Permission: "READ" }));
  await expect(ask()).rejects.toMatchObject({ name: "AccessDenied" });
  const Action = ["s3:GetDataAccess", "s3:GetAccessGrantsInstanceForPrefix"];
  const Policy = policyOf({ Effect: "Allow", Principal: { AWS: account }, Action, Resource: INSTANCE });
  await control.send(new PutAccessGrantsInstanceResourcePolicyCommand({ AccountId, Policy }));
  const { Credentials } = await ask();
  const lent = pathStyle(cloud, issued(Credentials ?? {}));
  await lent.send(new GetObjectCommand({ Bucket: bucket, Key: "k" }));
  const found = new GetAccessGrantsInstanceForPrefixCommand({ AccountId, S3Prefix: `s3://${bucket}/k` });
  expect((await asks.send(found)).AccessGrantsInstanceArn).toBe(INSTANCE);
  // as who asks: the account that makes the request
  const asOneself = () =>
    asks.send(new GetAccessGrantsInstanceForPrefixCommand({ ...found.input, AccountId: account }));
  expect((await asOneself()).AccessGrantsInstanceArn).toBe(INSTANCE);
  const shown = () => control.send(new GetAccessGrantsInstanceResourcePolicyCommand({ AccountId }));
  expect(JSON.parse((await shown()).Policy ?? "")).toMatchObject({ Statement: [{ Resource: INSTANCE }] });
  await control.send(new DeleteAccessGrantsInstanceResourcePolicyCommand({ AccountId }));
  await expect(shown()).rejects.toMatchObject({ name: "AccessGrantsInstanceResourcePolicyNotExists" });
  await expect(ask()).rejects.toMatchObject({ name: "AccessDenied" });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetAccessGrantsInstanceForPrefix.html (the prefix owner account must grant it)
  await expect(asOneself()).rejects.toMatchObject({ name: "AccessDenied" });
});

test("an account has one instance in a region; what is registered is its own", async () => {
  const { control, role, bucket } = await grantWorld();
  await expect(control.send(new CreateAccessGrantsInstanceCommand({ AccountId }))).rejects.toMatchObject({
    name: "AccessGrantsInstanceAlreadyExists",
  });
  const all = await control.send(new ListAccessGrantsInstancesCommand({ AccountId }));
  expect(all.AccessGrantsInstancesList).toMatchObject([{ AccessGrantsInstanceArn: INSTANCE }]);
  const register = (LocationScope: string, IAMRoleArn = role) =>
    control.send(new CreateAccessGrantsLocationCommand({ AccountId, LocationScope, IAMRoleArn }));
  expect((await register("s3://")).AccessGrantsLocationId).toBe("default");
  const again = { name: "AccessGrantsLocationAlreadyExistsError" };
  await expect(register(`s3://${bucket}/`)).rejects.toMatchObject(again);
  await expect(register("s3://nowhere/")).rejects.toMatchObject({ name: "InvalidAccessGrantsLocation" });
  const nobody = `arn:aws:iam::${ACCOUNT}:role/nobody`;
  await expect(register(`s3://${bucket}/x*`, nobody)).rejects.toMatchObject({ name: "InvalidIamRole" });
});
