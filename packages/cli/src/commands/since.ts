import { parseDurationSeconds } from "../duration.ts";
import type { Session } from "../session.ts";

/** The time that `--since` means: a duration back from virtual now, or the time itself. */
export async function timeOf(since: string, control: Session["control"]): Promise<string> {
  const seconds = parseDurationSeconds(since);
  if (seconds === undefined) return since;
  const { now } = await control.clock();
  return new Date(Date.parse(now) - seconds * 1000).toISOString();
}
