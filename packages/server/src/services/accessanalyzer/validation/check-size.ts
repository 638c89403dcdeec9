/** Checks of the whole: its size, and statements that say the same. */
import type { JsonNode } from "../../../identity/policy/json.ts";
import {
  CONTROL_POLICY_CHARACTERS_MAX,
  IDENTITY_POLICY_CHARACTERS_MAX,
  RESOURCE_POLICY_CHARACTERS_MAX,
  TRUST_POLICY_CHARACTERS_MAX,
} from "../limits.ts";
import { issue, type PolicyCheck } from "./issue.ts";
import type { Place, StatementAt } from "./policy-text.ts";

export const checkSize: PolicyCheck = ({ policy: { text }, use }) => {
  const whole: Place = { path: [], span: { start: 0, end: text.length } };
  const spaceless = text.replace(/\s/g, "").length;
  if (use === "scp" && text.length > CONTROL_POLICY_CHARACTERS_MAX) {
    return [issue("POLICY_SIZE_EXCEEDS_SCP_QUOTA", whole, sizes(text.length, CONTROL_POLICY_CHARACTERS_MAX))];
  }
  if (use === "identity" && spaceless > IDENTITY_POLICY_CHARACTERS_MAX) {
    return [
      issue("POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", whole, sizes(spaceless, IDENTITY_POLICY_CHARACTERS_MAX)),
    ];
  }
  if (use === "trust" && spaceless > TRUST_POLICY_CHARACTERS_MAX) {
    return [issue("POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", whole)];
  }
  return (use === "resource" || use === "bucket") && text.length > RESOURCE_POLICY_CHARACTERS_MAX
    ? [issue("POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", whole, sizes(text.length, RESOURCE_POLICY_CHARACTERS_MAX))]
    : [];
};

const sizes = (policySize: number, policySizeQuota: number) => ({ policySize, policySizeQuota });

/** Statements that are the same but for their ids. */
export const checkTwins: PolicyCheck = ({ policy: { statements } }) => {
  const alike = new Map<string, StatementAt[]>();
  for (const statement of statements) {
    const meaning = [...statement.fields.values()]
      .filter(({ name }) => name !== "Sid")
      .map(({ name, node }) => `${name}=${meaningOf(node)}`)
      .toSorted((one, other) => (one < other ? -1 : 1))
      .join();
    alike.set(meaning, [...(alike.get(meaning) ?? []), statement]);
  }
  return [...alike.values()].filter((twins) => twins.length > 1).map((twins) => issue("REDUNDANT_STATEMENT", twins));
};

/** Order, and a list of one or the one itself, make no difference. */
function meaningOf(node: JsonNode): string {
  if (node.kind === "array") return sorted(node.items.flatMap((item) => (item.kind === "array" ? [] : wordOf(item))));
  return sorted([wordOf(node)]);
}

function wordOf(node: JsonNode): string {
  if (node.kind === "string") return JSON.stringify(node.text);
  if (node.kind === "object") {
    return sorted(node.members.map(({ name, value }) => `${JSON.stringify(name)}:${meaningOf(value)}`));
  }
  return node.kind === "array" ? meaningOf(node) : node.text;
}

const sorted = (words: readonly string[]): string =>
  `[${words.toSorted((one, other) => (one < other ? -1 : 1)).join()}]`;
