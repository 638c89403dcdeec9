/** Which roles may be taken on, and what bounds their sessions. Source: https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_CreateProfile.html */
import { validatePolicy } from "../../identity/policy/validate.ts";
import { parseArn, type Arn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { ask, askOn } from "./access.ts";
import { DEFAULT_MAPPINGS, formatMappings, withMapping, withoutMapping } from "./attribute-mapping.ts";
import { invalidSessionPolicy, limitExceeded } from "./errors.ts";
import { operation, placeOf } from "./kit.ts";
import { PROFILES_MAX, SESSION_SECONDS_USUAL } from "./limits.ts";
import { list } from "./paging.ts";
import { profileArn, profiles, requireProfile, type Profile } from "./profile-row.ts";
import { putTags, withTags } from "./tag-row.ts";

export const createProfile = operation("CreateProfile", {
  authorize: ({ tags, roleArns }) => [ask("CreateProfile", tags), ...passed(roleArns)],

  async handle(input, context) {
    const { tx, account, region } = context;
    const present = await tx.scan(profiles, { prefix: [account, region], limit: PROFILES_MAX });
    if (present.length >= PROFILES_MAX) throw limitExceeded("profiles");
    const nowMs = context.now().getTime();
    const profile: Profile = {
      ...placeOf(context),
      id: context.newId(),
      name: input.name,
      isEnabled: input.enabled ?? false,
      roleArns: input.roleArns,
      sessionPolicy: requireSessionPolicy(input.sessionPolicy),
      managedPolicyArns: input.managedPolicyArns ?? [],
      durationSeconds: input.durationSeconds ?? SESSION_SECONDS_USUAL,
      takesSessionNames: input.acceptRoleSessionName ?? false,
      requiresInstanceProperties: input.requireInstanceProperties ?? false,
      mappings: DEFAULT_MAPPINGS,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    tx.put(profiles, profile);
    putTags(profileArn(profile), withTags({}, input.tags), tx);
    return { profile: formatProfile(profile) };
  },
});

/** Who puts a role into a profile hands it to the service. Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/security_iam_service-with-iam.html */
const passed = (roleArns: readonly string[]): readonly Access[] =>
  roleArns.filter(isArn).map((resource) => ({
    action: "iam:PassRole",
    resource,
    keys: { "iam:PassedToService": "rolesanywhere.amazonaws.com" },
  }));

const isArn = (text: string): text is Arn => parseArn(text) !== undefined;

/** @throws {AwsError} `ValidationException` */
function requireSessionPolicy(text: string | undefined): string | undefined {
  const problem = text === undefined ? undefined : validatePolicy(text, "identity");
  if (problem !== undefined) throw invalidSessionPolicy(problem.message);
  return text;
}

export const getProfile = operation("GetProfile", {
  authorize: ({ profileId: id }, context) => askOn("GetProfile", { kind: "profile", id }, context),

  async handle({ profileId }, context) {
    return { profile: formatProfile(await requireProfile(profileId, context)) };
  },
});

export const listProfiles = operation("ListProfiles", {
  authorize: () => ask("ListProfiles"),

  async handle(paging, context) {
    const { rows, rest } = await list(profiles, paging, context);
    return { profiles: rows.map(formatProfile), ...rest };
  },
});

export const updateProfile = operation("UpdateProfile", {
  authorize: async ({ profileId: id, roleArns = [] }, context) => [
    await askOn("UpdateProfile", { kind: "profile", id }, context),
    ...passed(roleArns),
  ],

  async handle(input, context) {
    const present = await requireProfile(input.profileId, context);
    const changed: Profile = {
      ...present,
      name: input.name ?? present.name,
      roleArns: input.roleArns ?? present.roleArns,
      sessionPolicy: requireSessionPolicy(input.sessionPolicy) ?? present.sessionPolicy,
      managedPolicyArns: input.managedPolicyArns ?? present.managedPolicyArns,
      durationSeconds: input.durationSeconds ?? present.durationSeconds,
      takesSessionNames: input.acceptRoleSessionName ?? present.takesSessionNames,
    };
    return { profile: put(changed, context) };
  },
});

export const enableProfile = operation("EnableProfile", {
  authorize: ({ profileId: id }, context) => askOn("EnableProfile", { kind: "profile", id }, context),

  async handle({ profileId }, context) {
    return { profile: put({ ...(await requireProfile(profileId, context)), isEnabled: true }, context) };
  },
});

export const disableProfile = operation("DisableProfile", {
  authorize: ({ profileId: id }, context) => askOn("DisableProfile", { kind: "profile", id }, context),

  async handle({ profileId }, context) {
    return { profile: put({ ...(await requireProfile(profileId, context)), isEnabled: false }, context) };
  },
});

export const deleteProfile = operation("DeleteProfile", {
  authorize: ({ profileId: id }, context) => askOn("DeleteProfile", { kind: "profile", id }, context),

  async handle({ profileId }, context) {
    const { tx, account, region } = context;
    const profile = await requireProfile(profileId, context);
    tx.delete(profiles, account, region, profile.id);
    putTags(profileArn(profile), {}, tx);
    return { profile: formatProfile(profile) };
  },
});

export const putAttributeMapping = operation("PutAttributeMapping", {
  authorize: ({ profileId: id }, context) => askOn("PutAttributeMapping", { kind: "profile", id }, context),

  async handle({ profileId, certificateField, mappingRules }, context) {
    const present = await requireProfile(profileId, context);
    const specifiers = mappingRules.map(({ specifier }) => specifier);
    const mappings = withMapping(present.mappings, certificateField, specifiers);
    return { profile: put({ ...present, mappings }, context) };
  },
});

export const deleteAttributeMapping = operation("DeleteAttributeMapping", {
  authorize: ({ profileId: id }, context) => askOn("DeleteAttributeMapping", { kind: "profile", id }, context),

  async handle({ profileId, certificateField, specifiers }, context) {
    const present = await requireProfile(profileId, context);
    const mappings = withoutMapping(present.mappings, certificateField, specifiers);
    return { profile: put({ ...present, mappings }, context) };
  },
});

function put(profile: Profile, context: Context) {
  const changed = { ...profile, updatedAtMs: context.now().getTime() };
  context.tx.put(profiles, changed);
  return formatProfile(changed);
}

const formatProfile = (profile: Profile) => ({
  profileId: profile.id,
  profileArn: profileArn(profile),
  name: profile.name,
  enabled: profile.isEnabled,
  createdBy: profile.account,
  roleArns: [...profile.roleArns],
  ...(profile.sessionPolicy !== undefined && { sessionPolicy: profile.sessionPolicy }),
  managedPolicyArns: [...profile.managedPolicyArns],
  durationSeconds: profile.durationSeconds,
  acceptRoleSessionName: profile.takesSessionNames,
  requireInstanceProperties: profile.requiresInstanceProperties,
  attributeMappings: formatMappings(profile.mappings),
  createdAt: new Date(profile.createdAtMs),
  updatedAt: new Date(profile.updatedAtMs),
});
