/**
 * The event sources of partners, each for one customer: a row of the customer's, and one of the partner's.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreatePartnerEventSource.html, API_DescribeEventSource.html
 */
import { formatArn, parseAccountId, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { OperationName } from "../../../service/sdk.ts";
import { buses, homeOf } from "../bus/row.ts";
import { eventSourceNotFound } from "../errors.ts";
import type { EventBridgeSdk } from "../kit.ts";
import { PENDING_DAYS_MAX } from "../limits.ts";

export interface EventSource {
  /** `aws.partner/example.com/orders/17`; that of the bus, too. */
  readonly name: string;
  /** The customer's. */
  readonly account: AccountId;
  readonly region: Region;
  readonly partner: AccountId;
  /** `PENDING`: there is no bus, or it was deactivated. `DELETED`: by the partner, and the bus is still there. */
  readonly state: "PENDING" | "ACTIVE" | "DELETED";
  readonly createdAtMs: number;
  /** When one that is pending is over. */
  readonly expiresAtMs?: number;
}

/** Which customer a partner has a source for. */
interface PartnerSource {
  readonly name: string;
  readonly customer: AccountId;
}

export const eventSources = table<EventSource>("eventbridge.event-source", "region", ({ name }) => [name]);
export const partnerSources = table<PartnerSource>("eventbridge.partner-source", "region", ({ name }) => [name]);

const EXPIRE = "expire";
const SEPARATOR = " ";

type Surroundings = Pick<Context, "partition" | "region">;

export const sourceArn = ({ partition, region }: Surroundings, name: string): Arn =>
  formatArn({ partition, service: "events", region, account: "", resource: `event-source/${name}` });

/** `example.com` */
export const partnerOf = (name: string): string => name.split("/")[1] ?? "";

export const onSource = (action: OperationName<EventBridgeSdk>, name: string, context: Context): Access => ({
  action: `events:${action}`,
  resource: sourceArn(context, name),
});

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireSource(name: string, tx: Transaction): Promise<EventSource> {
  const source = await tx.get(eventSources, name);
  if (source === undefined) throw eventSourceNotFound(name);
  return source;
}

export function activate({ expiresAtMs: _over, ...source }: EventSource, { tx }: Context): void {
  homeOf(source, tx).put(eventSources, { ...source, state: "ACTIVE" });
}

/** It waits to be activated, and not for ever. */
export function suspend(source: EventSource, context: Context): void {
  const expiresAtMs = context.now().getTime() + PENDING_DAYS_MAX * DAY_MS;
  homeOf(source, context.tx).put(eventSources, { ...source, state: "PENDING", expiresAtMs });
  context.at(expiresAtMs, EXPIRE, [source.account, source.name].join(SEPARATOR));
}

/** The job: takes away a source that has been pending for too long. */
export async function expire(context: Context, key: string): Promise<void> {
  const [account = "", name = ""] = key.split(SEPARATOR);
  const home = context.tx.in({ account: parseAccountId(account) ?? context.account });
  const source = await home.get(eventSources, name);
  if (source?.expiresAtMs !== undefined && source.expiresAtMs <= context.now().getTime()) await end(source, context);
}

/** What is left is a note for the customer, as long as there is a bus for it. */
export async function end({ expiresAtMs: _over, ...source }: EventSource, { tx }: Context): Promise<void> {
  homeOf({ ...source, account: source.partner }, tx).delete(partnerSources, source.name);
  const home = homeOf(source, tx);
  if ((await home.get(buses, source.name)) === undefined) home.delete(eventSources, source.name);
  else home.put(eventSources, { ...source, state: "DELETED" });
}
