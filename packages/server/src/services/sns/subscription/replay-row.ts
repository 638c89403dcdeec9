import { table, type Key } from "../../../kernel/table.ts";

/** How far a subscription is with what it wants once more. */
export interface Replay {
  readonly subscription: string;
  readonly status: "Pending" | "In progress" | "Completed";
  readonly fromMs: number;
  readonly untilMs: number;
  /** The place of the last message that was sent. */
  readonly after?: Key;
}

export const replays = table<Replay>("sns.replay", "region", ({ subscription }) => [subscription]);
