import type { Access } from "../../service/access.ts";
import type { Exchange } from "../exchange.ts";

/** May they? Every question of the operation is asked; the first denial refuses the call. */
export async function authorise(exchange: Exchange): Promise<void> {
  const { context, input, target } = exchange;
  const asked = await target.operation.authorize(input, context);
  const questions = Array.isArray(asked) ? (asked as readonly Access[]) : [asked as Access];
  for (const access of questions) await context.require(access);
}
