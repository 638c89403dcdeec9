/**
 * What a tag policy may say.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html
 */
import { isTree, type PolicyTree } from "./tree.ts";

/** Whether the text of a tag policy, parsed, is one. */
export function isTagPolicy({ tags, ...others }: PolicyTree): boolean {
  if (!isTree(tags) || Object.keys(others).length > 0) return false;
  return namesIn(tags).every((key) => isTagStatement(key, tags[key]));
}

const namesIn = (tree: PolicyTree): readonly string[] => Object.keys(tree).filter((name) => !name.startsWith("@@"));

/** What a statement can say beside its key, and each is a list. */
const LISTS: ReadonlySet<string> = new Set(["tag_value", "enforced_for", "report_required_tag_for"]);

function isTagStatement(key: string, statement: unknown): boolean {
  if (!isTree(statement)) return false;
  return namesIn(statement).every((name) => {
    const setting = statement[name];
    if (!isTree(setting) || namesIn(setting).length > 0) return false;
    return name === "tag_key" ? isTagKey(key, setting) : LISTS.has(name) && isListOf(name, setting);
  });
}

/** The key of a statement is the tag's own, its case apart. */
function isTagKey(key: string, { "@@assign": tag, "@@append": more, "@@remove": less }: PolicyTree): boolean {
  if (more !== undefined || less !== undefined) return false;
  return tag === undefined || (typeof tag === "string" && tag.toLowerCase() === key.toLowerCase());
}

function isListOf(name: string, setting: PolicyTree): boolean {
  const mayBe = name === "tag_value" ? isTagValue : isResourceType;
  const values = ["@@assign", "@@append", "@@remove"].map((operator) => setting[operator]);
  return values.every((value) => value === undefined || (Array.isArray(value) && value.every(mayBe)));
}

/** With one `*` at the most. */
const isTagValue = (value: unknown): boolean => typeof value === "string" && /^[^*]*\*?[^*]*$/.test(value);

/** `ec2:instance`, or all of a service. */
const isResourceType = (value: unknown): boolean =>
  typeof value === "string" && /^[a-z0-9-]+:[\w/.-]+$|:\*$/.test(value);

/** A statement's key is the same in any case: levels meet in lower case. */
export function withLowerKeys(policy: PolicyTree): PolicyTree {
  const { tags } = policy;
  if (!isTree(tags)) return policy;
  const lower = Object.entries(tags).map(([key, value]) => [key.startsWith("@@") ? key : key.toLowerCase(), value]);
  return { ...policy, tags: Object.fromEntries(lower) };
}
