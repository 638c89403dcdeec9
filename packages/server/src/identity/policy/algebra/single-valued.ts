import { findGlobalKey } from "../global-key.ts";

/** Whether the global condition key `key`, in lower case, never has more than one value. */
export const isSingleValuedGlobalKey = (key: string): boolean => findGlobalKey(key)?.values === "single";
