/** The event sources that partners have made for this account. */
import type { Context } from "../../../service/context.ts";
import { onAll } from "../access.ts";
import { buses } from "../bus/row.ts";
import { eventSourceOrBusNotFound, eventSourceOver, invalidToken } from "../errors.ts";
import {
  activate,
  eventSources,
  onSource,
  partnerOf,
  requireSource,
  sourceArn,
  suspend,
  type EventSource,
} from "./row.ts";
import { operation } from "../kit.ts";
import { PAGE_MAX } from "../limits.ts";
import { page } from "../../../kernel/page.ts";

export const describeEventSource = operation("DescribeEventSource", {
  authorize: ({ Name }, context) => onSource("DescribeEventSource", Name, context),
  handle: async ({ Name }, context) => shown(await requireSource(Name, context.tx), context),
});

const shown = ({ name, state, createdAtMs, expiresAtMs }: EventSource, context: Context) => ({
  Arn: sourceArn(context, name),
  CreatedBy: partnerOf(name),
  CreationTime: new Date(createdAtMs),
  ...(expiresAtMs !== undefined && { ExpirationTime: new Date(expiresAtMs) }),
  Name: name,
  State: state,
});

export const listEventSources = operation("ListEventSources", {
  authorize: onAll("ListEventSources"),

  async handle({ NamePrefix: startsWith, NextToken: token, Limit: limit }, context) {
    const asked = { startsWith, token, limit, max: PAGE_MAX, invalidToken };
    const { rows, next } = await page(context.tx, eventSources, asked);
    return { EventSources: rows.map((row) => shown(row, context)), ...(next !== undefined && { NextToken: next }) };
  },
});

export const activateEventSource = operation("ActivateEventSource", {
  authorize: ({ Name }, context) => onSource("ActivateEventSource", Name, context),

  async handle({ Name: name }, context) {
    const [source, bus] = await Promise.all([context.tx.get(eventSources, name), context.tx.get(buses, name)]);
    if (source === undefined || bus === undefined) throw eventSourceOrBusNotFound(name);
    if (source.state === "DELETED") throw eventSourceOver();
    activate(source, context);
    return {};
  },
});

export const deactivateEventSource = operation("DeactivateEventSource", {
  authorize: ({ Name }, context) => onSource("DeactivateEventSource", Name, context),

  async handle({ Name }, context) {
    const source = await requireSource(Name, context.tx);
    if (source.state === "DELETED") throw eventSourceOver();
    if (source.state === "ACTIVE") suspend(source, context);
    return {};
  },
});
