/** Trails: made, changed, looked at and taken away. */
import type { Trail as ShownTrail } from "@aws-sdk/client-cloudtrail";
import { parseArn, type Arn } from "../../kernel/arn.ts";
import { page } from "../../kernel/page.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { passedRole } from "../../service/passed-role.ts";
import type { InputOf } from "../../service/sdk.ts";
import { forgetDeliveries } from "./delivery/pending.ts";
import { requireBucket, requireKey, requireLogs, requireTopic, requireWritable } from "./destination.ts";
import { globalEventsMissing, listTokenInvalid, tooManyTrails, trailExists, trailNotFound } from "./errors.ts";
import { operation, PRINCIPAL, type CloudtrailSdk } from "./kit.ts";
import { TRAILS_PER_REGION_MAX } from "./limits.ts";
import { leaveOrganization, organizationFor, ownerFor } from "./organization.ts";
import { tellAudience } from "./audience.ts";
import { withTags } from "./tag.ts";
import { meantBy, findTrail, onAll, onTrail, placeOf, requireOwnTrail, requireName } from "./trail-name.ts";
import { arnOf, ownTrails, putTrail, trails, trailsOfOrganization, type Trail } from "./trail-row.ts";
import { followValidation } from "./delivery/digest.ts";

type Changes = InputOf<CloudtrailSdk, "UpdateTrail">;

const isArn = (text: string | undefined): text is Arn => parseArn(text ?? "") !== undefined;

/** Who has events put into CloudWatch Logs hands a role to CloudTrail. */
const logsRole = (role: string | undefined): readonly Access[] =>
  isArn(role) ? [passedRole(role, PRINCIPAL.service)] : [];

export const createTrail = operation("CreateTrail", {
  async authorize({ Name, TagsList = [], CloudWatchLogsRoleArn }, context) {
    const requestTags = withTags({}, TagsList);
    return [{ ...(await onTrail("CreateTrail", Name, context)), requestTags }, ...logsRole(CloudWatchLogsRoleArn)];
  },

  async handle(input, context) {
    const { Name: name, TagsList = [], ...given } = input;
    requireName(name);
    const { tx, region } = context;
    const account = given.IsOrganizationTrail === true ? await ownerFor(context) : context.account;
    const bare: Trail = {
      ...placeOf(context),
      account,
      region,
      name,
      bucket: { name: given.S3BucketName, region },
      hasGlobalEvents: true,
      isMultiRegion: false,
      isValidated: false,
      selectors: { kind: "usual" },
      insights: [],
      tags: withTags({}, TagsList),
    };
    requireCombination(changed(bare, given));
    if (await tx.get(trails, account, region, name)) throw trailExists(name, account);
    await requireRoom({ tx, account, region }, given.IsMultiRegionTrail === true);
    const trail = await withDestinations(bare, given, context);
    putTrail(trail, tx);
    return formatCreated(trail);
  },
});

/** A trail of all regions counts in each. @throws {AwsError} `MaximumNumberOfTrailsExceededException` */
async function requireRoom(
  { tx, account, region }: Pick<Context, "tx" | "account" | "region">,
  isMultiRegion: boolean,
): Promise<void> {
  const own = await ownTrails(account, tx);
  const everywhere = own.filter((trail) => trail.isMultiRegion).length;
  const places = isMultiRegion ? new Set([region, ...own.map((trail) => trail.region)]) : [region];
  for (const place of places) {
    const there = own.filter((trail) => trail.region === place && !trail.isMultiRegion).length;
    if (there + everywhere >= TRAILS_PER_REGION_MAX) throw tooManyTrails(account, place);
  }
}

function requireCombination({ isMultiRegion, hasGlobalEvents }: Trail): void {
  if (isMultiRegion && !hasGlobalEvents) throw globalEventsMissing();
}

/** What is given replaces what was there; an empty text takes it away. */
function changed(trail: Trail, given: Omit<Changes, "Name">): Trail {
  const { S3BucketName, S3KeyPrefix: prefix, EnableLogFileValidation, IncludeGlobalServiceEvents } = given;
  const { bucket, isValidated, isRecursive, hasGlobalEvents, isMultiRegion } = trail;
  return {
    ...trail,
    bucket: S3BucketName === undefined ? bucket : { ...bucket, name: S3BucketName },
    prefix: prefix === undefined ? trail.prefix : prefix || undefined,
    isValidated: EnableLogFileValidation ?? isValidated,
    isRecursive: given.RecursiveLogging ?? isRecursive,
    hasGlobalEvents: IncludeGlobalServiceEvents ?? hasGlobalEvents,
    isMultiRegion: given.IsMultiRegionTrail ?? isMultiRegion,
  };
}

/** @throws {AwsError} where CloudTrail may not deliver there */
async function withDestinations(before: Trail, given: Omit<Changes, "Name">, context: Context): Promise<Trail> {
  const simple = changed(before, given);
  const organization = await organizationFor(before, given.IsOrganizationTrail, context);
  const { SnsTopicName: topic, KmsKeyId: key } = given;
  const meant = { ...simple, organization };
  const noticed = topic === undefined ? meant : { ...meant, topic: await topicOf(topic, meant, context) };
  const placed = { ...noticed, bucket: await requireBucket(noticed, context) };
  const kmsKey = key === undefined ? placed.kmsKey : await keyOf(key, placed, context);
  const encrypted = { ...placed, kmsKey };
  await requireWritable(encrypted, context);
  const { CloudWatchLogsLogGroupArn: group, CloudWatchLogsRoleArn: role } = given;
  if (group === undefined && role === undefined) return encrypted;
  const { logs } = before;
  const wanted = { group: group ?? logs?.group, role: role ?? logs?.role };
  return { ...encrypted, logs: await requireLogs(wanted, encrypted, context) };
}

const topicOf = async (name: string, trail: Trail, context: Context): Promise<Trail["topic"]> =>
  name === "" ? undefined : requireTopic(name, trail, context);

const keyOf = async (key: string, trail: Trail, context: Context): Promise<string | undefined> =>
  key === "" ? undefined : requireKey(key, trail, context);

export const updateTrail = operation("UpdateTrail", {
  authorize: async ({ Name, CloudWatchLogsRoleArn }, context) => [
    await onTrail("UpdateTrail", Name, context),
    ...logsRole(CloudWatchLogsRoleArn),
  ],

  async handle({ Name, ...given }, context) {
    const before = await requireOwnTrail(Name, context);
    requireCombination(changed(before, given));
    const trail = await withDestinations(before, given, context);
    if (before.organization !== trail.organization) leaveOrganization(before, context.tx);
    putTrail(trail, context.tx);
    await followValidation(trail, context);
    await tellAudience(trail, context);
    return formatCreated(trail);
  },
});

export const deleteTrail = operation("DeleteTrail", {
  authorize: ({ Name }, context) => onTrail("DeleteTrail", Name, context),

  async handle({ Name }, context) {
    const trail = await requireOwnTrail(Name, context);
    const { tx } = context;
    tx.delete(trails, trail.account, trail.region, trail.name);
    leaveOrganization(trail, tx);
    await forgetDeliveries(trail, context);
    await tellAudience(trail, context);
    return {};
  },
});

export const getTrail = operation("GetTrail", {
  authorize: ({ Name }, context) => onTrail("GetTrail", Name, context),

  async handle({ Name }, context) {
    const trail = await findTrail(meantBy(Name, context), context);
    if (trail === undefined) throw trailNotFound(Name, context.account);
    return { Trail: formatTrail(trail) };
  },
});

export const describeTrails = operation("DescribeTrails", {
  authorize: () => onAll("DescribeTrails"),

  async handle({ trailNameList: names = [], includeShadowTrails: withShadows = true }, context) {
    const there = await trailsSeen(context);
    const shown = there.filter(({ region }) => withShadows || region === context.region);
    if (names.length === 0) return { trailList: shown.map(formatTrail) };
    const wanted = new Set(names.map((name): string => meantBy(name, context).arn));
    // an ARN also finds what was made elsewhere
    const all = await ownTrails(context.account, context.tx);
    const found = new Map([...all, ...shown].map((trail) => [arnOf(trail), trail]));
    return { trailList: [...found.values()].filter((trail) => wanted.has(arnOf(trail))).map(formatTrail) };
  },
});

/** Those of this region, and the shadows of others. */
async function trailsSeen(context: Context): Promise<Trail[]> {
  const { account, region, tx, directory } = context;
  const organization = await directory.organizationOf(account, tx);
  const foreign = await trailsOfOrganization(organization?.organizationId, account, tx);
  return [...(await ownTrails(account, tx)), ...foreign].filter(
    (trail) => trail.region === region || trail.isMultiRegion,
  );
}

const TRAILS_PER_PAGE = 100;

/** Of all regions. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTrails.html */
export const listTrails = operation("ListTrails", {
  authorize: () => onAll("ListTrails"),

  async handle({ NextToken: token }, { tx, account }) {
    const prefix = [account];
    const { rows, next } = await page(tx, trails, {
      prefix,
      token,
      max: TRAILS_PER_PAGE,
      invalidToken: listTokenInvalid,
    });
    const Trails = rows.map((trail) => ({ TrailARN: arnOf(trail), Name: trail.name, HomeRegion: trail.region }));
    return { Trails, ...(next !== undefined && { NextToken: next }) };
  },
});

/** What making and changing a trail answer. */
function formatCreated(trail: Trail) {
  const { name, bucket, prefix, topic, logs, kmsKey } = trail;
  return {
    Name: name,
    S3BucketName: bucket.name,
    ...(prefix !== undefined && { S3KeyPrefix: prefix }),
    ...(topic !== undefined && { SnsTopicName: topic.name, SnsTopicARN: topic.arn }),
    IncludeGlobalServiceEvents: trail.hasGlobalEvents,
    IsMultiRegionTrail: trail.isMultiRegion,
    TrailARN: arnOf(trail),
    LogFileValidationEnabled: trail.isValidated,
    RecursiveLogging: trail.isRecursive ?? true,
    ...(logs !== undefined && { CloudWatchLogsLogGroupArn: logs.group, CloudWatchLogsRoleArn: logs.role }),
    ...(kmsKey !== undefined && { KmsKeyId: kmsKey }),
    IsOrganizationTrail: trail.organization !== undefined,
  };
}

const formatTrail = (trail: Trail): ShownTrail => ({
  ...formatCreated(trail),
  HomeRegion: trail.region,
  HasCustomEventSelectors: trail.selectors.kind !== "usual",
  HasInsightSelectors: trail.insights.length > 0,
});
