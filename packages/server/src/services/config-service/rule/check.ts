/** What a rule has to be. Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigRule.html */
import { parseBounded } from "../../../kernel/bounded-json.ts";
import type { ConfigRuleState, MaximumExecutionFrequency, Owner } from "@aws-sdk/client-config-service";
import { parseArn } from "../../../kernel/arn.ts";
import {
  createdByGiven,
  functionArnInvalid,
  managedRuleUnbuilt,
  managedRuleUnknown,
  notImplemented,
  parametersInvalid,
  parametersMissing,
  parametersUnknown,
  scopeTagKeyMissing,
  scopeTwice,
  scopeTypeMissing,
  sourceDetailsGiven,
  sourceDetailsMissing,
  stateInvalid,
  parameterNoNumber,
} from "../errors.ts";
import { findManagedRule, isWaiting } from "../managed/rules.ts";
import type { Parameters } from "../managed/rule-kind.ts";
import type { RuleScope, RuleSource } from "./row.ts";

export interface GivenRule {
  readonly ConfigRuleName?: string | undefined;
  readonly ConfigRuleArn?: string | undefined;
  readonly ConfigRuleId?: string | undefined;
  readonly Description?: string | undefined;
  readonly Scope?: GivenScope | undefined;
  readonly Source: GivenSource;
  readonly InputParameters?: string | undefined;
  readonly MaximumExecutionFrequency?: MaximumExecutionFrequency | undefined;
  readonly ConfigRuleState?: ConfigRuleState | undefined;
  readonly CreatedBy?: string | undefined;
  readonly EvaluationModes?: readonly { readonly Mode?: string | undefined }[] | undefined;
  readonly RuleEvaluationVisibility?: string | undefined;
}

interface GivenScope {
  readonly ComplianceResourceTypes?: readonly string[] | undefined;
  readonly TagKey?: string | undefined;
  readonly TagValue?: string | undefined;
  readonly ComplianceResourceId?: string | undefined;
}

interface GivenSource {
  readonly Owner: Owner;
  readonly SourceIdentifier?: string | undefined;
  readonly SourceDetails?:
    | readonly {
        readonly MessageType?: string | undefined;
        readonly MaximumExecutionFrequency?: MaximumExecutionFrequency | undefined;
      }[]
    | undefined;
}

/** @throws {AwsError} `InvalidParameterValueException` */
export function requireGiven(given: GivenRule): void {
  if (given.ConfigRuleState !== undefined && given.ConfigRuleState !== "ACTIVE") {
    throw stateInvalid(given.ConfigRuleState);
  }
  if (given.CreatedBy !== undefined) throw createdByGiven();
  if ((given.EvaluationModes ?? []).some(({ Mode }) => Mode === "PROACTIVE"))
    throw notImplemented("proactive evaluation");
  if (given.RuleEvaluationVisibility === "INTERNAL") throw notImplemented("a rule whose evaluations cannot be seen");
}

/** @throws {AwsError} `InvalidParameterValueException` */
export function requireScope(given: GivenScope | undefined): RuleScope | undefined {
  if (given === undefined) return undefined;
  requireOneKind(given);
  const { ComplianceResourceTypes: types = [], TagKey, TagValue, ComplianceResourceId } = given;
  return {
    types: [...types],
    ...(TagKey !== undefined && { tagKey: TagKey }),
    ...(TagValue !== undefined && { tagValue: TagValue }),
    ...(ComplianceResourceId !== undefined && { resourceId: ComplianceResourceId }),
  };
}

function requireOneKind({ ComplianceResourceTypes: types, TagKey, TagValue, ComplianceResourceId }: GivenScope): void {
  if (TagValue !== undefined && TagKey === undefined) throw scopeTagKeyMissing();
  const isOfResource = types !== undefined || ComplianceResourceId !== undefined;
  if (TagKey !== undefined && isOfResource) throw scopeTwice();
  if (ComplianceResourceId !== undefined && types?.length !== 1) throw scopeTypeMissing();
}

/** @throws {AwsError} `InvalidParameterValueException`; `NotImplemented` for what is not built */
export function requireSource({ Owner, SourceIdentifier: id = "", SourceDetails = [] }: GivenSource): RuleSource {
  if (Owner === "CUSTOM_POLICY") throw notImplemented("a rule of Guard's language (CUSTOM_POLICY)");
  if (Owner === "AWS") {
    if (SourceDetails.length > 0) throw sourceDetailsGiven();
    if (isWaiting(id)) throw managedRuleUnbuilt(id);
    if (findManagedRule(id) === undefined) throw managedRuleUnknown(id);
    return { owner: "AWS", identifier: id };
  }
  if (SourceDetails.length === 0) throw sourceDetailsMissing();
  if (parseArn(id)?.service !== "lambda") throw functionArnInvalid(id);
  const details = SourceDetails.map(({ MessageType, MaximumExecutionFrequency: frequency }) => ({
    message: MessageType ?? "",
    ...(frequency !== undefined && { frequency }),
  }));
  return { owner: "CUSTOM_LAMBDA", functionArn: id, details };
}

/** @throws {AwsError} `InvalidParameterValueException` */
export function requireParameters(text: string | undefined, source: RuleSource): void {
  const given = parametersOf(text);
  if (source.owner !== "AWS") return;
  const { parameters = [], required = [], unbuilt = [] } = findManagedRule(source.identifier) ?? {};
  for (const name of unbuilt) if (given[name] !== undefined) throw notImplemented(`the parameter ${name} of this rule`);
  if (Object.keys(given).some((name) => !parameters.includes(name))) throw parametersUnknown(text ?? "");
  const missing = required.filter((name) => given[name] === undefined);
  if (missing.length > 0) throw parametersMissing(missing);
  const wrong = Object.keys(given).find((name) => WHOLE_NUMBERS.has(name) && !/^\d+$/.test(given[name] ?? ""));
  if (wrong !== undefined) throw parameterNoNumber(wrong);
}

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html (Type: int) */
const WHOLE_NUMBERS: ReadonlySet<string> = new Set([
  "ConcurrencyLimitHigh",
  "ConcurrencyLimitLow",
  "MaxPasswordAge",
  "MinRetentionTime",
  "MinimumPasswordLength",
  "PasswordReusePrevention",
  "evaluationPeriods",
  "maxAccessKeyAge",
  "maxCredentialUsageAge",
  "maxDaysSinceRotation",
  "maximumAllowedRotationFrequency",
  "maximumAllowedRotationFrequencyInHours",
  "memorySize",
  "period",
  "targetExpirationDays",
  "targetTransitionDays",
  "timeout",
  "unusedForDays",
]);

/** Texts by name, as rules read them. @throws {AwsError} `InvalidParameterValueException` */
export function parametersOf(text: string | undefined): Parameters {
  if (text === undefined || text === "") return {};
  const read = parsed(text);
  if (typeof read !== "object" || read === null || Array.isArray(read)) throw parametersInvalid(text);
  return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, textOf(value)]));
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function parsed(text: string): unknown {
  try {
    return parseBounded(text);
  } catch {
    throw parametersInvalid(text);
  }
}
