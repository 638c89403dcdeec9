/** Which version an alias with weights sends a call to. Source: https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html */
import type { Context } from "../../../service/context.ts";
import { findVersion, type Target } from "../function/row.ts";

const DIGITS = 8;
const RANGE = 16 ** DIGITS;

export async function routed(target: Target, context: Pick<Context, "newId" | "tx">): Promise<Target> {
  const { alias, function: of } = target;
  const [weighted] = Object.entries(alias?.weights ?? {});
  if (weighted === undefined) return target;
  const [version, weight] = weighted;
  const chance = Number.parseInt(context.newId().slice(0, DIGITS), 16) / RANGE;
  if (chance >= weight) return target;
  const { account, region } = of;
  const configuration = await findVersion(of, version, context.tx.in({ account, region }));
  return configuration === undefined ? target : { ...target, configuration };
}
