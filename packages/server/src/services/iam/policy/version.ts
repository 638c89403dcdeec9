/**
 * The versions of managed policies: at most five, one of them in force.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
 */
import type { PolicyVersion as VersionShape } from "@aws-sdk/client-iam";
import type { Context } from "../../../service/context.ts";
import { defaultVersionStays, policyVersionNotFound, tooManyVersions } from "../errors.ts";
import { operation } from "../kit.ts";
import { QUOTAS } from "../limits.ts";
import { listOf } from "../listing.ts";
import { awsDocument } from "./aws.ts";
import { encodeDocument } from "./document.ts";
import { policies, requirePolicy, type ManagedPolicy } from "./managed.ts";
import { onPolicy, requireCustomerPolicy, requireStorable } from "./policy.ts";
import { policyVersions, versionsOf, type PolicyVersion } from "./version-row.ts";

export const createPolicyVersion = operation("CreatePolicyVersion", {
  authorize: ({ PolicyArn }, context) => onPolicy("CreatePolicyVersion", PolicyArn, context),

  async handle({ PolicyArn, PolicyDocument: document, SetAsDefault = false }, context) {
    const { tx } = context;
    const policy = await requireCustomerPolicy(PolicyArn, context);
    requireStorable(document);
    const max = QUOTAS.VersionsPerPolicy;
    if ((await versionsOf(tx, policy)).length >= max) throw tooManyVersions(max);
    const createdAtMs = context.now().getTime();
    const version = { policyId: policy.id, version: policy.lastVersion + 1, document, createdAtMs };
    const changed = { ...policy, lastVersion: version.version, updatedAtMs: createdAtMs };
    const inForce = SetAsDefault ? { ...changed, defaultVersion: version.version, document } : changed;
    tx.put(policyVersions, version);
    tx.put(policies, inForce);
    return { PolicyVersion: formatVersion(version, inForce) };
  },
});

export const getPolicyVersion = operation("GetPolicyVersion", {
  authorize: ({ PolicyArn }, context) => onPolicy("GetPolicyVersion", PolicyArn, context),

  async handle({ PolicyArn, VersionId }, context) {
    const policy = await requirePolicy(PolicyArn, context, noVersion(VersionId));
    const version = await requireVersion(policy, VersionId, context);
    return { PolicyVersion: formatWholeVersion(version, policy) };
  },
});

export const listPolicyVersions = operation("ListPolicyVersions", {
  authorize: ({ PolicyArn }, context) => onPolicy("ListPolicyVersions", PolicyArn, context),

  async handle({ PolicyArn, ...paging }, context) {
    const policy = await requirePolicy(PolicyArn, context);
    const versions = await allVersions(policy, context);
    const { rows, paging: rest } = listOf(versions, paging, newestFirst);
    return { Versions: rows.map((version) => formatVersion(version, policy)), ...rest };
  },
});

export const setDefaultPolicyVersion = operation("SetDefaultPolicyVersion", {
  authorize: ({ PolicyArn }, context) => onPolicy("SetDefaultPolicyVersion", PolicyArn, context),

  async handle({ PolicyArn, VersionId }, context) {
    const policy = await requireCustomerPolicy(PolicyArn, context, { notFound: noVersion(VersionId) });
    const { version, document } = await requireVersion(policy, VersionId, context);
    context.tx.put(policies, { ...policy, defaultVersion: version, document });
    return {};
  },
});

export const deletePolicyVersion = operation("DeletePolicyVersion", {
  authorize: ({ PolicyArn }, context) => onPolicy("DeletePolicyVersion", PolicyArn, context),

  async handle({ PolicyArn, VersionId }, context) {
    const notFound = noVersion(VersionId);
    const doing = "delete policy versions for policies";
    const policy = await requireCustomerPolicy(PolicyArn, context, { doing, notFound });
    const { version } = await requireVersion(policy, VersionId, context);
    if (version === policy.defaultVersion) throw defaultVersionStays();
    context.tx.delete(policyVersions, policy.id, version);
    return {};
  },
});

export async function allVersions(policy: ManagedPolicy, { tx }: Pick<Context, "tx">): Promise<PolicyVersion[]> {
  return policy.owner === "aws" ? [await awsVersion(policy)] : versionsOf(tx, policy);
}

/** A version as listings show it, without its text. */
const formatVersion = ({ version, createdAtMs }: PolicyVersion, policy: ManagedPolicy): VersionShape => ({
  VersionId: `v${version}`,
  IsDefaultVersion: version === policy.defaultVersion,
  CreateDate: new Date(createdAtMs),
});

export const formatWholeVersion = (version: PolicyVersion, policy: ManagedPolicy): VersionShape => ({
  Document: encodeDocument(version.document),
  ...formatVersion(version, policy),
});

/** Where there is no policy, there is no version of it. */
const noVersion = (versionId: string) => (policyArn: string) => policyVersionNotFound(policyArn, versionId);

/** @throws {AwsError} `NoSuchEntity` */
async function requireVersion(policy: ManagedPolicy, versionId: string, context: Context): Promise<PolicyVersion> {
  const versions = await allVersions(policy, context);
  const version = versions.find((one) => `v${one.version}` === versionId);
  if (!version) throw policyVersionNotFound(policy.arn, versionId);
  return version;
}

const awsVersion = async (policy: Extract<ManagedPolicy, { owner: "aws" }>): Promise<PolicyVersion> => ({
  policyId: policy.id,
  version: policy.defaultVersion,
  document: await awsDocument(policy),
  createdAtMs: policy.updatedAtMs,
});

/** Orders the versions of one policy as texts: the highest number has the least. */
const newestFirst = ({ version }: PolicyVersion): string => String(Number.MAX_SAFE_INTEGER - version);
