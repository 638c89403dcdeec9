/** Rules: made, found, listed, turned on and off, and taken away. */
import { page } from "../../../kernel/page.ts";
import { parseSchedule } from "../../../kernel/schedule/schedule.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onBus, onRule } from "../access.ts";
import { isOwn, placeOf, requireBusAt, type BusPlace } from "../bus/row.ts";
import {
  invalidToken,
  neitherPatternNorSchedule,
  ruleHasTargets,
  scheduleInvalid,
  scheduleOnOtherBus,
} from "../errors.ts";
import { DEFAULT_BUS, operation } from "../kit.ts";
import { PAGE_MAX } from "../limits.ts";
import { managerOf, requireUnmanaged } from "./managed.ts";
import { passRole } from "../target/pass-role.ts";
import { patternKeys, requirePattern } from "./asked-pattern.ts";
import { arnOfRule, requireRule, rules, type Rule, type RuleState } from "./row.ts";
import { rulebookChanged } from "./rulebook.ts";
import { tagsOf, withTags } from "../tag.ts";
import { targetsOf } from "../target/row.ts";
import { scheduleChanged } from "./tick.ts";

interface Given {
  readonly EventPattern?: string | undefined;
  readonly ScheduleExpression?: string | undefined;
}

export const putRule = operation("PutRule", {
  async authorize({ Name: rule, EventBusName: bus, Tags, RoleArn, EventPattern }, context): Promise<readonly Access[]> {
    const keys = patternKeys(EventPattern);
    const requestTags = tagsOf(Tags);
    const asked = await onRule("PutRule", { rule, bus }, context, { requestTags, keys });
    // Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html (tags take another right)
    const tagging = Object.keys(requestTags).length > 0 && { ...asked, action: "events:TagResource" };
    return [asked, ...(tagging ? [tagging] : []), ...(RoleArn === undefined ? [] : [passRole(RoleArn)])];
  },

  async handle({ Name: name, EventBusName, Tags, State: state = "ENABLED", ...given }, context) {
    const place = placeOf(EventBusName, context);
    await requireBusAt(place);
    requireOccasion(given, place, context);
    const was = await place.tx.get(rules, place.name, name);
    if (was !== undefined) requireUnmanaged(was, context);
    const managedBy = managerOf(context);
    const { EventPattern: pattern, ScheduleExpression: schedule, Description, RoleArn } = given;
    const rule: Rule = {
      ...ownerOf(place),
      ...madeWith(was, tagsOf(Tags), context),
      name,
      bus: place.name,
      state,
      ...(pattern !== undefined && pattern !== "" && { pattern }),
      ...(schedule !== undefined && schedule !== "" && { schedule }),
      ...(Description !== undefined && { description: Description }),
      ...(RoleArn !== undefined && { roleArn: RoleArn }),
      ...(managedBy !== undefined && { managedBy }),
      enabledAtMs: context.now().getTime(),
    };
    await keep(rule, place, context);
    return { RuleArn: arnOfRule(rule) };
  },
});

/**
 * What a rule that is there keeps.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html (Tags), API_DescribeRule.html (CreatedBy)
 */
const madeWith = (was: Rule | undefined, tags: Tags, { account }: Context): Pick<Rule, "createdBy" | "tags"> =>
  was === undefined ? { createdBy: account, tags: withTags({}, tags) } : { createdBy: was.createdBy, tags: was.tags };

const ownerOf = ({ account, region, partition }: BusPlace) => ({ account, region, partition });

/** Puts a rule, and has it wait. */
export async function keep(rule: Rule, place: BusPlace, context: Context): Promise<void> {
  place.tx.put(rules, rule);
  await rulebookChanged(place, context);
  scheduleChanged(rule, context);
}

/** @throws {AwsError} `ValidationException`, `InvalidEventPatternException` */
function requireOccasion(
  { EventPattern = "", ScheduleExpression = "" }: Given,
  place: BusPlace,
  context: Context,
): void {
  if (EventPattern === "" && ScheduleExpression === "") throw neitherPatternNorSchedule();
  if (ScheduleExpression !== "" && (place.name !== DEFAULT_BUS || !isOwn(place, context))) throw scheduleOnOtherBus();
  if (EventPattern !== "") requirePattern(EventPattern);
  if (ScheduleExpression === "") return;
  const schedule = parseSchedule(ScheduleExpression);
  if (schedule === undefined || schedule.kind === "once") throw scheduleInvalid();
}

export const enableRule = operation("EnableRule", {
  authorize: ({ Name: rule, EventBusName: bus }, context) => onRule("EnableRule", { rule, bus }, context),
  handle: ({ Name, EventBusName }, context) => turn(Name, EventBusName, "ENABLED", context),
});

export const disableRule = operation("DisableRule", {
  authorize: ({ Name: rule, EventBusName: bus }, context) => onRule("DisableRule", { rule, bus }, context),
  handle: ({ Name, EventBusName }, context) => turn(Name, EventBusName, "DISABLED", context),
});

async function turn(name: string, bus: string | undefined, state: RuleState, context: Context) {
  const { rule, place } = await requireRule(name, bus, context);
  requireUnmanaged(rule, context);
  await keep({ ...rule, state, enabledAtMs: context.now().getTime() }, place, context);
  return {};
}

export const describeRule = operation("DescribeRule", {
  authorize: ({ Name: rule, EventBusName: bus }, context) => onRule("DescribeRule", { rule, bus }, context),

  async handle({ Name, EventBusName }, context) {
    const { rule } = await requireRule(Name, EventBusName, context);
    return { ...shown(rule), CreatedBy: rule.createdBy };
  },
});

const shown = (rule: Rule) => ({
  Name: rule.name,
  Arn: arnOfRule(rule),
  EventBusName: rule.bus,
  State: rule.state,
  ...(rule.pattern !== undefined && { EventPattern: rule.pattern }),
  ...(rule.schedule !== undefined && { ScheduleExpression: rule.schedule }),
  ...(rule.description !== undefined && { Description: rule.description }),
  ...(rule.roleArn !== undefined && { RoleArn: rule.roleArn }),
  ...(rule.managedBy !== undefined && { ManagedBy: rule.managedBy }),
});

export const listRules = operation("ListRules", {
  authorize: ({ EventBusName }, context) => onBus("ListRules", EventBusName, context, { resource: "*" }),

  async handle({ NamePrefix: startsWith, EventBusName, NextToken: token, Limit: limit }, context) {
    const place = placeOf(EventBusName, context);
    await requireBusAt(place);
    const asked = { prefix: [place.name], startsWith, token, limit, max: PAGE_MAX, invalidToken };
    const { rows, next } = await page(place.tx, rules, asked);
    return { Rules: rows.map(shown), ...(next !== undefined && { NextToken: next }) };
  },
});

export const deleteRule = operation("DeleteRule", {
  authorize: ({ Name: rule, EventBusName: bus }, context) => onRule("DeleteRule", { rule, bus }, context),

  async handle({ Name: name, EventBusName, Force }, context) {
    const place = placeOf(EventBusName, context);
    await requireBusAt(place);
    const rule = await place.tx.get(rules, place.name, name);
    if (rule === undefined) return {};
    if (!Force) requireUnmanaged(rule, context);
    if ((await targetsOf(place.name, name, place.tx)).length > 0) throw ruleHasTargets();
    place.tx.delete(rules, place.name, name);
    scheduleChanged({ ...rule, state: "DISABLED" }, context);
    await rulebookChanged(place, context);
    return {};
  },
});
