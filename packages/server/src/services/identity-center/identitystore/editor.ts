import type { Principal } from "../../../identity/principal.ts";
import type { Context } from "../../../service/context.ts";

/** Who made or changed something, and when, as users, groups and memberships show it. */
export function editOf(context: Pick<Context, "principal" | "now">): {
  readonly atMs: number;
  readonly by: string;
} {
  return { atMs: context.now().getTime(), by: idOf(context.principal) };
}

function idOf(principal: Principal): string {
  if (principal.type === "anonymous") return "";
  return principal.type === "service" ? principal.service : principal.userId;
}
