/** A parameter goes, with all of its versions. */
import type { Context } from "../../service/context.ts";
import { countOf, noteCount } from "./parameter-count.ts";
import { tellOfChange } from "./parameter-event.ts";
import { deleteParameterRow, homeOf, type Parameter } from "./parameter-row.ts";

export async function removeParameter(parameter: Parameter, context: Context): Promise<void> {
  await deleteParameterRow(parameter, context.tx);
  const home = { tx: homeOf(parameter, context.tx) };
  noteCount({ [parameter.tier]: -1 }, await countOf(home), home);
  await tellOfChange("Delete", parameter, context);
}
