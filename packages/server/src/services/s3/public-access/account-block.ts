/**
 * The public access block of an account. Decisions read it where the bucket is: each bucket, and each access point, of the
 * account has it in its own row.
 */
import type { AccountId } from "../../../kernel/arn.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { accessPoints } from "../access-point/row.ts";
import { buckets, ownBuckets, type PublicAccessBlock } from "../bucket/row.ts";

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
  for await (const { name } of everyRow(tx, ownBuckets, { prefix: [account] })) {
    const bucket = await tx.get(buckets, name);
    if (bucket === undefined) continue;
    const { accountBlock: _before, ...rest } = bucket;
    tx.put(buckets, { ...rest, ...carried });
  }
  for await (const { accountBlock: _before, ...point } of everyRow(tx, accessPoints, { prefix: [account] })) {
    tx.put(accessPoints, { ...point, ...carried });
  }
}
