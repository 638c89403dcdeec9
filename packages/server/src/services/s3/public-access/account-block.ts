/**
 * The public access block of an account. Decisions read it where the bucket is: each bucket, and each access point, of the
 * account has it in its own row.
 */
import type { AccountId } from "../../../kernel/arn.ts";
import { table, type Key, type Table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { accessPoints } from "../access-point/row.ts";
import { buckets, ownBuckets, type PublicAccessBlock } from "../bucket/row.ts";
import { PAGE_ITEMS_MAX } from "../limits.ts";

interface AccountBlock {
  readonly account: AccountId;
  readonly block: PublicAccessBlock;
}

const accountBlocks = table<AccountBlock>("s3.account-block", "global", ({ account }) => [account]);

type Tx = Pick<Context, "tx">;

/** As a new bucket of the account carries it. */
export async function accountBlockOf(
  account: AccountId,
  { tx }: Tx,
): Promise<{ readonly accountBlock?: PublicAccessBlock }> {
  const row = await tx.get(accountBlocks, account);
  return row ? { accountBlock: row.block } : {};
}

/** `undefined` takes it away. */
export async function setAccountBlock(
  account: AccountId,
  block: PublicAccessBlock | undefined,
  { tx }: Tx,
): Promise<void> {
  if (block) tx.put(accountBlocks, { account, block });
  else tx.delete(accountBlocks, account);
  const carried = block ? { accountBlock: block } : {};
  for await (const { name } of rowsOf(ownBuckets, account, tx)) {
    const bucket = await tx.get(buckets, name);
    if (bucket === undefined) continue;
    const { accountBlock: _before, ...rest } = bucket;
    tx.put(buckets, { ...rest, ...carried });
  }
  for await (const { accountBlock: _before, ...point } of rowsOf(accessPoints, account, tx)) {
    tx.put(accessPoints, { ...point, ...carried });
  }
}

async function* rowsOf<Row>(of: Table<Row>, account: AccountId, tx: Context["tx"]): AsyncGenerator<Row> {
  for (let after: Key | undefined; ;) {
    const rows = await tx.scan(of, { prefix: [account], after, limit: PAGE_ITEMS_MAX });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ITEMS_MAX) return;
    after = of.keyOf(last);
  }
}
