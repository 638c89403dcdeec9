/** The layers that a function names. Source: https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html */
import { parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { layerElsewhere, layersMixed, layerUnusable, notBuilt, tooManyLayers } from "../errors.ts";
import type { LayerUse } from "../function/row.ts";
import { findLayerVersion } from "./row.ts";
import { LAYERS_MAX } from "../limits.ts";
import { onLayerVersion } from "./access.ts";

/** @throws {AwsError} one is not there, is not for the caller, or does not go with the others. */
export async function layersOf(arns: readonly string[], context: Context): Promise<readonly LayerUse[]> {
  if (arns.length > LAYERS_MAX) throw tooManyLayers();
  const named = new Map<string, string>();
  const used: LayerUse[] = [];
  for (const arn of arns) {
    const layer = arn.replace(/:\d+$/, "");
    const other = named.get(layer);
    if (other !== undefined) throw layersMixed(other, arn);
    named.set(layer, arn);
    used.push(await layerOf(arn, context));
  }
  return used;
}

async function layerOf(arn: string, context: Context): Promise<LayerUse> {
  if (parseArn(arn)?.region !== context.region) throw layerElsewhere(context.region);
  const version = await findLayerVersion(arn, context);
  if (version === undefined || version.deletedAtMs !== undefined) throw layerUnusable(arn);
  await context.require(onLayerVersion("GetLayerVersion", version));
  if (version.hasExtensions) throw notBuilt("An extension of a layer");
  return { arn, bytes: version.code.bytes };
}
