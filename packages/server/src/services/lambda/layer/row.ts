/** The rows of layers. */
import type { Architecture, Runtime } from "@aws-sdk/client-lambda";
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { asRegion, formatArn, parseAccountId, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Code } from "../function/row.ts";

/** Which number a layer's last version had: numbers are not used twice. */
export interface Layer {
  readonly name: string;
  readonly last: number;
}

export interface LayerVersion {
  readonly name: string;
  readonly number: number;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly description: string;
  readonly licence?: string;
  readonly runtimes?: readonly Runtime[];
  readonly architectures?: readonly Architecture[];
  readonly code: Code;
  readonly hasExtensions: boolean;
  readonly createdAtMs: number;
  readonly policy?: PinnedPolicy & { readonly revisionId: string };
  /** Nobody finds it any more but the functions that have it. */
  readonly deletedAtMs?: number;
}

export const layers = table<Layer>("lambda.layer", "region", ({ name }) => [name]);
export const layerVersions = table<LayerVersion>("lambda.layer-version", "region", ({ name, number }) => [
  name,
  number,
]);

/** Where a layer is, as a call names it: by its name or its ARN. */
export interface LayerPlace {
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
}

export function layerPlaceOf(text: string, context: Pick<Context, "account" | "region" | "partition">): LayerPlace {
  const { region, partition } = context;
  const [, , , , owner = "", , name = text] = text.split(":");
  return { name, account: parseAccountId(owner) ?? context.account, region, partition };
}

export const layerArn = ({ partition, region, account, name }: LayerPlace): Arn =>
  formatArn({ partition, service: "lambda", region, account, resource: `layer:${name}` });

export const layerVersionArn = ({ partition, region, account, name }: LayerPlace, number: number): Arn =>
  formatArn({ partition, service: "lambda", region, account, resource: `layer:${name}:${number}` });

/** The version of that ARN, wherever it is. */
export async function findLayerVersion(arn: string, { tx }: Pick<Context, "tx">): Promise<LayerVersion | undefined> {
  const [, region, owner = "", name = "", number = ""] =
    /^arn:[\w-]+:lambda:([\w-]+):(\d{12}):layer:([\w-]+):(\d+)$/.exec(arn) ?? [];
  const account = parseAccountId(owner);
  if (account === undefined || region === undefined) return undefined;
  return tx.in({ account, region: asRegion(region) }).get(layerVersions, name, Number(number));
}
