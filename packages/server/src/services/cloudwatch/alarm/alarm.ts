/** The rows of alarms. */
import type { ComparisonOperator, Dimension, StandardUnit, Statistic } from "@aws-sdk/client-cloudwatch";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import type { MetricName } from "../metric.ts";
import type { GivenQuery } from "../query.ts";
import type { StateValue, Treatment } from "./decision.ts";

/** Why actions of a composite alarm wait. */
export type SuppressedBy = "WaitPeriod" | "ExtensionPeriod" | "Alarm";

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON */
  readonly reasonData?: string | undefined;
  /** Of a composite alarm: whose change it follows. */
  readonly triggeredBy?: { readonly arn: string; readonly value: StateValue; readonly atMs: number };
  readonly updatedAtMs: number;
  /** When the value last changed. */
  readonly changedAtMs: number;
  /** Of a composite alarm: it has not acted yet. */
  readonly suppressedBy?: SuppressedBy;
}

/** What is done when the alarm gets into a state: ARNs. */
export type Actions = Readonly<Record<StateValue, readonly string[]>>;

interface AnyAlarm {
  readonly name: string;
  readonly description?: string | undefined;
  readonly isEnabled: boolean;
  readonly actions: Actions;
  readonly configuredAtMs: number;
  readonly state: AlarmState;
  readonly tags: Tags;
  /** What it has not done since a mute rule kept it quiet: for getting from one state into another. */
  readonly muted?: { readonly from: AlarmState; readonly value: StateValue };
}

/** One metric, or an expression over several. */
export type Watched =
  | {
      readonly kind: "metric";
      readonly metric: MetricName & { readonly dimensions: readonly Dimension[] };
      readonly periodSeconds: number;
      readonly statistic?: Statistic | undefined;
      readonly extendedStatistic?: string | undefined;
      readonly unit?: StandardUnit | undefined;
    }
  | { readonly kind: "expression"; readonly queries: readonly GivenQuery[] };

export interface MetricAlarm extends AnyAlarm {
  readonly kind: "metric";
  readonly watched: Watched;
  readonly periods: number;
  readonly toAlarm?: number | undefined;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly treatment?: Treatment | undefined;
  readonly lowSamples?: "evaluate" | "ignore" | undefined;
  /** Whether the evaluation window, which is a sliding one, was asked for. */
  readonly isSlidingSaid?: boolean;
}

export interface CompositeAlarm extends AnyAlarm {
  readonly kind: "composite";
  readonly rule: string;
  /** Names of the alarms in the rule. */
  readonly children: readonly string[];
  readonly suppressor?: Suppressor | undefined;
}

export interface Suppressor {
  /** As it was given: a name or an ARN. */
  readonly alarm: string;
  readonly name: string;
  readonly waitSeconds: number;
  readonly extensionSeconds: number;
}

export type Alarm = MetricAlarm | CompositeAlarm;

export const alarms = table<Alarm>("cloudwatch.alarm", "region", ({ name }) => [name]);

/** Who has to hear of a change of `child`. */
interface Parent {
  readonly child: string;
  readonly name: string;
}

export const parents = table<Parent>("cloudwatch.alarm-parent", "region", ({ child, name }) => [child, name]);

export const findAlarm = (name: string, { tx }: Context): Promise<Alarm | undefined> => tx.get(alarms, name);
