/**
 * Policies of an account for all its groups: subscriptions, transformers and field indexes. Others are refused.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
 */
import type { AccountPolicy as ShownPolicy, PolicyType } from "@aws-sdk/client-cloudwatch-logs";
import { page } from "../../kernel/page.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { onAccount } from "./account-access.ts";
import { accountPolicies, type AccountPolicy } from "./account-policy-row.ts";
import { accountPolicyNotFound, invalidParameter, invalidToken, limitExceeded, policyInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { ACCOUNT_POLICIES_MAX, PAGE_MAX } from "./limits.ts";
import { parsePattern } from "./pattern/pattern.ts";
import { passing } from "./passing.ts";
import { onDestination } from "./subscription/destination-access.ts";
import { requireVendor } from "./subscription/destination.ts";
import { notBuilt } from "./unbuilt.ts";
import { parseIndexPolicy } from "./index-policy.ts";
import { areProcessors } from "./transformer/form.ts";
import { compileTransformer, type Config } from "./transformer/transform.ts";

/** What else is asked for, by what is built. */
const ACTIONS: Readonly<Partial<Record<PolicyType, string>>> = {
  SUBSCRIPTION_FILTER_POLICY: "SubscriptionFilter",
  FIELD_INDEX_POLICY: "IndexPolicy",
  TRANSFORMER_POLICY: "Transformer",
};

const rightsOf = (verb: "Put" | "Delete", type: PolicyType): readonly Access[] => {
  const noun = ACTIONS[type];
  return [onAccount(`${verb}AccountPolicy`), ...(noun === undefined ? [] : [onAccount(`${verb}${noun}`)])];
};

export const putAccountPolicy = operation("PutAccountPolicy", {
  async authorize({ policyType, policyDocument }, context) {
    const rights = rightsOf("Put", policyType);
    if (policyType !== "SUBSCRIPTION_FILTER_POLICY") return rights;
    const { DestinationArn = "", RoleArn } = readDocument(policyDocument);
    return [...rights, ...(await onDestination("PutAccountPolicy", DestinationArn, context)), ...passing(RoleArn)];
  },

  async handle(input, context) {
    const { policyName: name, policyType: type, policyDocument: document, selectionCriteria: criteria } = input;
    const { tx } = context;
    if (ACTIONS[type] === undefined) throw notBuilt(`the account policy ${type}`);
    if (input.dryRun === true) throw notBuilt("dryRun");
    const chosen = chosenBy(criteria, type);
    await requireRoom({ type, name, chosen }, context);
    const policy: AccountPolicy = {
      type,
      name,
      document,
      ...(criteria !== undefined && { criteria }),
      atMs: context.now().getTime(),
      ...(type === "SUBSCRIPTION_FILTER_POLICY" && { subscription: await readSubscription(name, document, context) }),
      ...chosen,
    };
    if (type === "FIELD_INDEX_POLICY") parseIndexPolicy(document);
    if (type === "TRANSFORMER_POLICY") await compileTransformer(readProcessors(document));
    tx.put(accountPolicies, policy);
    return { accountPolicy: show(policy, context) };
  },
});

interface Wanted {
  readonly type: PolicyType;
  readonly name: string;
  readonly chosen: Chosen;
}

/**
 * One subscription of an account and region; of others one for all groups, or several that share none.
 * @throws {AwsError} `LimitExceededException`, `InvalidParameterException`
 */
async function requireRoom({ type, name, chosen }: Wanted, { tx }: Context): Promise<void> {
  const all = await tx.scan(accountPolicies, { prefix: [type], limit: ACCOUNT_POLICIES_MAX });
  const others = all.filter((policy) => policy.name !== name);
  if (others.length === 0) return;
  const { prefixes } = chosen;
  const isFull = type === "SUBSCRIPTION_FILTER_POLICY" || others.length >= ACCOUNT_POLICIES_MAX;
  if (isFull || prefixes === undefined || others.some((other) => other.prefixes === undefined)) throw limitExceeded();
  const theirs = others.flatMap((other) => other.prefixes ?? []);
  const isShared = prefixes.some((own) => theirs.some((one) => own.startsWith(one) || one.startsWith(own)));
  if (isShared) throw invalidParameter("The selection criteria overlaps with that of another policy.");
}

/** @throws {AwsError} `InvalidParameterException` */
function readProcessors(text: string): Config {
  const found = parsed(text);
  if (!areProcessors(found)) throw policyInvalid();
  return found;
}

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
  const found = parsed(text);
  if (!isTexts(found)) throw policyInvalid();
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw policyInvalid();
  }
}

const isTexts = (value: unknown): value is Texts =>
  typeof value === "object" && value !== null && Object.values(value).every((one) => typeof one === "string");

type Chosen = Pick<AccountPolicy, "leftOut" | "prefixes">;

/**
 * Which groups a policy is for: `LogGroupName NOT IN ["a", "b"]` of subscriptions, `LogGroupNamePrefix IN ["a"]` of others.
 * @throws {AwsError} `InvalidParameterException`
 */
function chosenBy(criteria: string | undefined, type: PolicyType): Chosen {
  if (criteria === undefined || criteria === "") return { leftOut: [] };
  const isSubscription = type === "SUBSCRIPTION_FILTER_POLICY";
  if (/^\s*DataSource/.test(criteria)) throw notBuilt("data sources");
  const form = isSubscription ? /^LogGroupName\s+NOT\s+IN\s*\[(.*)\]$/s : /^LogGroupNamePrefix\s+IN\s*\[(.*)\]$/s;
  const [, list] = form.exec(criteria.trim()) ?? [];
  if (list === undefined) throw invalidParameter("The selection criteria is invalid.");
  const names = [...list.matchAll(/"([^"]*)"/g)].map(([, name = ""]) => name);
  return isSubscription ? { leftOut: names } : { leftOut: [], prefixes: names };
}

export const deleteAccountPolicy = operation("DeleteAccountPolicy", {
  authorize: ({ policyType }) => rightsOf("Delete", policyType),

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
