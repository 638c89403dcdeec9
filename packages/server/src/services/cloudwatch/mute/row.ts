/** The rows of mute rules. */
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";

export interface MuteRule {
  readonly name: string;
  readonly description?: string | undefined;
  readonly expression: string;
  /** As it was given: `PT4H`. */
  readonly duration: string;
  readonly timeZone?: string | undefined;
  /** Names of alarms. */
  readonly alarms?: readonly string[] | undefined;
  readonly startMs?: number | undefined;
  readonly expireMs?: number | undefined;
  readonly updatedAtMs: number;
  readonly tags: Tags;
}

export const muteRules = table<MuteRule>("cloudwatch.mute-rule", "region", ({ name }) => [name]);

/** Which rules an alarm is muted by, when they are active. */
interface MuteTarget {
  readonly alarm: string;
  readonly rule: string;
}

export const muteTargets = table<MuteTarget>("cloudwatch.mute-target", "region", ({ alarm, rule }) => [alarm, rule]);
