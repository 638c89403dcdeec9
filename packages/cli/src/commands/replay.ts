import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ReplayChange, ReplayGroup, ReplayOrder, ReplaySummary } from "../control.ts";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";
import { timeOf } from "./since.ts";

export interface ReplayOptions {
  /** The policy's file. */
  readonly with: string;
  readonly as?: string;
  readonly target?: string;
  readonly replaces?: string;
  /** A duration back from virtual now, or an ISO 8601 time. */
  readonly since?: string;
  readonly calls?: boolean;
}

interface Answer {
  readonly groups: readonly ReplayGroup[];
  readonly summary: ReplaySummary;
}

/** Tells which recorded decisions would have been others with the policy in the file. */
export async function replay(session: Session, options: ReplayOptions): Promise<void> {
  const { control, output } = session;
  const groups: ReplayGroup[] = [];
  let summary: ReplaySummary | undefined;
  for await (const line of control.replay(await orderOf(options, control))) {
    if (line.progress) output.meter(line.progress.share, `${countText(line.progress.decisions)} decisions`);
    if (line.change) output.answer({ change: line.change }, ({ change }) => changeText(change, output));
    if (line.group) groups.push(line.group);
    summary = line.summary ?? summary;
  }
  output.meter(1, "");
  if (summary === undefined) throw new Failure("failed", "the server stopped before the replay was over");
  output.answer({ groups, summary }, (answer) => answerText(answer, output));
}

async function orderOf(options: ReplayOptions, control: Session["control"]): Promise<ReplayOrder> {
  const { with: path, target = "root", as = usualFor(target), replaces, since, calls = false } = options;
  const sinceTime = since === undefined ? undefined : await timeOf(since, control);
  return { as, target, policy: textOf(path), name: basename(path), replaces, since: sinceTime, calls };
}

/** What a policy on such a target most likely is. */
function usualFor(target: string): string {
  if (!target.startsWith("arn:")) return "scp";
  return /^arn:[^:]+:iam::/.test(target) ? "identity" : "resource";
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Failure("usage", `the policy's file \`${path}\` cannot be read`);
  }
}

const countText = (count: number): string => count.toLocaleString("en-US");

type Output = Session["output"];

function answerText({ groups, summary }: Answer, output: Output): string {
  return [...groups.flatMap((group) => groupLines(group, output)), ...summaryLines(summary)].join("\n");
}

function groupLines({ principal, action, decisions, example, explanation, ...outcome }: ReplayGroup, output: Output) {
  return [
    `${outcomeText(outcome, output)} ${output.style("bold", action)} by ${principal}: ${countText(decisions)} ×`,
    ...explanation.split("\n"),
    `  ${output.style("dim", `such as ${example.requestId} on ${example.resource}`)}`,
    "",
  ];
}

const outcomeText = ({ from, to }: Pick<ReplayGroup, "from" | "to">, output: Output): string =>
  `${from} → ${output.style(to === "allow" ? "green" : "red", to)}`;

const changeText = ({ at, requestId, principal, action, resource, ...outcome }: ReplayChange, output: Output): string =>
  `${output.style("dim", at)} ${outcomeText(outcome, output)} ${action} on ${resource} by ${principal} ${output.style("dim", requestId)}`;

function summaryLines({ calls, decisions, touched, changed, unlike, unreadable, ungrouped }: ReplaySummary): string[] {
  const some = (count: number, text: string): string[] => (count === 0 ? [] : [`${countText(count)} ${text}`]);
  return [
    `${countText(changed)} of ${countText(decisions)} decisions in ${countText(calls)} calls would have been others`,
    ...(touched === 0 && decisions > 0 ? ["the policy has a part in none of them: is the target the right one?"] : []),
    ...some(ungrouped, "of these are in no group above: there are too many"),
    ...some(unlike, "cannot be told: without the policy, too, they come out differently now"),
    ...some(unreadable, "cannot be told: their policies are not on record any more"),
  ];
}
