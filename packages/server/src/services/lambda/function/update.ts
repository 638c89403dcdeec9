/** Functions changed: their code, and what is said of them. */
import { onFunction, passRole } from "../access.ts";
import { takeCode } from "../code/code.ts";
import { requireNamedConfig, requireSigned } from "../code/signing-row.ts";
import { changed } from "./configuration.ts";
import { imageForZip, notBuilt } from "../errors.ts";
import { requireAssumable } from "../execution-role.ts";
import { placeOf } from "./name.ts";
import { functions, requireFunction, wholeArn, type Configuration } from "./row.ts";
import { CHANGING, PENDING, shownFunction } from "./view.ts";
import { operation, streaming } from "../kit.ts";
import { requireRevision } from "../revision.ts";
import { publish } from "./version.ts";

export const updateFunctionCode = streaming("UpdateFunctionCode", {
  authorize: ({ FunctionName }, context) => onFunction("UpdateFunctionCode", FunctionName, context),

  async receive(input, context) {
    await requireFunction({ ...placeOf(input.FunctionName, context), qualifier: undefined });
    if (input.ImageUri !== undefined) throw imageForZip();
    return takeCode(input, context);
  },

  async handle(
    { FunctionName, Architectures, DryRun, Publish, RevisionId, SourceKMSKeyArn, PublishTo },
    context,
    code,
  ) {
    if (SourceKMSKeyArn !== undefined) throw notBuilt("A key of its own for code");
    if (PublishTo !== undefined) throw notBuilt("Publishing to a capacity provider");
    const place = { ...placeOf(FunctionName, context), qualifier: undefined };
    const of = await requireFunction(place);
    requireRevision(of.latest, RevisionId, "GetFunction/GetAlias");
    if (of.codeSigningArn !== undefined) requireSigned(await requireNamedConfig(of.codeSigningArn, context));
    const { hasExtensions: _none, ...kept } = code;
    const latest: Configuration = {
      ...of.latest,
      code: kept,
      architecture: Architectures?.[0] ?? of.latest.architecture,
      generation: context.newId(),
      revisionId: context.newId(),
      modifiedAtMs: context.now().getTime(),
    };
    const updated = { ...of, latest };
    if (DryRun === true) return shownFunction({ of, configuration: latest, state: CHANGING }, context);
    context.blobs.keep(code.blob);
    context.blobs.drop(of.latest.code.blob);
    place.tx.put(functions, updated);
    context.tx.onceCommitted(() => context.functions.retire(wholeArn(of)));
    if (Publish !== true) return shownFunction({ of: updated, configuration: latest, state: CHANGING }, context);
    const version = publish(updated, {}, context);
    return shownFunction({ of: updated, configuration: version, qualifier: version.version, state: PENDING }, context);
  },
});

export const updateFunctionConfiguration = operation("UpdateFunctionConfiguration", {
  authorize: async ({ FunctionName, Role, Layers }, context) => [
    await onFunction("UpdateFunctionConfiguration", FunctionName, context, { keys: { "lambda:Layer": Layers } }),
    ...(Role === undefined ? [] : passRole(Role)),
  ],

  async handle({ FunctionName, RevisionId, ...settings }, context) {
    const place = { ...placeOf(FunctionName, context), qualifier: undefined };
    const of = await requireFunction(place);
    requireRevision(of.latest, RevisionId, "GetFunction/GetAlias");
    if (settings.Role !== undefined && settings.Role !== of.latest.role) await requireAssumable(settings.Role, context);
    const latest = await changed(of.latest, settings, { place, context });
    const updated = { ...of, latest };
    place.tx.put(functions, updated);
    context.tx.onceCommitted(() => context.functions.retire(wholeArn(of)));
    return shownFunction({ of: updated, configuration: latest, state: CHANGING }, context);
  },
});
