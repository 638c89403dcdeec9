/** The rows of event buses, and their finders. */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { asRegion, parseAccountId, parseArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table, type Scope, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { busNotFound } from "../errors.ts";
import { busArn, DEFAULT_BUS } from "../kit.ts";

export interface Bus {
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  /** The default bus has none until it is changed. */
  readonly createdAtMs?: number;
  readonly changedAtMs?: number;
  readonly description?: string;
  readonly kmsKey?: string;
  readonly deadLetterArn?: string;
  readonly log?: { readonly level?: "OFF" | "ERROR" | "INFO" | "TRACE"; readonly detail?: "NONE" | "FULL" };
  readonly policy?: PinnedPolicy;
  readonly tags: Tags;
}

export const buses = table<Bus>("eventbridge.bus", "region", ({ name }) => [name]);

/** Where a name or an ARN says that a bus is. */
export interface BusPlace extends Scope {
  readonly name: string;
  readonly partition: string;
  /** Sees its account and region. */
  readonly tx: Transaction;
}

type Surroundings = Pick<Context, "account" | "region" | "partition" | "tx">;

export function placeOf(nameOrArn: string | undefined, context: Surroundings): BusPlace {
  const { partition, tx } = context;
  const parts = parseArn(nameOrArn ?? "");
  if (parts === undefined) {
    const { account, region } = context;
    return { name: nameOrArn ?? DEFAULT_BUS, account, region, partition, tx };
  }
  const account = parseAccountId(parts.account) ?? context.account;
  const region = asRegion(parts.region === "" ? context.region : parts.region);
  const name = parts.resource.replace(/^event-bus\//, "");
  return { name, account, region, partition, tx: tx.in({ account, region }) };
}

/** Whether it is where the call acts. */
export const isOwn = ({ account, region }: Scope, context: Scope): boolean =>
  account === context.account && region === context.region;

/** The default bus is there without having been made. */
export async function busAt({ name, account, region, partition, tx }: BusPlace): Promise<Bus | undefined> {
  const bus = await tx.get(buses, name);
  return bus ?? (name === DEFAULT_BUS ? { name, account, region, partition, tags: {} } : undefined);
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireBusAt(place: BusPlace): Promise<Bus> {
  const bus = await busAt(place);
  if (bus === undefined) throw busNotFound(place.name);
  return bus;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export const requireBus = (nameOrArn: string | undefined, context: Surroundings): Promise<Bus> =>
  requireBusAt(placeOf(nameOrArn, context));

export const arnOf = (bus: Bus): Arn => busArn(bus, bus.name);
/** The transaction, where the bus's rows are. */
export const homeOf = ({ account, region }: Scope, tx: Transaction): Transaction => tx.in({ account, region });
