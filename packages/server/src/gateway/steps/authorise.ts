import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import type { HeldOperation } from "../../service/service.ts";
import type { Exchange } from "../exchange.ts";

/** May they? Every question of the operation is asked; the first denial refuses the call. */
export const authorise = ({ context, input, target }: Exchange): Promise<void> =>
  askAll(target.operation, input, context);

/** @throws {AwsError} */
export async function askAll(operation: HeldOperation, input: unknown, context: Context): Promise<void> {
  const asked = await operation.authorize(input, context);
  const questions = Array.isArray(asked) ? (asked as readonly Access[]) : [asked as Access];
  for (const access of questions) await context.require(access);
}
