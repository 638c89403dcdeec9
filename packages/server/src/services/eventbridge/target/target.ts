/** The targets of rules. */
import { page } from "../../../kernel/page.ts";
import type { Access } from "../../../service/access.ts";
import { onBus, onRule } from "../access.ts";
import { placeOf, requireBusAt } from "../bus/row.ts";
import { invalidToken, tooMany } from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE_MAX, TARGETS_PER_RULE_MAX } from "../limits.ts";
import { requireUnmanaged } from "../rule/managed.ts";
import { passRole } from "./pass-role.ts";
import { requireRule, type FoundRule } from "../rule/row.ts";
import { requireTarget } from "./requirement.ts";
import { shownTarget, targets, targetsOf, targetUses, type GivenTarget, type TargetRow } from "./row.ts";

export const putTargets = operation("PutTargets", {
  async authorize({ Rule: rule, EventBusName: bus, Targets: given }, context): Promise<readonly Access[]> {
    const keys = { "events:TargetArn": given.map(({ Arn }) => Arn) };
    const roles = new Set(given.flatMap(({ RoleArn }) => (RoleArn === undefined ? [] : [RoleArn])));
    return [await onRule("PutTargets", { rule, bus }, context, { keys }), ...[...roles].map(passRole)];
  },

  async handle({ Rule: name, EventBusName, Targets }, context) {
    // of those with the same id the last one counts
    const given = [...new Map(Targets.map((target) => [target.Id, target])).values()];
    for (const target of given) requireTarget(target, placeOf(EventBusName, context));
    const found = await requireRule(name, EventBusName, context);
    requireUnmanaged(found.rule, context);
    const there = await rowsOf(found);
    const ids = new Set([...there.map(({ id }) => id), ...given.map(({ Id }) => Id)]);
    if (ids.size > TARGETS_PER_RULE_MAX) throw tooMany();
    for (const target of given) {
      const was = there.find(({ id }) => id === target.Id);
      if (was !== undefined) await remove(was, found);
      put(target, found);
    }
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});

const rowsOf = ({ rule, place }: FoundRule): Promise<TargetRow[]> => targetsOf(rule.bus, rule.name, place.tx);

function put(given: GivenTarget, { rule: { bus, name }, place: { tx } }: FoundRule): void {
  const { Id: id, Arn: arn } = given;
  tx.put(targets, { bus, rule: name, id, arn, given });
  tx.put(targetUses, { bus, arn, rule: name });
}

async function remove({ bus, rule, id, arn }: TargetRow, found: FoundRule): Promise<void> {
  const { tx } = found.place;
  tx.delete(targets, bus, rule, id);
  const others = await rowsOf(found);
  if (!others.some((other) => other.arn === arn)) tx.delete(targetUses, bus, arn, rule);
}

export const removeTargets = operation("RemoveTargets", {
  authorize: ({ Rule: rule, EventBusName: bus }, context) => onRule("RemoveTargets", { rule, bus }, context),

  async handle({ Rule: name, EventBusName, Ids, Force }, context) {
    const found = await requireRule(name, EventBusName, context);
    if (!Force) requireUnmanaged(found.rule, context);
    for (const target of await rowsOf(found)) if (Ids.includes(target.id)) await remove(target, found);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});

export const listTargetsByRule = operation("ListTargetsByRule", {
  authorize: ({ Rule: rule, EventBusName: bus }, context) => onRule("ListTargetsByRule", { rule, bus }, context),

  async handle({ Rule: name, EventBusName, NextToken: token, Limit: limit }, context) {
    const { rule, place } = await requireRule(name, EventBusName, context);
    const asked = { prefix: [rule.bus, rule.name], token, limit, max: PAGE_MAX, invalidToken };
    const { rows, next } = await page(place.tx, targets, asked);
    return { Targets: rows.map(({ given }) => shownTarget(given)), ...(next !== undefined && { NextToken: next }) };
  },
});

export const listRuleNamesByTarget = operation("ListRuleNamesByTarget", {
  authorize: ({ EventBusName }, context) => onBus("ListRuleNamesByTarget", EventBusName, context, { resource: "*" }),

  async handle({ TargetArn: arn, EventBusName, NextToken: token, Limit: limit }, context) {
    const place = placeOf(EventBusName, context);
    await requireBusAt(place);
    const asked = { prefix: [place.name, arn], token, limit, max: PAGE_MAX, invalidToken };
    const { rows, next } = await page(place.tx, targetUses, asked);
    return { RuleNames: rows.map(({ rule }) => rule), ...(next !== undefined && { NextToken: next }) };
  },
});
