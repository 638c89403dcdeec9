/** What a permission says: a statement without resource and principal. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_CreatePermission.html */
import { validatePolicy } from "../../identity/policy/validate.ts";
import { invalidTemplate, malformedTemplate } from "./errors.ts";
import type { ResourceType } from "./resource-type.ts";

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface PolicyTemplate {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Condition?: Conditions;
}

/** Source: https://docs.aws.amazon.com/ram/latest/userguide/managed-permission-considerations.html */
const FORBIDDEN_KEYS =
  /^aws:(principalorgid|principalorgpaths|principalaccount|sourcearn|sourceaccount|(principal|resource|request)tag\/aws:.*)$/i;

/**
 * A template as its customer wrote it.
 *
 * @throws {AwsError} `MalformedPolicyTemplateException`, `InvalidPolicyException`
 */
export function parseTemplate(text: string, type: ResourceType): PolicyTemplate {
  const written = readObject(text);
  const other = Object.keys(written).find((name) => !["Effect", "Action", "Condition"].includes(name));
  if (other !== undefined) throw malformedTemplate(`The policy template can't have the element ${other}.`);
  if (typeof written.Effect !== "string" || written.Effect.toLowerCase() !== "allow") {
    throw malformedTemplate("The effect of the policy template must be Allow.");
  }
  const actions = typeof written.Action === "string" ? [written.Action] : written.Action;
  if (!isTexts(actions) || actions.length === 0) throw malformedTemplate("The policy template has no actions.");
  requireActions(actions, type);
  const template = {
    Effect: "Allow",
    Action: actions,
    ...(written.Condition && { Condition: written.Condition }),
  } as const;
  requireConditions(template.Condition ?? {});
  requirePolicy(template);
  return template;
}

interface Written {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Condition?: Conditions;
}

function readObject(text: string): Written {
  try {
    const value: unknown = JSON.parse(text);
    if (isWritten(value)) return value;
  } catch {
    throw malformedTemplate("The policy template is not valid JSON.");
  }
  throw malformedTemplate("The policy template is not a JSON object.");
}

function isWritten(value: unknown): value is Written {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const condition: unknown = "Condition" in value ? value.Condition : {};
  return (
    typeof condition === "object" &&
    condition !== null &&
    Object.values(condition).every((keys) => typeof keys === "object" && keys !== null)
  );
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

function requireActions(actions: readonly string[], { service, name }: ResourceType): void {
  const foreign = actions.find((action) => !action.toLowerCase().startsWith(`${service}:`));
  if (foreign !== undefined) throw invalidTemplate(`The action ${foreign} is not supported by ${name}.`);
}

function requireConditions(conditions: Conditions): void {
  for (const [operator, keys] of Object.entries(conditions)) {
    if (/not/i.test(operator)) throw invalidTemplate(`The condition operator ${operator} is not supported.`);
    const forbidden = Object.keys(keys).find((key) => FORBIDDEN_KEYS.test(key));
    if (forbidden !== undefined) throw invalidTemplate(`The condition key ${forbidden} is not supported.`);
  }
}

/** As a statement it has to be one that IAM takes. */
function requirePolicy(template: PolicyTemplate): void {
  const statement = { ...template, Principal: "*", Resource: "*" };
  const problem = validatePolicy(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }), "resource");
  if (problem !== undefined) throw invalidTemplate(problem.message);
}
