import { once } from "./kernel/once.ts";
import type { OutwardReach } from "./network/outward.ts";
import type { Outward } from "./service/outward.ts";

/** A client for the web is loaded with the first request. */
export function lazyOutward(reach: OutwardReach): Outward {
  const load = once(async () => (await import("./network/outward.ts")).outwardTo(reach));
  return { request: async (asked) => (await load()).request(asked) };
}
