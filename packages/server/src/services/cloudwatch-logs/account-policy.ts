/**
 * Policies of an account for all its groups: subscriptions and field indexes. Others are refused.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
 */
import type { AccountPolicy as ShownPolicy, PolicyType } from "@aws-sdk/client-cloudwatch-logs";
import { page } from "../../kernel/page.ts";
import type { Context } from "../../service/context.ts";
import { onAccount } from "./account-access.ts";
import { accountPolicies, type AccountPolicy } from "./account-policy-row.ts";
import { accountPolicyNotFound, invalidParameter, invalidToken, limitExceeded, policyInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { PAGE_MAX } from "./limits.ts";
import { parsePattern } from "./pattern/pattern.ts";
import { requireVendor } from "./subscription/destination.ts";
import { notBuilt } from "./unbuilt.ts";
import { parseIndexPolicy } from "./index-policy.ts";

const BUILT: ReadonlySet<PolicyType> = new Set(["SUBSCRIPTION_FILTER_POLICY", "FIELD_INDEX_POLICY"]);

export const putAccountPolicy = operation("PutAccountPolicy", {
  authorize: ({ policyType }) => [
    onAccount("PutAccountPolicy"),
    ...(policyType === "SUBSCRIPTION_FILTER_POLICY" ? [onAccount("PutSubscriptionFilter")] : []),
    ...(policyType === "FIELD_INDEX_POLICY" ? [onAccount("PutIndexPolicy")] : []),
  ],

  async handle(input, context) {
    const { policyName: name, policyType: type, policyDocument: document, selectionCriteria: criteria } = input;
    const { tx } = context;
    if (!BUILT.has(type)) throw notBuilt(`the account policy ${type}`);
    if (input.dryRun === true) throw notBuilt("dryRun");
    const was = await tx.get(accountPolicies, type, name);
    if (was === undefined) await requireRoom(type, context);
    const policy: AccountPolicy = {
      type,
      name,
      document,
      ...(criteria !== undefined && { criteria }),
      atMs: context.now().getTime(),
      ...(type === "SUBSCRIPTION_FILTER_POLICY" && { subscription: await readSubscription(name, document, context) }),
      leftOut: leftOutBy(criteria, type),
    };
    if (type === "FIELD_INDEX_POLICY") parseIndexPolicy(document);
    tx.put(accountPolicies, policy);
    return { accountPolicy: show(policy, context) };
  },
});

/** One subscription of an account and region. */
async function requireRoom(type: PolicyType, { tx }: Context): Promise<void> {
  const max = type === "SUBSCRIPTION_FILTER_POLICY" ? 1 : INDEX_POLICIES_MAX;
  if ((await tx.scan(accountPolicies, { prefix: [type], limit: max })).length >= max) throw limitExceeded();
}

const INDEX_POLICIES_MAX = 20;

/** @throws {AwsError} `InvalidParameterException` */
async function readSubscription(name: string, text: string, context: Context) {
  const { DestinationArn, RoleArn, FilterPattern = "", Distribution } = readDocument(text);
  if (DestinationArn === undefined) throw policyInvalid();
  const distribution = Distribution ?? "ByLogStream";
  if (distribution !== "ByLogStream" && distribution !== "Random") throw policyInvalid();
  requireVendor({ destinationArn: DestinationArn, roleArn: RoleArn }, context);
  await parsePattern(FilterPattern);
  return {
    name,
    pattern: FilterPattern,
    destination: DestinationArn,
    ...(RoleArn !== undefined && { role: RoleArn }),
    distribution,
    onTransformed: false,
    createdAtMs: context.now().getTime(),
  } as const;
}

type Texts = Readonly<Record<string, string | undefined>>;
interface SubscriptionDocument extends Texts {
  readonly DestinationArn?: string;
  readonly RoleArn?: string;
  readonly FilterPattern?: string;
  readonly Distribution?: string;
}

/** @throws {AwsError} `InvalidParameterException` */
function readDocument(text: string): SubscriptionDocument {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw policyInvalid();
  }
  if (!isTexts(found)) throw policyInvalid();
  return found;
}

const isTexts = (value: unknown): value is Texts =>
  typeof value === "object" && value !== null && Object.values(value).every((one) => typeof one === "string");

/**
 * Names of groups that a policy leaves out: `LogGroupName NOT IN ["a", "b"]`.
 * @throws {AwsError} `InvalidParameterException`
 */
function leftOutBy(criteria: string | undefined, type: PolicyType): readonly string[] {
  if (criteria === undefined || criteria === "") return [];
  if (type !== "SUBSCRIPTION_FILTER_POLICY") throw notBuilt(`selectionCriteria of ${type}`);
  const [, list] = /^\s*LogGroupName\s+NOT\s+IN\s*\[(.*)\]\s*$/s.exec(criteria) ?? [];
  if (list === undefined) throw invalidParameter("The selection criteria is invalid.");
  return [...list.matchAll(/"([^"]*)"/g)].map(([, name = ""]) => name);
}

export const deleteAccountPolicy = operation("DeleteAccountPolicy", {
  authorize: ({ policyType }) => [
    onAccount("DeleteAccountPolicy"),
    ...(policyType === "SUBSCRIPTION_FILTER_POLICY" ? [onAccount("DeleteSubscriptionFilter")] : []),
    ...(policyType === "FIELD_INDEX_POLICY" ? [onAccount("DeleteIndexPolicy")] : []),
  ],

  async handle({ policyName, policyType, dryRun }, { tx }) {
    if (dryRun === true) throw notBuilt("dryRun");
    if ((await tx.get(accountPolicies, policyType, policyName)) === undefined) throw accountPolicyNotFound();
    tx.delete(accountPolicies, policyType, policyName);
    return {};
  },
});

export const describeAccountPolicies = operation("DescribeAccountPolicies", {
  authorize: () => onAccount("DescribeAccountPolicies"),

  async handle({ policyType, policyName, accountIdentifiers, nextToken: token }, context) {
    if (accountIdentifiers !== undefined && !accountIdentifiers.includes(context.account))
      return { accountPolicies: [] };
    if (policyName !== undefined) {
      const found = await context.tx.get(accountPolicies, policyType, policyName);
      if (found === undefined) throw accountPolicyNotFound();
      return { accountPolicies: [show(found, context)] };
    }
    const { rows, next } = await page(context.tx, accountPolicies, {
      prefix: [policyType],
      token,
      max: PAGE_MAX,
      invalidToken,
    });
    return { accountPolicies: rows.map((row) => show(row, context)), ...(next !== undefined && { nextToken: next }) };
  },
});

const show = ({ type, name, document, criteria, atMs }: AccountPolicy, { account }: Context): ShownPolicy => ({
  policyName: name,
  policyDocument: document,
  lastUpdatedTime: atMs,
  policyType: type,
  scope: "ALL",
  ...(criteria !== undefined && { selectionCriteria: criteria }),
  accountId: account,
});
