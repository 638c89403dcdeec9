/** The rows of Contributor Insights rules. */
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";

/** A time in which a rule was enabled; it still is where there is no end. */
export interface Span {
  readonly fromMs: number;
  readonly toMs?: number;
}

export interface InsightRule {
  readonly name: string;
  /** As it was given: JSON. */
  readonly definition: string;
  readonly onTransformed: boolean;
  /** The oldest first. */
  readonly spans: readonly Span[];
  readonly tags: Tags;
}

export const insightRules = table<InsightRule>("cloudwatch.insight-rule", "region", ({ name }) => [name]);

export const isEnabled = ({ spans }: InsightRule): boolean => {
  const last = spans.at(-1);
  return last !== undefined && last.toMs === undefined;
};
