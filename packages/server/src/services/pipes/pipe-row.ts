/** The rows of pipes, and their finders. */
import type { AccountId, Arn, Region } from "../../kernel/arn.ts";
import { table } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import { pipeNotFound } from "./errors.ts";
import { pipeArn, type PipesSdk } from "./kit.ts";

export type Order = InputOf<PipesSdk, "CreatePipe">;

type GivenSource = NonNullable<Order["SourceParameters"]>;
type GivenTarget = NonNullable<Order["TargetParameters"]>;

/** Those of the kinds of sources and targets that are built. */
export type SourceParameters = Pick<GivenSource, "FilterCriteria" | "SqsQueueParameters">;
export type TargetParameters = Pick<
  GivenTarget,
  | "InputTemplate"
  | "LambdaFunctionParameters"
  | "SqsQueueParameters"
  | "EventBridgeEventBusParameters"
  | "CloudWatchLogsParameters"
  | "HttpParameters"
>;

export type HttpParameters = NonNullable<GivenTarget["HttpParameters"]>;

export interface LogSetting {
  readonly level: "OFF" | "ERROR" | "INFO" | "TRACE";
  readonly group?: string;
  readonly withData: boolean;
}

export interface Pipe {
  readonly name: string;
  /** Another after each change, so that what runs by the rules of before comes to an end. */
  readonly revision: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly description?: string;
  readonly desired: "RUNNING" | "STOPPED";
  readonly current: "RUNNING" | "STOPPED" | "CREATE_FAILED" | "UPDATE_FAILED" | "START_FAILED";
  /** Why it failed. */
  readonly reason?: string;
  readonly source: string;
  readonly sourceParameters: SourceParameters;
  readonly enrichment?: string;
  readonly enrichmentTemplate?: string;
  /** Where the enrichment is an API destination. */
  readonly enrichmentHttp?: HttpParameters;
  readonly target: string;
  readonly targetParameters: TargetParameters;
  readonly roleArn: string;
  readonly log?: LogSetting;
  readonly tags: Tags;
}

export const pipes = table<Pipe>("pipes.pipe", "region", ({ name }) => [name]);

export const arnOf = (pipe: Pipe): Arn => pipeArn(pipe, pipe.name);

/** @throws {AwsError} `NotFoundException` */
export async function requirePipe(name: string, { tx }: Pick<Context, "tx">): Promise<Pipe> {
  const pipe = await tx.get(pipes, name);
  if (pipe === undefined) throw pipeNotFound(name);
  return pipe;
}
