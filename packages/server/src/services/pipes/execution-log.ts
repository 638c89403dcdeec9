/**
 * What a pipe tells of its executions in a log group.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-logs.html
 */
import { formatArn, parseArn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { arnOf, type Pipe } from "./pipe-row.ts";

const LEVELS = ["OFF", "ERROR", "INFO", "TRACE"] as const;
type Level = Exclude<(typeof LEVELS)[number], "OFF">;

/** Each step with the level from which on it is told. */
const STEPS = {
  EXECUTION_STARTED: "INFO",
  EXECUTION_SUCCEEDED: "INFO",
  EXECUTION_PARTIALLY_FAILED: "ERROR",
  EXECUTION_FAILED: "ERROR",
  ENRICHMENT_STAGE_ENTERED: "INFO",
  ENRICHMENT_STAGE_SUCCEEDED: "INFO",
  ENRICHMENT_STAGE_FAILED: "ERROR",
  TARGET_STAGE_ENTERED: "INFO",
  TARGET_STAGE_SKIPPED: "INFO",
  TARGET_STAGE_SUCCEEDED: "INFO",
  TARGET_STAGE_PARTIALLY_FAILED: "ERROR",
  TARGET_STAGE_FAILED: "ERROR",
} as const satisfies Readonly<Record<string, Level>>;

type Step = keyof typeof STEPS;

/** The lines of one execution, which are sent when it has ended. */
export class ExecutionLog {
  readonly #pipe: Pipe;
  readonly #executionId: string;
  readonly #lines: string[] = [];

  constructor(pipe: Pipe, executionId: string) {
    this.#pipe = pipe;
    this.#executionId = executionId;
  }

  /** @param payload what was worked on, which is told only where the owner wants that */
  note(
    step: Step,
    atMs: number,
    { error, payload }: { readonly error?: string; readonly payload?: unknown } = {},
  ): void {
    const { log } = this.#pipe;
    if (log === undefined || LEVELS.indexOf(STEPS[step]) > LEVELS.indexOf(log.level)) return;
    this.#lines.push(
      JSON.stringify({
        resourceArn: arnOf(this.#pipe),
        timestamp: atMs,
        executionId: this.#executionId,
        messageType: step,
        logLevel: STEPS[step],
        ...(error !== undefined && { error: { message: error } }),
        ...(payload !== undefined && log.withData && { payload: JSON.stringify(payload) }),
      }),
    );
  }

  async send(context: Context): Promise<void> {
    const group = parseArn(this.#pipe.log?.group ?? "");
    if (group === undefined) return;
    const source = { arn: arnOf(this.#pipe), account: this.#pipe.account };
    for (const text of this.#lines) {
      await context.deliver({ to: formatArn(group), source, content: { kind: "message", text } });
    }
  }
}
