/** The rows of connections. What they keep secret lies in a secret of Secrets Manager, and nowhere else. */
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { parseArn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { OutputOf } from "../../../service/sdk.ts";
import { arnIn, type EventBridgeSdk } from "../kit.ts";

type Described = OutputOf<EventBridgeSdk, "DescribeConnection">;

export interface Connection {
  readonly name: string;
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly description?: string;
  readonly kmsKey?: string;
  readonly type: NonNullable<Described["AuthorizationType"]>;
  readonly state: NonNullable<Described["ConnectionState"]>;
  readonly reason?: string;
  /** As it is read back, without secrets. */
  readonly shown: NonNullable<Described["AuthParameters"]>;
  readonly secretArn: string;
  /** Another after each change by its owner. */
  readonly revision?: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly authorizedAtMs: number;
  /** Of OAuth: sealed. */
  readonly token?: { readonly sealed: string; readonly untilMs: number };
}

export const connections = table<Connection>("eventbridge.connection", "region", ({ name }) => [name]);

export const arnOfConnection = (connection: Connection): Arn =>
  arnIn(connection, `connection/${connection.name}/${connection.id}`);

/** The connection of that ARN, if it is still the same. */
export async function findConnection(arn: string, tx: Transaction): Promise<Connection | undefined> {
  const [, name = ""] = parseArn(arn)?.resource.split("/") ?? [];
  const connection = await tx.get(connections, name);
  return connection !== undefined && arnOfConnection(connection) === arn ? connection : undefined;
}
