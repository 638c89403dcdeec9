import { GLOBAL_KEYS } from "../../global-keys.ts";

const SINGLE = new Set(GLOBAL_KEYS.filter(({ values }) => values === "single").map(({ name }) => name.toLowerCase()));

/** Keys of a tag's name: one value each. */
const TAG_FAMILIES = ["aws:principaltag/", "aws:requesttag/", "aws:resourcetag/"];

/** Whether the global condition key `key`, in lower case, never has more than one value. */
export const isSingleValuedGlobalKey = (key: string): boolean =>
  SINGLE.has(key) || TAG_FAMILIES.some((family) => key.startsWith(family));
