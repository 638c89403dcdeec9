/**
 * Policies that let services and other accounts use log groups: up to ten of an account and region, or of one group.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
 */
import type { ResourcePolicy as ShownPolicy } from "@aws-sdk/client-cloudwatch-logs";
import type { PinnedPolicy } from "../../identity/directory.ts";
import { readPolicy } from "../../identity/policy/parse.ts";
import { assert } from "../../kernel/assert.ts";
import { page } from "../../kernel/page.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { ResourcePolicy } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { onAccount } from "./account-access.ts";
import {
  invalidParameter,
  invalidToken,
  limitExceeded,
  policyInvalid,
  policyNotFound,
  revisionWrong,
} from "./errors.ts";
import { arnOf, requireOwnGroup, type NamedGroup } from "./group-row.ts";
import { operation } from "./kit.ts";
import { PAGE_MAX, POLICY_CHARACTERS_MAX, RESOURCE_POLICIES_MAX } from "./limits.ts";

interface KeptPolicy {
  /** The group's ARN; empty for one of the account. */
  readonly of: string;
  /** Empty for a group's. */
  readonly name: string;
  readonly policy: PinnedPolicy;
  readonly revision: string;
  readonly atMs: number;
}

const policies = table<KeptPolicy>("cloudwatch-logs.resource-policy", "region", ({ of, name }) => [of, name]);

/** What the policies of a group and of its account say together. */
export async function policyOn(
  groupArnText: string,
  { account, region }: NamedGroup,
  { tx }: Pick<Context, "tx">,
): Promise<ResourcePolicy | undefined> {
  const home = tx.in({ account, region });
  const own = await home.get(policies, groupArnText, "");
  const all = await home.scan(policies, { prefix: [""], limit: RESOURCE_POLICIES_MAX });
  const kept = own === undefined ? all : [own, ...all];
  const [first] = kept;
  if (first === undefined) return undefined;
  const name = `resource policy ${kept.map((one) => one.name || "of the log group").join(", ")}`;
  if (kept.length === 1) return { name, document: first.policy.document };
  return { name, document: joined(kept.map((one) => one.policy.document)) };
}

/** One document with the statements of all. */
function joined(documents: readonly string[]): string {
  const Statement = documents.flatMap((text): readonly unknown[] => {
    const { Statement: given }: { Statement?: unknown } = JSON.parse(text);
    return Array.isArray(given) ? given : [given];
  });
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

export const putResourcePolicy = operation("PutResourcePolicy", {
  authorize: () => onAccount("PutResourcePolicy"),

  async handle({ policyName = "", policyDocument, resourceArn, expectedRevisionId }, context) {
    const { tx } = context;
    if (policyDocument === undefined || policyDocument.length > POLICY_CHARACTERS_MAX) throw policyInvalid();
    const of = resourceArn === undefined ? "" : await arnOfGroup(resourceArn, context);
    if (of === "" && policyName === "") throw invalidParameter("policyName is required for an account-level policy.");
    const was = await tx.get(policies, of, of === "" ? policyName : "");
    requireRevision(expectedRevisionId, was);
    if (was === undefined && of === "") await requireRoom(context);
    const policy = await requirePolicy(policyDocument, context);
    const atMs = context.now().getTime();
    const kept = { of, name: of === "" ? policyName : "", policy, revision: context.newId(), atMs };
    tx.put(policies, kept);
    return { resourcePolicy: await show(kept, context), ...(of !== "" && { revisionId: kept.revision }) };
  },
});

/** Takes away that of a group which is gone: another of its name begins without. */
export const forgetPolicyOf = (groupArnText: string, tx: Transaction): void => tx.delete(policies, groupArnText, "");

async function requireRoom({ tx }: Context): Promise<void> {
  const all = await tx.scan(policies, { prefix: [""], limit: RESOURCE_POLICIES_MAX });
  if (all.length === RESOURCE_POLICIES_MAX) throw limitExceeded();
}

function requireRevision(expected: string | undefined, was: KeptPolicy | undefined): void {
  if (expected !== undefined && expected !== was?.revision) throw revisionWrong();
}

/** Of the account's own. @throws {AwsError} `ResourceNotFoundException` */
async function arnOfGroup(text: string, context: Context): Promise<string> {
  return arnOf(await requireOwnGroup(text, context));
}

/**
 * The policy as it is kept. Only its form matters: what it names may be nothing of this service's, and nobody.
 * Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
 * @throws {AwsError} `InvalidParameterException`
 */
export async function requirePolicy(text: string, context: Context): Promise<PinnedPolicy> {
  const { document, faults } = readPolicy(text);
  const isFormed = faults.length === 0 && document !== undefined;
  if (!isFormed || !document.statements.every(({ effectText }) => effectText === "Allow" || effectText === "Deny")) {
    throw policyInvalid();
  }
  const pinned = await context.directory.pinPrincipals(text, context);
  if (pinned.kind === "pinned") return pinned;
  // users and roles have to be there; who is none of them is nobody
  if (pinned.principal.startsWith("arn:")) throw invalidParameter(`Invalid principal in policy: "${pinned.principal}"`);
  return { kind: "pinned", document: text, accounts: {} };
}

export const deleteResourcePolicy = operation("DeleteResourcePolicy", {
  authorize: () => onAccount("DeleteResourcePolicy"),

  async handle({ policyName = "", resourceArn, expectedRevisionId }, context) {
    const of = resourceArn === undefined ? "" : await arnOfGroup(resourceArn, context);
    const name = of === "" ? policyName : "";
    const was = await context.tx.get(policies, of, name);
    if (was === undefined) throw policyNotFound(policyName);
    requireRevision(expectedRevisionId, was);
    context.tx.delete(policies, of, name);
    return {};
  },
});

export const describeResourcePolicies = operation("DescribeResourcePolicies", {
  authorize: () => onAccount("DescribeResourcePolicies"),

  async handle({ nextToken: token, limit, resourceArn, policyScope = "ACCOUNT" }, context) {
    const { tx } = context;
    if (resourceArn !== undefined) {
      const own = await tx.get(policies, await arnOfGroup(resourceArn, context), "");
      return { resourcePolicies: own === undefined ? [] : [await describe(own, context)] };
    }
    const { rows, next } = await page(tx, policies, {
      ...(policyScope === "ACCOUNT" ? { prefix: [""] } : { startsWith: "arn:" }),
      token,
      limit,
      max: PAGE_MAX,
      invalidToken,
    });
    const resourcePolicies: ShownPolicy[] = [];
    for (const row of rows) resourcePolicies.push(await describe(row, context));
    return { resourcePolicies, ...(next !== undefined && { nextToken: next }) };
  },
});

/** Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers) */
async function show({ of, name, policy, revision, atMs }: KeptPolicy, context: Context): Promise<ShownPolicy> {
  const policyDocument = await context.directory.showPrincipals(policy, context);
  if (of === "") return { policyName: name, policyDocument, lastUpdatedTime: atMs, policyScope: "ACCOUNT" };
  return { policyDocument, lastUpdatedTime: atMs, policyScope: "RESOURCE", resourceArn: of, revisionId: revision };
}

/**
 * Described, a policy has its version, and lists of one are what is in them; who puts it gets it back as it was sent.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/logs/test_logs_resource_policies.snapshot.json (test_put_resource_policy_update, test_describe_resource_policies)
 */
async function describe(kept: KeptPolicy, context: Context): Promise<ShownPolicy> {
  const shown = await show(kept, context);
  const policy: unknown = JSON.parse(shown.policyDocument ?? "{}");
  assert(typeof policy === "object", "what is kept is a policy");
  return { ...shown, policyDocument: JSON.stringify({ Version: "2008-10-17", ...policy }, unpacked) };
}

/** The statements stay a list. */
const unpacked = (key: string, value: unknown): unknown =>
  key !== "Statement" && Array.isArray(value) && value.length === 1 ? value[0] : value;
