/** Parameters, taken away. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html */
import type { Context } from "../../service/context.ts";
import { onParameter } from "./access.ts";
import { parameterNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { parseName } from "./parameter-name.ts";
import { removeParameter } from "./parameter-removal.ts";
import { findParameter, type Parameter } from "./parameter-row.ts";

/** Of versions there is no deleting. */
async function findWhole(name: string, context: Context): Promise<Parameter | undefined> {
  return parseName(name, context).selector === undefined ? findParameter(name, context) : undefined;
}

export const deleteParameter = operation("DeleteParameter", {
  authorize: ({ Name }, context) => onParameter("DeleteParameter", Name, context),

  async handle({ Name }, context) {
    const parameter = await findWhole(Name, context);
    if (parameter === undefined) throw parameterNotFound(Name);
    await removeParameter(parameter, context);
    return {};
  },
});

export const deleteParameters = operation("DeleteParameters", {
  authorize: ({ Names }, context) => Promise.all(Names.map((name) => onParameter("DeleteParameters", name, context))),

  async handle({ Names }, context) {
    const DeletedParameters: string[] = [];
    const InvalidParameters: string[] = [];
    for (const name of new Set(Names)) {
      const parameter = await findWhole(name, context);
      if (parameter !== undefined) await removeParameter(parameter, context);
      (parameter === undefined ? InvalidParameters : DeletedParameters).push(name);
    }
    return { DeletedParameters, InvalidParameters };
  },
});
