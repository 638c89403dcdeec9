import type { Principal } from "../identity/principal.ts";

/** How refusals name a caller. */
export function callerName(principal: Principal): string {
  if (principal.type === "anonymous") return "anonymous";
  return principal.type === "service" ? principal.service : principal.arn;
}
