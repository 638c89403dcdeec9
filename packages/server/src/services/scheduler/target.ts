/** What a schedule's target has to be, and how it is called. */
import { parseBounded } from "../../kernel/bounded-json.ts";
import { parseArn } from "../../kernel/arn.ts";
import type { NamedCall } from "../../service/named-operation.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import {
  apiUnsupported,
  deadLetterFifo,
  inputNotJson,
  notBuilt,
  parametersMisplaced,
  parametersMissing,
  requestUnknown,
  serviceUnsupported,
  targetArnInvalid,
} from "./errors.ts";
import type { SchedulerSdk } from "./kit.ts";
import type { Target } from "./schedule-row.ts";
import { ALL_PARAMETERS, findTemplate, type Asked, type Template } from "./template.ts";

type GivenTarget = InputOf<SchedulerSdk, "CreateSchedule">["Target"];

/**
 * Operations that only read are no targets.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html#unsupported-api-actions
 */
const READING =
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|invokeModel)/;

/** `arn:aws:scheduler:::aws-sdk:sqs:sendMessage` */
function universal(arn: string): { readonly service: string; readonly action: string } | undefined {
  const [, service = "", action = ""] = /^arn:[\w-]+:scheduler:::aws-sdk:([^:]+):([^:]+)$/.exec(arn) ?? [];
  return service === "" ? undefined : { service, action };
}

/** @throws {AwsError} `ValidationException`, `NotImplemented` */
export async function requireTarget(target: GivenTarget, context: Context): Promise<void> {
  if (target.DeadLetterConfig?.Arn?.endsWith(".fifo") === true) throw deadLetterFifo();
  const named = universal(target.Arn);
  if (named === undefined) return requireTemplated(target, context);
  requireParameters(target, undefined);
  const found = await context.operations.find(named.service, named.action);
  if (found.kind === "unknown service") throw serviceUnsupported(named.service);
  if (found.kind === "unknown operation" || READING.test(named.action)) {
    throw apiUnsupported(named.service, named.action);
  }
  const input = jsonOf(target.Input ?? "{}");
  if (input === undefined) throw inputNotJson();
  if (!found.isBuilt) throw notBuilt(`targets of ${found.service}:${found.operation}`);
  const unknown = context.operations.unknownMember({ ...found, input });
  if (unknown !== undefined) throw requestUnknown(unknown);
}

async function requireTemplated(target: GivenTarget, context: Context): Promise<void> {
  const arn = parseArn(target.Arn);
  if (arn === undefined) throw targetArnInvalid();
  const template = findTemplate(arn);
  if (template === undefined) throw serviceUnsupported(arn.service);
  requireParameters(target, template);
  const { parameters } = template;
  if (parameters !== undefined && template.needsParameters?.(arn) === true && target[parameters] === undefined) {
    throw parametersMissing(parameters);
  }
  if (template.takesJson && target.Input !== undefined && !isJson(target.Input)) throw inputNotJson();
  const found = await context.operations.find(template.service, template.action);
  if (found.kind !== "known" || !found.isBuilt) throw notBuilt(`targets of ${template.service}`);
}

/** @throws {AwsError} `ValidationException` where parameters are there that such a target does not have */
function requireParameters(target: GivenTarget, template: Template | undefined): void {
  const misplaced = ALL_PARAMETERS.find((name) => name !== template?.parameters && target[name] !== undefined);
  if (misplaced !== undefined) throw parametersMisplaced(misplaced);
}

interface TargetCall extends Pick<NamedCall, "service" | "operation"> {
  readonly input: Asked;
  /** Where the target is; where the schedule is, if left out. */
  readonly region?: string;
}

/** The call that `target` stands for. @throws {AwsError} `NotImplemented` where there is none any more */
export async function callOf(
  target: Target,
  input: string | undefined,
  usual: string,
  context: Context,
): Promise<TargetCall> {
  const named = universal(target.Arn);
  const arn = parseArn(target.Arn);
  const template = arn && findTemplate(arn);
  const names = named ?? template;
  if (names === undefined) throw notBuilt("such targets");
  const found = await context.operations.find(names.service, names.action);
  if (found.kind !== "known") throw notBuilt(`targets of ${names.service}`);
  const { service, operation } = found;
  if (arn === undefined || template === undefined) {
    return { service, operation, input: jsonOf(input ?? "{}") ?? {} };
  }
  return { service, operation, region: arn.region, input: template.ask({ arn, target, input: input ?? usual }) };
}

function isJson(text: string): boolean {
  try {
    parseBounded(text);
    return true;
  } catch {
    return false;
  }
}

/** The object that `text` is the JSON of. */
function jsonOf(text: string): Asked | undefined {
  if (!isJson(text)) return undefined;
  const value = parseBounded(text);
  return isObject(value) ? value : undefined;
}

const isObject = (value: unknown): value is Asked =>
  typeof value === "object" && value !== null && !Array.isArray(value);
