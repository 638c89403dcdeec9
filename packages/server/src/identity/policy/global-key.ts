/** The condition keys that any service's requests may carry, by name. */
import { GLOBAL_KEYS, type GlobalKey } from "../global-keys.ts";

const BY_NAME = new Map(GLOBAL_KEYS.map((key) => [key.name.toLowerCase(), key]));

/** The key of that name in any case; `aws:PrincipalTag/team` is one of `aws:PrincipalTag/tag-key`. */
export function findGlobalKey(name: string): GlobalKey | undefined {
  const lower = name.toLowerCase();
  const slash = lower.indexOf("/");
  return BY_NAME.get(slash === -1 ? lower : `${lower.slice(0, slash)}/tag-key`);
}
