/** Ids as Organizations makes them: a prefix, a hyphen, and lower-case letters and digits. */
import { parseAccountId, type AccountId } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import type { Context } from "../../service/context.ts";

type Ids = Pick<Context, "newId">;

/** The low bits of a UUID are chance alone. */
const chance = (context: Ids): bigint => BigInt(`0x${context.newId().replaceAll("-", "")}`) % 2n ** 60n;

function letters(context: Ids, length: number): string {
  let text = "";
  while (text.length < length) text += chance(context).toString(36).padStart(11, "0");
  return text.slice(-length);
}

export const newOrganizationId = (context: Ids): string => `o-${letters(context, 10)}`;
export const newRootId = (context: Ids): string => `r-${letters(context, 4)}`;
/** A unit's id has the letters of its root. */
export const newUnitId = (context: Ids, rootId: string): string => `ou-${rootId.slice(2)}-${letters(context, 8)}`;
export const newPolicyId = (context: Ids): string => `p-${letters(context, 8)}`;
export const newResourcePolicyId = (context: Ids): string => `rp-${letters(context, 8)}`;
export const newHandshakeId = (context: Ids): string => `h-${letters(context, 32)}`;
export const newRequestId = (context: Ids): string => `car-${letters(context, 32)}`;
export const newTransferId = (context: Ids): string => `rt-${letters(context, 8)}`;

/** Twelve digits, the first of them not zero. */
export function newAccountId(context: Ids): AccountId {
  const id = parseAccountId(String(100_000_000_000n + (chance(context) % 900_000_000_000n)));
  assert(id !== undefined, "the number has twelve digits");
  return id;
}
