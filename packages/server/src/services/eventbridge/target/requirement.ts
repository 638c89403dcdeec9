/**
 * What a target must be.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html,
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
import { parseArn, type ArnParts } from "../../../kernel/arn.ts";
import type { BusPlace } from "../bus/row.ts";
import {
  arnInvalid,
  deadLetterUnfit,
  fifoGroupMissing,
  parametersMissing,
  parametersUnfit,
  roleMissing,
} from "../errors.ts";
import { requireInput } from "./input.ts";
import type { GivenTarget } from "./row.ts";

/** The parameters that a target of a service has to have. */
const PARAMETERS = {
  ecs: "EcsParameters",
  batch: "BatchParameters",
  "redshift-serverless": "RedshiftDataParameters",
  redshift: "RedshiftDataParameters",
} as const satisfies Readonly<Record<string, keyof GivenTarget>>;

/** Services whose targets EventBridge reaches with a role alone. */
const WITH_ROLE = new Set([
  "kinesis",
  "firehose",
  "states",
  "ecs",
  "batch",
  "codepipeline",
  "codebuild",
  "ssm",
  "sagemaker",
  "redshift",
  "redshift-serverless",
  "appsync",
  "inspector",
]);

/** @throws {AwsError} `ValidationException` */
export function requireTarget(target: GivenTarget, place: BusPlace): void {
  const { Id: id, Arn: arn } = target;
  const parts = parseArn(arn);
  if (parts === undefined) throw arnInvalid(arn);
  if (target.RoleArn !== undefined && parseArn(target.RoleArn) === undefined) throw arnInvalid(target.RoleArn);
  if (target.RoleArn === undefined && needsRole(parts, place)) throw roleMissing(arn);
  requireParameters(target, parts);
  requireGroup(target, parts);
  requireDeadLetter(id, target.DeadLetterConfig?.Arn, place);
  requireInput(target);
  requireWhole(target, parts, place);
}

/**
 * What a bus of another account gets is the event as it is: nobody tells it of events that there were none of.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html (not available … if the target is an event bus of a different account)
 */
function requireWhole(target: GivenTarget, { service, account, resource }: ArnParts, place: BusPlace): void {
  if (service !== "events" || !resource.startsWith("event-bus/") || account === place.account) return;
  const changing = CHANGING.find((name) => target[name] !== undefined);
  if (changing !== undefined) throw parametersUnfit(changing, target.Id);
}

const CHANGING = ["Input", "InputPath", "InputTransformer"] as const;

/** A bus of another account may let in the account itself. */
function needsRole({ service, account, resource }: ArnParts, place: BusPlace): boolean {
  if (WITH_ROLE.has(service)) return true;
  if (service !== "events") return false;
  return resource.startsWith("api-destination/") || (resource.startsWith("event-bus/") && account === place.account);
}

function requireParameters(target: GivenTarget, { service }: ArnParts): void {
  const name = Object.entries(PARAMETERS).find(([of]) => of === service)?.[1];
  if (name !== undefined && target[name] === undefined) throw parametersMissing(name, target.Id);
}

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_events/test_events.py (test_put_targets_error_missing_parameter_sqs_fifo) */
function requireGroup({ Id: id, SqsParameters: parameters }: GivenTarget, { service, resource }: ArnParts): void {
  if (service !== "sqs") return;
  const isFifo = resource.endsWith(".fifo");
  if (isFifo && parameters?.MessageGroupId === undefined) throw fifoGroupMissing(id);
  if (!isFifo && parameters?.MessageGroupId !== undefined) throw parametersUnfit("SqsParameters", id);
}

function requireDeadLetter(id: string, arn: string | undefined, place: BusPlace): void {
  if (arn === undefined) return;
  const parts = parseArn(arn);
  if (parts === undefined) throw arnInvalid(arn);
  if (parts.service !== "sqs" || parts.region !== place.region || parts.resource.endsWith(".fifo")) {
    throw deadLetterUnfit(id);
  }
}
