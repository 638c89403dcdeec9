/** The rows of targets. */
import type { Key, Transaction } from "../../../kernel/table.ts";
import { table } from "../../../kernel/table.ts";
import type { InputOf, OutputOf } from "../../../service/sdk.ts";
import type { EventBridgeSdk } from "../kit.ts";
import { TARGETS_PER_RULE_MAX } from "../limits.ts";

/** As it is given. */
export type GivenTarget = NonNullable<InputOf<EventBridgeSdk, "PutTargets">["Targets"]>[number];

/** The same, as it is read back. */
type Target = NonNullable<OutputOf<EventBridgeSdk, "ListTargetsByRule">["Targets"]>[number];

export interface TargetRow {
  readonly bus: string;
  readonly rule: string;
  readonly id: string;
  readonly arn: string;
  readonly given: GivenTarget;
}

/** The rules that a target has. */
interface TargetUse {
  readonly bus: string;
  readonly arn: string;
  readonly rule: string;
}

export const targets = table<TargetRow>("eventbridge.target", "region", ({ bus, rule, id }) => [bus, rule, id]);
export const targetUses = table<TargetUse>("eventbridge.target-use", "region", ({ bus, arn, rule }) => [
  bus,
  arn,
  rule,
]);

export const targetsOf = (bus: string, rule: string, tx: Transaction): Promise<TargetRow[]> => {
  const prefix: Key = [bus, rule];
  return tx.scan(targets, { prefix, limit: TARGETS_PER_RULE_MAX });
};

/** A copy that nobody else holds. */
export const shownTarget = (given: GivenTarget): Target => JSON.parse(JSON.stringify(given));
