/** Rules at work: they judge what has changed, or look for themselves; what they find is kept and told. */
import { asRegion } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { Errand, ErrandContext } from "../../../service/errand.ts";
import { schedulePeriod } from "./request.ts";
import { recordCompliance } from "../compliance/item.ts";
import { keepResult, type Found } from "../compliance/change.ts";
import { isDeleted, itemsThere, resources, type Item } from "../item/row.ts";
import { findManagedRule } from "../managed/rules.ts";
import { viewOf, type ChangeRule } from "../managed/rule-kind.ts";
import { readerOf } from "../recorder/reader.ts";
import { findRecorder } from "../recorder/row.ts";
import { deleteResultRow, resultsOf } from "./result-row.ts";
import { parametersOf } from "../rule/check.ts";
import { invokeRule } from "../rule/function.ts";
import { isInScope, rules, type Rule, type RuleStatus } from "../rule/row.ts";

/** One resource that has changed, or all of them. */
interface Asked {
  readonly rule: string;
  readonly region?: string;
  readonly type?: string;
  readonly id?: string;
  readonly isPeriodic?: boolean;
}

const isAsked = (payload: unknown): payload is Asked =>
  typeof payload === "object" && payload !== null && "rule" in payload;

export const evaluate: Errand = async (context, _key, payload) => {
  if (!isAsked(payload)) return;
  const rule = await ruleOf(payload, context);
  if (rule === undefined) return;
  const status = await worked(() => evaluateOnce(rule, payload, context), context);
  await context.transact(async (inner) => {
    const tx = inner.tx.in({ region: rule.region });
    const now = await tx.get(rules, rule.name);
    if (now !== undefined) tx.put(rules, { ...now, status: { ...now.status, ...status } });
    if (now !== undefined && payload.isPeriodic === true) schedulePeriod(now, inner);
  });
};

function ruleOf({ rule, region }: Asked, context: ErrandContext): Promise<Rule | undefined> {
  const home = region === undefined ? context.region : asRegion(region);
  return context.tx.in({ region: home }).get(rules, rule);
}

async function worked(work: () => Promise<void>, context: Context): Promise<RuleStatus> {
  const atMs = context.now().getTime();
  try {
    await work();
    return { invokedAtMs: atMs, evaluatedAtMs: atMs };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { failedAtMs: atMs, error: { code: error.code, message: error.message } };
  }
}

async function evaluateOnce(rule: Rule, asked: Asked, context: ErrandContext): Promise<void> {
  const { source } = rule;
  if (source.owner === "CUSTOM_LAMBDA") return evaluateByFunction(rule, asked, context);
  const managed = findManagedRule(source.identifier);
  if (managed === undefined) return;
  if (managed.trigger === "periodic") return lookAround(rule, context);
  for await (const item of itemsFor(rule, { ...asked, types: managed.types }, context))
    await judge(rule, { managed, item }, context);
}

async function evaluateByFunction(rule: Rule, asked: Asked, context: ErrandContext): Promise<void> {
  if (rule.source.owner !== "CUSTOM_LAMBDA") return;
  const { functionArn, details } = rule.source;
  const isScheduled = details.some(({ message }) => message === "ScheduledNotification");
  if (asked.id === undefined && isScheduled) await invokeRule(rule, { functionArn }, context);
  if (asked.isPeriodic === true || !details.some(({ message }) => message.endsWith("ChangeNotification"))) return;
  for await (const item of itemsFor(rule, { ...asked, types: "any" }, context))
    await invokeRule(rule, { functionArn, item }, context);
}

interface Judging {
  readonly managed: ChangeRule;
  readonly item: Item;
}

async function judge(rule: Rule, { managed, item }: Judging, context: ErrandContext): Promise<void> {
  const { type, id, capturedAtMs } = item;
  const nowMs = context.now().getTime();
  const parameters = parametersOf(rule.parameters);
  const found = isDeleted(item)
    ? ({ compliance: "NOT_APPLICABLE" } as const)
    : managed.judge(viewOf(item), parameters, nowMs);
  const result: Found = { ...found, type, id, orderedAtMs: capturedAtMs, invokedAtMs: nowMs };
  await context.transact((inner) => keepResult(rule, result, inner));
}

/** What is not found any more has no result any more. */
async function lookAround(rule: Rule, context: ErrandContext): Promise<void> {
  const { source } = rule;
  const managed = source.owner === "AWS" ? findManagedRule(source.identifier) : undefined;
  const recorder = await findRecorder(context.tx, rule.region);
  if (managed?.trigger !== "periodic" || recorder === undefined) return;
  const nowMs = context.now().getTime();
  const reader = await readerOf(recorder, context);
  const found = await managed.look({ reader, parameters: parametersOf(rule.parameters), nowMs });
  const there = new Set(found.map(({ type, id }) => `${type} ${id}`));
  await context.transact(async (inner) => {
    for (const one of found) await keepResult(rule, { ...one, orderedAtMs: nowMs, invokedAtMs: nowMs }, inner);
    const tx = inner.tx.in({ region: rule.region });
    for (const result of await resultsOf(rule.name, tx)) {
      if (there.has(`${result.type} ${result.id}`)) continue;
      deleteResultRow(result, tx);
      await recordCompliance({ ...result, region: rule.region }, inner);
    }
  });
}

interface Wanted extends Pick<Asked, "type" | "id"> {
  readonly types: readonly string[] | "any";
}

/** The resources that the rule is to look at now. */
async function* itemsFor(rule: Rule, { type, id, types }: Wanted, context: ErrandContext): AsyncGenerator<Item> {
  const tx = context.tx.in({ region: rule.region });
  if (type !== undefined && id !== undefined) {
    const item = await tx.get(resources, type, id);
    if (item !== undefined) yield item;
    return;
  }
  const wanted = rule.scope !== undefined && rule.scope.types.length > 0 ? rule.scope.types : types;
  for (const one of wanted === "any" ? [undefined] : wanted) {
    for await (const item of itemsThere(one, tx)) if (isInScope(item, rule)) yield item;
  }
}
