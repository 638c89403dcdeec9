/** The rows of API destinations. */
import { parseArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { OutputOf } from "../../../service/sdk.ts";
import { arnIn, type EventBridgeSdk } from "../kit.ts";

export interface ApiDestination {
  readonly name: string;
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly description?: string;
  readonly connectionArn: string;
  readonly endpoint: string;
  readonly method: NonNullable<OutputOf<EventBridgeSdk, "DescribeApiDestination">["HttpMethod"]>;
  readonly perSecondMax: number;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}

export const destinations = table<ApiDestination>("eventbridge.api-destination", "region", ({ name }) => [name]);

export const arnOfDestination = (destination: ApiDestination): Arn =>
  arnIn(destination, `api-destination/${destination.name}/${destination.id}`);

/** The destination of that ARN, if it is still the same. */
export async function findDestination(arn: string, tx: Transaction): Promise<ApiDestination | undefined> {
  const [, name = ""] = parseArn(arn)?.resource.split("/") ?? [];
  const destination = await tx.get(destinations, name);
  return destination !== undefined && arnOfDestination(destination) === arn ? destination : undefined;
}
