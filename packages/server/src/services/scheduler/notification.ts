/** What a target gets that its owner wrote no input for, and what stands for facts of the run in one that was written. */
import { findOwn } from "../../kernel/lookup.ts";
import { arnOf } from "./schedule-row.ts";
import type { Invocation } from "./invocation.ts";

type Run = Pick<Invocation, "id" | "schedule" | "scheduledMs" | "attempt">;

/** `2030-01-01T00:00:00Z` */
export const formatSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, -".000Z".length)}Z`;

/** Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html (Input) */
export const usualNotification = (run: Run): string =>
  JSON.stringify({
    version: "0",
    id: run.id,
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account: run.schedule.account,
    time: formatSeconds(run.scheduledMs),
    region: run.schedule.region,
    resources: [arnOf(run.schedule)],
    detail: "{}",
  });

/** Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
export function withContext(input: string, run: Run): string {
  const facts: Readonly<Record<string, string>> = {
    "schedule-arn": arnOf(run.schedule),
    "scheduled-time": formatSeconds(run.scheduledMs),
    "execution-id": run.id,
    "attempt-number": String(run.attempt),
  };
  return input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (written, name: string) => findOwn(facts, name) ?? written);
}
