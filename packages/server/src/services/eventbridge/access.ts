/**
 * The questions that EventBridge's operations ask of IAM.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 */
import type { Access, ConditionKeys } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import type { OperationName } from "../../service/sdk.ts";
import { busAt, placeOf, type Bus, type BusPlace } from "./bus/row.ts";
import { arnIn, busArn, ruleArn, type EventBridgeSdk } from "./kit.ts";
import { rules } from "./rule/row.ts";

type Action = OperationName<EventBridgeSdk>;

/** What is in a list is nobody's in particular. */
export const onAll = (action: Action) => (): Access => ({ action: `events:${action}`, resource: "*" });

/** A question about a bus, which its policy may answer too, also for those of other accounts. */
export async function onBus(
  action: Action,
  nameOrArn: string | undefined,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const place = placeOf(nameOrArn, context);
  const bus = await busAt(place);
  return { ...onBusAt(action, place, bus), ...more };
}

export const onBusAt = (action: Action, place: BusPlace, bus: Bus | undefined): Access => ({
  action: `events:${action}`,
  resource: busArn(place, place.name),
  owner: place.account,
  resourcePolicy: bus?.policy && { name: `policy of event bus ${place.name}`, document: bus.policy.document },
  resourceTags: bus?.tags,
});

export interface RuleName {
  readonly rule: string;
  readonly bus: string | undefined;
}

/** A question about a rule, which the policy of its bus may answer too. */
export async function onRule(
  action: Action,
  { rule: name, bus: nameOrArn }: RuleName,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const place = placeOf(nameOrArn, context);
  const [bus, rule] = await Promise.all([busAt(place), place.tx.get(rules, place.name, name)]);
  const keys: ConditionKeys = {
    ...(rule?.createdBy !== undefined && { "events:creatorAccount": rule.createdBy }),
    ...(rule?.managedBy !== undefined && { "events:ManagedBy": rule.managedBy }),
    ...more.keys,
  };
  return {
    ...onBusAt(action, place, bus),
    resource: ruleArn(place, place.name, name),
    resourceTags: rule?.tags,
    ...more,
    keys,
  };
}

/** A question about something that belongs to the caller's account: `archive/orders`. */
export const onOwn = (action: Action, resource: string, context: Context): Access => ({
  action: `events:${action}`,
  resource: arnIn(context, resource),
});
