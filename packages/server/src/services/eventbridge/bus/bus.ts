/** Event buses: made, found, listed and taken away. */
import { pageOf } from "../../../kernel/page.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onAll, onBus } from "../access.ts";
import { requireKey } from "./key.ts";
import { arnOf, buses, homeOf, placeOf, requireBus, requireBusAt, type Bus } from "./row.ts";
import {
  busExists,
  busHasRules,
  busIsDefault,
  busNameReserved,
  busNameSlash,
  busNameUnlikeSource,
  eventSourceNotFound,
  invalidToken,
  tooMany,
} from "../errors.ts";
import { activate, eventSources, requireSource, suspend, type EventSource } from "../event-source/row.ts";
import { DEFAULT_BUS, operation } from "../kit.ts";
import { BUSES_MAX, PAGE_MAX } from "../limits.ts";
import { rules } from "../rule/row.ts";
import { forgetRulebook } from "../rule/rulebook.ts";
import { tagsOf, withTags } from "../tag.ts";

/** What is set of a bus, when it is made and later. */
interface Given {
  readonly Description?: string | undefined;
  readonly KmsKeyIdentifier?: string | undefined;
  readonly DeadLetterConfig?: { readonly Arn?: string | undefined } | undefined;
  readonly LogConfig?:
    | {
        readonly Level?: NonNullable<Bus["log"]>["level"] | undefined;
        readonly IncludeDetail?: NonNullable<Bus["log"]>["detail"] | undefined;
      }
    | undefined;
}

function settingsOf({ Description, KmsKeyIdentifier, DeadLetterConfig, LogConfig }: Given): Partial<Bus> {
  const { Level: level, IncludeDetail: detail } = LogConfig ?? {};
  return {
    ...(Description !== undefined && { description: Description }),
    ...(KmsKeyIdentifier !== undefined && KmsKeyIdentifier !== "" && { kmsKey: KmsKeyIdentifier }),
    ...(DeadLetterConfig?.Arn !== undefined && { deadLetterArn: DeadLetterConfig.Arn }),
    ...(LogConfig !== undefined && {
      log: { ...(level !== undefined && { level }), ...(detail !== undefined && { detail }) },
    }),
  };
}

const shownSettings = ({ description, kmsKey, deadLetterArn, log }: Bus) => ({
  ...(description !== undefined && { Description: description }),
  ...(kmsKey !== undefined && { KmsKeyIdentifier: kmsKey }),
  ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
  ...(log !== undefined && { LogConfig: { IncludeDetail: log.detail ?? "NONE", Level: log.level ?? "OFF" } }),
});

/** The default bus is there since it was looked at first. */
function dated(bus: Bus, context: Context): Bus {
  if (bus.createdAtMs !== undefined) return bus;
  const atMs = context.now().getTime();
  const there = { ...bus, createdAtMs: atMs, changedAtMs: bus.changedAtMs ?? atMs };
  homeOf(bus, context.tx).put(buses, there);
  return there;
}

async function shown(bus: Bus, context: Context) {
  const { createdAtMs, changedAtMs, description, policy } = bus;
  return {
    Name: bus.name,
    Arn: arnOf(bus),
    ...(description !== undefined && { Description: description }),
    ...(policy && { Policy: await context.directory.showPrincipals(policy, { ...bus, tx: context.tx }) }),
    ...(createdAtMs !== undefined && { CreationTime: new Date(createdAtMs) }),
    ...(changedAtMs !== undefined && { LastModifiedTime: new Date(changedAtMs) }),
  };
}

export const createEventBus = operation("CreateEventBus", {
  async authorize({ Name, Tags }, context): Promise<readonly Access[]> {
    const requestTags = tagsOf(Tags);
    const creation = await onBus("CreateEventBus", Name, context, { requestTags });
    // Source: https://github.com/hashicorp/terraform-provider-aws/issues/26710 (tags take another right)
    return Object.keys(requestTags).length === 0
      ? [creation]
      : [creation, { ...creation, action: "events:TagResource" }];
  },

  async handle({ Name: name, EventSourceName, Tags, ...given }, context) {
    const source = EventSourceName === undefined ? undefined : await requireMatching(name, EventSourceName, context);
    if (source === undefined && name.includes("/")) throw busNameSlash();
    if (source === undefined && name.startsWith("aws.")) throw busNameReserved();
    const { tx, account, region, partition } = context;
    if (name === DEFAULT_BUS || (await tx.get(buses, name)) !== undefined) throw busExists(name);
    if ((await allOf(tx)).length >= BUSES_MAX) throw tooMany();
    const atMs = context.now().getTime();
    const times = { createdAtMs: atMs, changedAtMs: atMs };
    const tags = withTags({}, tagsOf(Tags));
    const bus: Bus = { name, account, region, partition, ...times, ...settingsOf(given), tags };
    await requireKey({ ...bus, arn: arnOf(bus) }, context);
    tx.put(buses, bus);
    if (source !== undefined) activate(source, context);
    return { EventBusArn: arnOf(bus), ...shownSettings(bus) };
  },
});

/** @throws {AwsError} `ResourceNotFoundException`, `ValidationException` */
async function requireMatching(name: string, sourceName: string, { tx }: Context): Promise<EventSource> {
  const source = await requireSource(sourceName, tx);
  if (source.state === "DELETED") throw eventSourceNotFound(sourceName);
  if (name !== sourceName) throw busNameUnlikeSource();
  return source;
}

export const updateEventBus = operation("UpdateEventBus", {
  authorize: ({ Name }, context) => onBus("UpdateEventBus", Name, context),

  async handle({ Name, ...given }, context) {
    const bus = await requireBus(Name, context);
    const { kmsKey: was, ...rest } = bus;
    const kept = given.KmsKeyIdentifier === "" || was === undefined ? {} : { kmsKey: was };
    const changed: Bus = { ...rest, ...kept, ...settingsOf(given), changedAtMs: context.now().getTime() };
    if (changed.kmsKey !== was) await requireKey({ ...changed, arn: arnOf(changed) }, context);
    homeOf(bus, context.tx).put(buses, changed);
    return { Arn: arnOf(changed), Name: changed.name, ...shownSettings(changed) };
  },
});

export const describeEventBus = operation("DescribeEventBus", {
  authorize: ({ Name }, context) => onBus("DescribeEventBus", Name, context),

  async handle({ Name }, context) {
    const bus = dated(await requireBus(Name, context), context);
    return { ...(await shown(bus, context)), ...shownSettings(bus) };
  },
});

export const listEventBuses = operation("ListEventBuses", {
  authorize: onAll("ListEventBuses"),

  async handle({ NamePrefix = "", NextToken: token, Limit: limit = PAGE_MAX }, context) {
    const main = dated(await requireBusAt(placeOf(DEFAULT_BUS, context)), context);
    const others = (await allOf(context.tx)).filter(({ name }) => name !== DEFAULT_BUS);
    const meant = [main, ...others].filter(({ name }) => name.startsWith(NamePrefix));
    const { rows, next } = pageOf(meant, { token, limit, orderOf: ({ name }) => [name], invalidToken });
    const EventBuses = await Promise.all(rows.map((bus) => shown(bus, context)));
    return { EventBuses, ...(next !== undefined && { NextToken: next }) };
  },
});

/** There are few. */
const allOf = (tx: Transaction): Promise<Bus[]> => tx.scan(buses, { limit: BUSES_MAX + 1 });

export const deleteEventBus = operation("DeleteEventBus", {
  authorize: ({ Name }, context) => onBus("DeleteEventBus", Name, context),

  async handle({ Name }, context) {
    const place = placeOf(Name, context);
    if (place.name === DEFAULT_BUS) throw busIsDefault(place.name);
    // Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteEventBus.html
    const [rule] = await place.tx.scan(rules, { prefix: [place.name], limit: 1 });
    if (rule !== undefined) throw busHasRules(place.name);
    place.tx.delete(buses, place.name);
    forgetRulebook(place);
    const source = await place.tx.get(eventSources, place.name);
    if (source?.state === "ACTIVE") suspend(source, context);
    if (source?.state === "DELETED") place.tx.delete(eventSources, place.name);
    return {};
  },
});
