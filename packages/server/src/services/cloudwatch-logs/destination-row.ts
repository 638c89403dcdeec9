/** The rows of destinations: where other accounts may send the events of their groups. */
import type { PinnedPolicy } from "../../identity/directory.ts";
import { parseAccountId, parseArn, asRegion, type AccountId, type Arn, type Region } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import { arn } from "./kit.ts";

export interface Destination {
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly target: string;
  readonly role: string;
  readonly policy?: PinnedPolicy;
  readonly createdAtMs: number;
  readonly tags: Tags;
}

export const destinations = table<Destination>("cloudwatch-logs.destination", "region", ({ name }) => [name]);

export const destinationArn = (destination: Omit<Destination, "policy">): Arn =>
  arn(destination, `destination:${destination.name}`);

export const findDestination = (name: string, tx: Transaction): Promise<Destination | undefined> =>
  tx.get(destinations, name);

/** The destination of that ARN, in whichever account. */
export async function destinationOf(text: string, tx: Transaction): Promise<Destination | undefined> {
  const parts = parseArn(text);
  const account = parseAccountId(parts?.account ?? "");
  const [, name] = /^destination:(.+)$/.exec(parts?.resource ?? "") ?? [];
  if (parts?.service !== "logs" || account === undefined || name === undefined) return undefined;
  return findDestination(name, tx.in({ account, region: asRegion(parts.region) }));
}
