/** How many parameters of each tier an account has in a region. */
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { ParameterTier } from "./parameter-row.ts";

export type ParameterCount = Readonly<Record<ParameterTier, number>>;

const counts = table<ParameterCount>("ssm.parameter-count", "region", () => []);
const NONE: ParameterCount = { Standard: 0, Advanced: 0 };

export const countOf = async ({ tx }: Pick<Context, "tx">): Promise<ParameterCount> => (await tx.get(counts)) ?? NONE;

export function noteCount(more: Partial<ParameterCount>, count: ParameterCount, { tx }: Pick<Context, "tx">): void {
  const { Standard = 0, Advanced = 0 } = more;
  tx.put(counts, { Standard: count.Standard + Standard, Advanced: count.Advanced + Advanced });
}
