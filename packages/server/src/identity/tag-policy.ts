/**
 * Tags that tag policies of an organization do not let resources have.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies-enforcement.html
 */
import { parseArn } from "../kernel/arn.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { findOwn } from "../kernel/lookup.ts";
import type { Access } from "../service/access.ts";
import type { Context } from "../service/context.ts";

/** What is enforced of one tag. */
export interface TagRule {
  /** As it is to be written. */
  readonly key: string;
  /** Each with one `*` at the most; empty: any. */
  readonly values: readonly string[];
  /** `secretsmanager:secret`, `ec2:*`. */
  readonly enforcedFor: readonly string[];
}

/** Most requests set none, and have nothing to wait for. */
export const setsTags = ({ requestTags }: Access): boolean =>
  requestTags !== undefined && Object.keys(requestTags).length > 0;

/**
 * Who may set tags is one question, which tags an organization lets resources have another.
 * @throws {AwsError} where the request sets a tag that a rule for the resource does not allow
 */
export async function requireAllowedTags(
  access: Access,
  { account, directory, tx }: Pick<Context, "account" | "directory" | "tx">,
): Promise<void> {
  const { requestTags = {}, owner = account } = access;
  const standing = await directory.organizationOf(owner, tx);
  const own = (standing?.tagRules ?? []).filter(({ enforcedFor }) => enforcedFor.some((type) => isOf(access, type)));
  for (const [key, value] of Object.entries(requestTags)) {
    const rule = own.find((one) => one.key.toLowerCase() === key.toLowerCase());
    if (rule !== undefined && !(rule.key === key && allows(rule, value))) throw tagNotAllowed(key);
  }
}

/**
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList, SNS's model (the code; assumed
 * for all other services), https://docs.spot.io/ (the words)
 */
const tagNotAllowed = (key: string): AwsError =>
  new AwsError(
    "TagPolicyException",
    `The tag policy does not allow the specified value for the following tag key: '${key}'.`,
  );

const allows = ({ values }: TagRule, value: string): boolean =>
  values.length === 0 || values.some((pattern) => isLike(value, pattern));

function isLike(value: string, pattern: string): boolean {
  const [start = "", end] = pattern.split("*");
  if (end === undefined) return value === pattern;
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}

/** How AWS calls all types of a service. */
const ALL: ReadonlySet<string> = new Set(["*", "ALL_SUPPORTED"]);

function isOf({ action, resource }: Access, type: string): boolean {
  const [service = "", name = ""] = type.split(":");
  const [acting = "", operation = ""] = action.split(":");
  if (service !== acting.toLowerCase()) return false;
  return ALL.has(name) || plain(name) === plain(typeIn(resource, service) ?? madeBy(operation));
}

/** Types are written in several ways: `userpool`, `event-bus`, `EventBus`. */
const plain = (name: string): string => name.toLowerCase().replaceAll("-", "");

/** Of resources whose ARN does not say what they are. */
const UNSAID: Readonly<Record<string, string>> = { s3: "bucket", sns: "topic", sqs: "queue" };

/** `undefined`: the resource is not there yet. */
function typeIn(resource: string, service: string): string | undefined {
  const { resource: named = "*" } = parseArn(resource) ?? {};
  const [, type] = /^([^:/]+)[:/]/.exec(named) ?? [];
  if (named === "*") return undefined;
  const unsaid = findOwn(UNSAID, service);
  if (unsaid === undefined) return type;
  return type === undefined ? unsaid : "object";
}

/** `key` of `CreateKey`. */
const madeBy = (operation: string): string => operation.replace(/^(Create|Put|Register|Publish)/, "");
