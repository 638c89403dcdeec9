/** Checks whether the actions of a statement know the keys that it asks for. */
import type { ActionReference, ReferencedAction } from "../../../service/action-reference.ts";
import { actionsOnType, prefixOfType } from "../resource/action.ts";
import { isNamed } from "./condition-key.ts";
import { eachStatement, issue, type Issue, type IssueCode, type PolicyCheck, type StatementCheck } from "./issue.ts";
import type { ConditionAt, StatementAt, TextAt } from "./policy-text.ts";

interface WholeAction {
  readonly at: TextAt;
  readonly prefix: string;
  readonly action: ReferencedAction;
}

/** Actions with wildcards are not looked at. */
function wholeActions({ actions, fields }: StatementAt, reference: ActionReference): readonly WholeAction[] {
  if (!fields.has("Action")) return [];
  return actions.flatMap((at) => {
    const [prefix = "", name = ""] = at.text.toLowerCase().split(":");
    const action = reference.of(prefix)?.find(name);
    return action === undefined ? [] : { at, prefix, action };
  });
}

/** A key is known to an action for itself or for one of its resources. */
function knows({ action, prefix }: WholeAction, key: string, reference: ActionReference): boolean {
  const resources = reference.of(prefix)?.resources;
  const names = [
    ...action.conditionKeys,
    ...action.resources.flatMap(({ type, conditionKeys }) => [
      ...conditionKeys,
      ...(resources?.get(type)?.conditionKeys ?? []),
    ]),
  ];
  return names.some((name) => isNamed(key, name));
}

/** Keys of the service itself, and those of identity providers that STS knows. */
const checkServiceKeys: StatementCheck = (statement, { reference }) => {
  const actions = wholeActions(statement, reference);
  return statement.conditions.flatMap((condition): readonly Issue[] => {
    const { key } = condition;
    if (key.toLowerCase().startsWith("aws:")) return [];
    const unaware = actions.filter(
      (action) => isKeyOf(key, action.prefix, reference) && !knows(action, key, reference),
    );
    if (unaware.length === 0) return [];
    const names = unaware.map(({ at }) => at.text).join(", ");
    return [
      issue("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", [...unaware.map(({ at }) => at), condition], {
        actions: names,
        key,
      }),
    ];
  });
};

const isKeyOf = (key: string, prefix: string, reference: ActionReference): boolean =>
  [...(reference.of(prefix)?.conditionKeys.keys() ?? [])].some((name) => isNamed(key, name));

const TAG_KEY = /^aws:resourcetag\//i;

/** Services none of whose resources have tags that policies see. */
const checkTagKeys: StatementCheck = ({ fields, actions, conditions, effect }, { reference }) => {
  if (effect === undefined) return [];
  const condition = conditions.find(({ key }) => TAG_KEY.test(key));
  if (condition === undefined) return [];
  const names = { conditionKeyName: condition.key };
  const notAction = fields.get("NotAction");
  if (notAction !== undefined) return [issue(TAG_CODES[effect].notAction, [notAction, condition], names)];
  const unaware = actions.filter(({ text }) => isUntagged(text, reference));
  if (unaware.length === 0) return [];
  const prefixes = new Set(unaware.map(({ text }) => text.split(":")[0]));
  return [
    issue(TAG_CODES[effect].action, [...unaware, condition], { ...names, serviceNames: [...prefixes].join(", ") }),
  ];
};

const TAG_CODES: Readonly<Record<"Allow" | "Deny", { readonly action: IssueCode; readonly notAction: IssueCode }>> = {
  Allow: {
    action: "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    notAction: "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
  },
  Deny: {
    action: "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    notAction: "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
  },
};

function isUntagged(action: string, reference: ActionReference): boolean {
  const service = reference.of(action.split(":")[0]?.toLowerCase() ?? "");
  return service !== undefined && ![...service.conditionKeys.keys()].some((name) => /resourcetag\//i.test(name));
}

const BUCKET = "AWS::S3::Bucket";

/** What the policy of a bucket, or of a role, can speak of. */
const checkResourceType: StatementCheck = ({ actions, resources, fields }, { use, reference }) => {
  const resourceType = use === "bucket" ? BUCKET : use === "trust" ? "AWS::IAM::AssumeRolePolicyDocument" : undefined;
  if (resourceType === undefined) return [];
  const type = use === "bucket" ? BUCKET : "AWS::IAM::Role";
  const known = new Set(actionsOnType(type, reference).map((action) => action.toLowerCase()));
  const wrong = actions.filter(
    ({ text }) => !/[*?]/.test(text) && fields.has("Action") && !known.has(text.toLowerCase()),
  );
  const foreign = use === "bucket" ? resources.filter(({ text }) => !isOfService(text, prefixOfType(type))) : [];
  return [
    ...wrong.map((action) => issue("UNSUPPORTED_ACTION_IN_POLICY", action, { action: action.text, resourceType })),
    ...foreign.map((resource) => issue("UNSUPPORTED_RESOURCE_ARN_IN_POLICY", resource, { resourceType })),
  ];
};

const isOfService = (arn: string, prefix: string): boolean => {
  const [head, , service] = arn.split(":");
  return arn === "*" || head !== "arn" || service === prefix || service === "*";
};

/** Keys that say what the policy already hangs on. */
const IRRELEVANT = ["s3:resourceaccount", "aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"];

const checkIrrelevant: StatementCheck = ({ conditions }, { use }) =>
  use === "bucket"
    ? conditions
        .filter(isIrrelevant)
        .map((condition) =>
          issue("IRRELEVANT_CONDITION_KEY_IN_POLICY", condition, { key: condition.key, resourceType: BUCKET }),
        )
    : [];

const isIrrelevant = ({ key }: ConditionAt): boolean => IRRELEVANT.includes(key.toLowerCase());

export const KEY_SUPPORT_CHECKS: readonly PolicyCheck[] = [
  checkServiceKeys,
  checkTagKeys,
  checkResourceType,
  checkIrrelevant,
].map(eachStatement);
