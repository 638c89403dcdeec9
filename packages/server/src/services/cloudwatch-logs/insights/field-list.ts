/**
 * Which fields the events of a group have.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogGroupFields.html
 */
import { MINUTE_MS, SECOND_MS } from "../../../kernel/duration.ts";
import { onGroup } from "../access.ts";
import { WHOLE_GROUP } from "../event/chunk.ts";
import { ChunkReader } from "../event/chunk-reader.ts";
import { walk } from "../event/walk.ts";
import { namedGroup, requireGroup } from "../group-row.ts";
import { operation } from "../kit.ts";
import { fieldsOf } from "./discovery.ts";

/** Events looked at. */
const SAMPLE = 1000;
const AROUND_MINUTES = 8;
const BEFORE_MINUTES = 15;

export const getLogGroupFields = operation("GetLogGroupFields", {
  authorize: (input, context) => onGroup("GetLogGroupFields", input, context),

  async handle(input, context) {
    const group = await requireGroup(namedGroup(input, context), context);
    const nowMs = context.now().getTime();
    // eight minutes on both sides of a time that is given, else the last fifteen
    const atMs = input.time === undefined ? undefined : input.time * SECOND_MS;
    const fromMs = atMs === undefined ? nowMs - BEFORE_MINUTES * MINUTE_MS : atMs - AROUND_MINUTES * MINUTE_MS;
    const beforeMs = atMs === undefined ? nowMs + 1 : atMs + AROUND_MINUTES * MINUTE_MS;
    const asked = { group, line: WHOLE_GROUP, direction: "backward", fromMs, beforeMs } as const;
    const counts = new Map<string, number>();
    let events = 0;
    for await (const event of walk(asked, new ChunkReader(group, context), context)) {
      for (const [name] of fieldsOf(event, group)) counts.set(name, (counts.get(name) ?? 0) + 1);
      events += 1;
      if (events === SAMPLE) break;
    }
    const logGroupFields = [...counts]
      .filter(([name]) => name !== "@ptr")
      .map(([name, count]) => ({ name, percent: Math.round((count / events) * 100) }))
      .toSorted((one, other) => other.percent - one.percent || (one.name < other.name ? -1 : 1));
    return { logGroupFields };
  },
});
