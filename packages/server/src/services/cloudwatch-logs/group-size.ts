/** How many bytes a group has, spread over rows so that streams written at once do not get into each other's way. */
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { homeOf, type LogGroup } from "./group-row.ts";

interface Share {
  readonly group: string;
  readonly share: number;
  readonly bytes: number;
}

const shares = table<Share>("cloudwatch-logs.group-size", "region", ({ group, share }) => [group, share]);

const SHARES = 16;

export async function countBytes(
  group: LogGroup,
  stream: string,
  bytes: number,
  { tx }: Pick<Context, "tx">,
): Promise<void> {
  const home = homeOf(group, tx);
  // ids are hexadecimal
  const share = Number.parseInt(stream.slice(0, 1), SHARES);
  const was = await home.get(shares, group.id, share);
  home.put(shares, { group: group.id, share, bytes: Math.max(0, (was?.bytes ?? 0) + bytes) });
}

export async function bytesOf(group: LogGroup, { tx }: Context): Promise<number> {
  const all = await homeOf(group, tx).scan(shares, { prefix: [group.id], limit: SHARES });
  return all.reduce((sum, { bytes }) => sum + bytes, 0);
}

export const forgetBytes = (group: string, tx: Context["tx"]): Promise<number> =>
  tx.clear(shares, { prefix: [group], limit: SHARES });
