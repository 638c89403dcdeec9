/**
 * What partners do: they make event sources for customers, and put events on their buses.
 * Differs: any account can be a partner; AWS takes those in that have signed up. A name is that of the account which uses it first.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreatePartnerEventSource.html
 */
import { parseAccountId, type AccountId } from "../../../kernel/arn.ts";
import { page } from "../../../kernel/page.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onAll } from "../access.ts";
import { homeOf } from "../bus/row.ts";
import { eventSourceExists, eventSourceNotFound, invalidToken, partnerElse } from "../errors.ts";
import { end, eventSources, onSource, partnerOf, partnerSources, sourceArn, suspend, type EventSource } from "./row.ts";
import { operation } from "../kit.ts";
import { PAGE_MAX } from "../limits.ts";

interface Partner {
  readonly name: string;
  readonly account: AccountId;
}

const partners = table<Partner>("eventbridge.partner", "global", ({ name }) => [name]);

export const createPartnerEventSource = operation("CreatePartnerEventSource", {
  authorize: ({ Name }, context) => onSource("CreatePartnerEventSource", Name, context),

  async handle({ Name: name, Account }, context) {
    const { tx, account: partner, region } = context;
    await signUp(partnerOf(name), context);
    const customer = parseAccountId(Account) ?? partner;
    if ((await tx.get(partnerSources, name)) !== undefined) throw eventSourceExists(name);
    // one that was deleted leaves its bus, which the new one is for
    const createdAtMs = context.now().getTime();
    tx.put(partnerSources, { name, customer });
    suspend({ name, account: customer, region, partner, state: "PENDING", createdAtMs }, context);
    return { EventSourceArn: sourceArn(context, name) };
  },
});

/** @throws {AwsError} `ValidationException` */
async function signUp(name: string, { tx, account }: Context): Promise<void> {
  const partner = await tx.get(partners, name);
  if (partner === undefined) tx.put(partners, { name, account });
  else if (partner.account !== account) throw partnerElse(name);
}

/** A partner's own source as its customer has it. */
export async function findOwnSource(name: string, context: Context): Promise<EventSource | undefined> {
  const own = await context.tx.get(partnerSources, name);
  if (own === undefined) return undefined;
  return homeOf({ account: own.customer, region: context.region }, context.tx).get(eventSources, name);
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireOwnSource(name: string, context: Context): Promise<EventSource> {
  const source = await findOwnSource(name, context);
  if (source === undefined) throw eventSourceNotFound(name);
  return source;
}

export const deletePartnerEventSource = operation("DeletePartnerEventSource", {
  authorize: ({ Name }, context) => onSource("DeletePartnerEventSource", Name, context),

  async handle({ Name, Account }, context) {
    const source = await findOwnSource(Name, context);
    if (source?.account === Account) await end(source, context);
    return {};
  },
});

export const describePartnerEventSource = operation("DescribePartnerEventSource", {
  authorize: ({ Name }, context) => onSource("DescribePartnerEventSource", Name, context),

  async handle({ Name }, context) {
    const { name } = await requireOwnSource(Name, context);
    return { Arn: sourceArn(context, name), Name: name };
  },
});

export const listPartnerEventSources = operation("ListPartnerEventSources", {
  authorize: onAll("ListPartnerEventSources"),

  async handle({ NamePrefix: startsWith, NextToken: token, Limit: limit }, context) {
    const asked = { startsWith, token, limit, max: PAGE_MAX, invalidToken };
    const { rows, next } = await page(context.tx, partnerSources, asked);
    const PartnerEventSources = rows.map(({ name }) => ({ Arn: sourceArn(context, name), Name: name }));
    return { PartnerEventSources, ...(next !== undefined && { NextToken: next }) };
  },
});

export const listPartnerEventSourceAccounts = operation("ListPartnerEventSourceAccounts", {
  authorize: ({ EventSourceName }, context) => onSource("ListPartnerEventSourceAccounts", EventSourceName, context),

  async handle({ EventSourceName, NextToken }, context) {
    // there is one, so there is no second page
    if (NextToken !== undefined) throw invalidToken();
    const { account, createdAtMs, expiresAtMs, state } = await requireOwnSource(EventSourceName, context);
    const expiring = expiresAtMs !== undefined && { ExpirationTime: new Date(expiresAtMs) };
    const customer = { Account: account, CreationTime: new Date(createdAtMs), ...expiring, State: state };
    return { PartnerEventSourceAccounts: [customer] };
  },
});
