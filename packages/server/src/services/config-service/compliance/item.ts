/**
 * How a resource stands with all rules is on record like a resource of its own, with its history.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/view-compliance-history.html,
 * https://github.com/awslabs/aws-config-resource-schema/blob/master/config/properties/resource-types/AWS::Config::ResourceCompliance.properties.json
 */
import type { Region } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { findByHandle, isDeleted, RESOURCE_COMPLIANCE as type } from "../item/row.ts";
import { RULES_MAX } from "../limits.ts";
import { findRecorder, records } from "../recorder/row.ts";
import { keepFound } from "../recorder/recording.ts";
import type { Found } from "../resource/kind.ts";
import { resultsByResource, type Result } from "../evaluation/result-row.ts";
import { ruleArn, rules } from "../rule/row.ts";

/** Whose compliance may have changed. */
type Judged = Pick<Result, "type" | "id"> & { readonly region: Region };

export async function recordCompliance(judged: Judged, context: Context): Promise<void> {
  const tx = context.tx.in({ region: judged.region });
  const recorder = await findRecorder(context.tx, judged.region);
  if (recorder?.isRecording !== true || !records(recorder, type)) return;
  const handle = `${judged.type}/${judged.id}`;
  const found = await findCompliance(judged, context);
  const before = found === undefined ? await findByHandle(type, handle, tx) : undefined;
  if (found === undefined && (before === undefined || isDeleted(before))) return;
  await keepFound({ type, handle, found, recorder }, context);
}

async function findCompliance(judged: Judged, context: Context): Promise<Found | undefined> {
  const tx = context.tx.in({ region: judged.region });
  const list = [];
  for (const result of await tx.scan(resultsByResource, { prefix: [judged.type, judged.id], limit: RULES_MAX })) {
    const rule = await tx.get(rules, result.rule);
    if (rule === undefined) continue;
    list.push({
      configRuleArn: ruleArn(rule),
      configRuleId: rule.id,
      configRuleName: rule.name,
      complianceType: result.compliance,
    });
  }
  if (list.length === 0) return undefined;
  const id = `${judged.type}/${judged.id}`;
  return {
    id,
    name: "",
    arn: "",
    tags: {},
    configuration: {
      targetResourceId: judged.id,
      targetResourceType: judged.type,
      configRuleList: list,
      complianceType: list.some(({ complianceType }) => complianceType === "NON_COMPLIANT")
        ? "NON_COMPLIANT"
        : "COMPLIANT",
    },
  };
}
