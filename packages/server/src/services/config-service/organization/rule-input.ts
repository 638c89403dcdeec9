/** The rule of an organization as the rule that each account gets. */
import type { RuleContent } from "./row.ts";
import { requireParameters, requireScope, requireSource } from "../rule/check.ts";

type Metadata = NonNullable<RuleContent["managed"] | RuleContent["custom"]>;

/** Without its name. */
export function ruleInput(content: RuleContent) {
  const { managed } = content;
  const { Description, InputParameters } = metadataOf(content);
  const frequency = managed?.MaximumExecutionFrequency;
  const Scope = scopeOf(metadataOf(content));
  return {
    ...(Description !== undefined && { Description }),
    ...(InputParameters !== undefined && { InputParameters }),
    ...(frequency !== undefined && { MaximumExecutionFrequency: frequency }),
    ...(Scope && { Scope }),
    Source: sourceOf(content),
  };
}

const metadataOf = ({ managed, custom }: RuleContent): Partial<Metadata> => managed ?? custom ?? {};

function scopeOf({ ResourceTypesScope, ResourceIdScope, TagKeyScope, TagValueScope }: Partial<Metadata>) {
  const scope = {
    ...(ResourceTypesScope !== undefined && { ComplianceResourceTypes: ResourceTypesScope }),
    ...(ResourceIdScope !== undefined && { ComplianceResourceId: ResourceIdScope }),
    ...(TagKeyScope !== undefined && { TagKey: TagKeyScope }),
    ...(TagValueScope !== undefined && { TagValue: TagValueScope }),
  };
  return Object.keys(scope).length === 0 ? undefined : scope;
}

function sourceOf({ managed, custom }: RuleContent) {
  if (custom === undefined) return { Owner: "AWS" as const, SourceIdentifier: managed?.RuleIdentifier };
  const { LambdaFunctionArn, OrganizationConfigRuleTriggerTypes: types, MaximumExecutionFrequency: frequency } = custom;
  const SourceDetails = (types ?? []).map((MessageType) => ({
    EventSource: "aws.config" as const,
    MessageType,
    ...(MessageType === "ScheduledNotification" && frequency && { MaximumExecutionFrequency: frequency }),
  }));
  return { Owner: "CUSTOM_LAMBDA" as const, SourceIdentifier: LambdaFunctionArn, SourceDetails };
}

/** @throws {AwsError} `InvalidParameterValueException` */
export function requireRuleContent(content: RuleContent): RuleContent {
  requireScope(scopeOf(metadataOf(content)));
  requireParameters(metadataOf(content).InputParameters, requireSource(sourceOf(content)));
  return content;
}
