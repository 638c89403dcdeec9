/** Concurrency that is kept ready for a version or an alias. */
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { functionArn, type FunctionPlace } from "../function/name.ts";
import type { Target } from "../function/row.ts";

export interface Provision {
  readonly name: string;
  readonly qualifier: string;
  readonly requested: number;
  readonly modifiedAtMs: number;
  /** Whether instances have begun, or cannot. */
  readonly state: "in-progress" | "ready" | "failed";
}

export const provisions = table<Provision>("lambda.provision", "region", ({ name, qualifier }) => [name, qualifier]);

export const PROVISION = "provision";

/** Has instances begin for it. */
export function beginProvision(provision: Omit<Provision, "state">, place: FunctionPlace, context: Context): Provision {
  const begun: Provision = { ...provision, state: "in-progress" };
  place.tx.put(provisions, begun);
  context.at(context.now().getTime(), PROVISION, functionArn(place, provision.qualifier));
  return begun;
}

/** What is kept ready for it: for the alias by which it is called, or for the version that this leads to. */
export async function readyFor(
  { function: { name }, configuration: { version }, alias }: Target,
  tx: Transaction,
): Promise<Provision | undefined> {
  const ofAlias = alias && (await tx.get(provisions, name, alias.alias));
  const found = ofAlias ?? (await tx.get(provisions, name, version));
  return found?.state === "ready" ? found : undefined;
}

/** Each version and alias has at most one. */
const ROWS = 1000;

export async function provisionedSum(name: string, tx: Transaction): Promise<number> {
  const rows = await tx.scan(provisions, { prefix: [name], limit: ROWS });
  return rows.reduce((sum, { requested }) => sum + requested, 0);
}
