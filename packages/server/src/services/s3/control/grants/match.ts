/** Which of somebody's grants is for a target: the narrowest that covers it. */
import type { Permission } from "@aws-sdk/client-s3-control";
import type { Key } from "../../../../kernel/table.ts";
import type { Context } from "../../../../service/context.ts";
import { grantedScopes, headOf, keyOfGrantee } from "./granted.ts";
import { requireGrant, type AccessGrant, type Place } from "./row.ts";
import { covers } from "./scope.ts";

interface Wanted {
  readonly grantee: string;
  readonly target: string;
  readonly permission: Permission;
}

/**
 * Goes from the target up: the last grant that does not come behind it either covers it or begins otherwise at some
 * point, and whatever covers it then ends before that. So there are no more steps than the target has characters.
 */
export async function findGrant(wanted: Wanted, place: Pick<Context, "tx"> & Place): Promise<AccessGrant | undefined> {
  const own = keyOfGrantee(place, wanted.grantee);
  for (let reach = headOf(wanted.target); ;) {
    // NUL: what is at `reach` itself counts
    const last = { prefix: own, before: [...own, `${reach}\0`], reverse: true, limit: 1 };
    const [nearest] = await place.tx.scan(grantedScopes, last);
    if (nearest === undefined) return undefined;
    const head = headOf(nearest.scope);
    const shared = sharedStart(head, reach);
    const id = shared === head ? await fitting([...own, head], wanted, place) : undefined;
    if (id !== undefined) return requireGrant(id, place);
    if (shared === "") return undefined;
    reach = shared === head ? shared.replace(/.$/su, "") : shared;
  }
}

/** Of the grants that begin at one place: the one for this object before the one for all that begins like it. */
async function fitting(
  at: Key,
  { target, permission }: Wanted,
  { tx }: Pick<Context, "tx">,
): Promise<string | undefined> {
  const all = await tx.scan(grantedScopes, { prefix: at, limit: Number.MAX_SAFE_INTEGER });
  const fit = all.filter((granted) => gives(granted.permission, permission) && covers(granted.scope, target));
  const [narrowest] = fit.toSorted((one, other) => other.scope.length - one.scope.length);
  return (fit.find(({ scope }) => scope === target) ?? narrowest)?.id;
}

const gives = (granted: Permission, wanted: Permission): boolean => granted === "READWRITE" || granted === wanted;

/** In whole characters, as keys are ordered. */
function sharedStart(one: string, other: string): string {
  let end = 0;
  for (const character of one) {
    if (!other.startsWith(character, end)) break;
    end += character.length;
  }
  return one.slice(0, end);
}
