/**
 * Layers: code that functions share.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
 */
import type { Architecture, Runtime } from "@aws-sdk/client-lambda";
import { fullTime } from "../../../kernel/iso-seconds.ts";
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { layerLink } from "../code/link.ts";
import { takeCode } from "../code/code.ts";
import { layerNotFound, layerVersionTooLow, nextTokenInvalid, resourceMissing } from "../errors.ts";
import { operation, streaming } from "../kit.ts";
import { onAll } from "../access.ts";
import { onLayer, onLayerNumber, onLayerVersion } from "./access.ts";
import {
  findLayerVersion,
  layerArn,
  layerPlaceOf,
  layers,
  layerVersionArn,
  layerVersions,
  type LayerPlace,
  type LayerVersion,
} from "./row.ts";
import { PAGE_ROWS_MAX } from "../limits.ts";

export const publishLayerVersion = streaming("PublishLayerVersion", {
  authorize: ({ LayerName }, context) => onLayer("PublishLayerVersion", layerPlaceOf(LayerName, context)),

  receive: ({ Content }, context) => takeCode(Content, context),

  async handle(input, context, { hasExtensions, ...code }) {
    const { LayerName, Description, LicenseInfo, CompatibleRuntimes, CompatibleArchitectures } = input;
    const { tx } = context;
    const place = layerPlaceOf(LayerName, context);
    const number = ((await tx.get(layers, place.name))?.last ?? 0) + 1;
    tx.put(layers, { name: place.name, last: number });
    const version: LayerVersion = {
      ...place,
      number,
      description: Description ?? "",
      code,
      hasExtensions,
      createdAtMs: context.now().getTime(),
      ...(LicenseInfo !== undefined && { licence: LicenseInfo }),
      ...(CompatibleRuntimes !== undefined && { runtimes: CompatibleRuntimes }),
      ...(CompatibleArchitectures !== undefined && { architectures: CompatibleArchitectures }),
    };
    tx.put(layerVersions, version);
    context.blobs.keep(code.blob);
    return whole(version, context);
  },
});

export const getLayerVersion = operation("GetLayerVersion", {
  authorize: async ({ LayerName, VersionNumber }, context) =>
    onNumber("GetLayerVersion", layerPlaceOf(LayerName, context), VersionNumber, context),

  async handle({ LayerName, VersionNumber }, context) {
    return whole(await readable(layerPlaceOf(LayerName, context), VersionNumber, context), context);
  },
});

export const getLayerVersionByArn = operation("GetLayerVersionByArn", {
  authorize: async ({ Arn }, context) => {
    const { place, number } = named(Arn, context);
    return onNumber("GetLayerVersion", place, number, context);
  },

  async handle({ Arn }, context) {
    const { place, number } = named(Arn, context);
    return whole(await readable(place, number, context), context);
  },
});

function named(arn: string, context: Context): { readonly place: LayerPlace; readonly number: number } {
  return { place: layerPlaceOf(arn.replace(/:\d+$/, ""), context), number: Number(arn.split(":").at(-1)) };
}

async function onNumber(
  action: "GetLayerVersion" | "DeleteLayerVersion",
  place: LayerPlace,
  number: number,
  context: Context,
) {
  const version = await findLayerVersion(layerVersionArn(place, number), context);
  return version === undefined ? onLayerNumber(action, place, number) : onLayerVersion(action, version);
}

async function findNumber(place: LayerPlace, number: number, context: Context): Promise<LayerVersion | undefined> {
  if (number < 1) throw layerVersionTooLow();
  const version = await findLayerVersion(layerVersionArn(place, number), context);
  return version?.deletedAtMs === undefined ? version : undefined;
}

/** @throws {AwsError} */
export async function requireLayerVersion(place: LayerPlace, number: number, context: Context): Promise<LayerVersion> {
  const version = await findNumber(place, number, context);
  if (version === undefined) throw layerNotFound(layerVersionArn(place, number));
  return version;
}

/** Who reads it is not told which one is not there. @throws {AwsError} */
async function readable(place: LayerPlace, number: number, context: Context): Promise<LayerVersion> {
  const version = await findNumber(place, number, context);
  if (version === undefined) throw resourceMissing();
  return version;
}

export const listLayers = operation("ListLayers", {
  authorize: () => onAll("ListLayers"),

  async handle({ CompatibleRuntime, CompatibleArchitecture, Marker, MaxItems }, context) {
    const { rows, next } = await page(context.tx, layers, {
      token: Marker,
      limit: MaxItems,
      max: PAGE_ROWS_MAX,
      invalidToken: nextTokenInvalid,
    });
    const Layers = [];
    for (const { name } of rows) {
      const found = await newest(name, { CompatibleRuntime, CompatibleArchitecture }, context);
      if (found === undefined) continue;
      const place = layerPlaceOf(name, context);
      Layers.push({ LayerName: name, LayerArn: layerArn(place), LatestMatchingVersion: shown(found) });
    }
    return { Layers, ...(next !== undefined && { NextMarker: next }) };
  },
});

interface Wanted {
  readonly CompatibleRuntime: Runtime | undefined;
  readonly CompatibleArchitecture: Architecture | undefined;
}

const VERSIONS_LOOKED_AT = 200;

async function newest(name: string, wanted: Wanted, { tx }: Context): Promise<LayerVersion | undefined> {
  const rows = await tx.scan(layerVersions, { prefix: [name], reverse: true, limit: VERSIONS_LOOKED_AT });
  return rows.find((version) => isWanted(version, wanted));
}

const isWanted = ({ runtimes, architectures, deletedAtMs }: LayerVersion, wanted: Wanted): boolean =>
  deletedAtMs === undefined &&
  (wanted.CompatibleRuntime === undefined || runtimes?.includes(wanted.CompatibleRuntime) === true) &&
  (wanted.CompatibleArchitecture === undefined || architectures?.includes(wanted.CompatibleArchitecture) === true);

export const listLayerVersions = operation("ListLayerVersions", {
  authorize: ({ LayerName }, context) => {
    const place = layerPlaceOf(LayerName, context);
    // of its own an account lists what it likes; of others none, whatever policies their versions have
    return place.account === context.account ? onAll("ListLayerVersions") : onLayer("ListLayerVersions", place);
  },

  async handle({ LayerName, CompatibleRuntime, CompatibleArchitecture, Marker, MaxItems }, context) {
    const { name, account, region } = layerPlaceOf(LayerName, context);
    // the newest first
    const { rows, next } = await page(context.tx.in({ account, region }), layerVersions, {
      prefix: [name],
      token: Marker,
      limit: MaxItems,
      max: PAGE_ROWS_MAX,
      descending: true,
      invalidToken: nextTokenInvalid,
    });
    const LayerVersions = rows
      .filter((version) => isWanted(version, { CompatibleRuntime, CompatibleArchitecture }))
      .map(shown);
    return { LayerVersions, ...(next !== undefined && { NextMarker: next }) };
  },
});

export const deleteLayerVersion = operation("DeleteLayerVersion", {
  authorize: async ({ LayerName, VersionNumber }, context) =>
    onNumber("DeleteLayerVersion", layerPlaceOf(LayerName, context), VersionNumber, context),

  async handle({ LayerName, VersionNumber }, context) {
    if (VersionNumber < 1) throw layerVersionTooLow();
    const place = layerPlaceOf(LayerName, context);
    const version = await findLayerVersion(layerVersionArn(place, VersionNumber), context);
    if (version === undefined) return {};
    // functions that have it go on with it. Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteLayerVersion.html
    const { policy: _gone, ...rest } = version;
    context.tx.put(layerVersions, { ...rest, deletedAtMs: context.now().getTime() });
    return {};
  },
});

function shown(version: LayerVersion) {
  const { number, description, createdAtMs, runtimes, architectures, licence } = version;
  return {
    LayerVersionArn: layerVersionArn(version, number),
    Version: number,
    ...(description !== "" && { Description: description }),
    CreatedDate: fullTime(createdAtMs),
    ...(runtimes && { CompatibleRuntimes: [...runtimes] }),
    ...(architectures && { CompatibleArchitectures: [...architectures] }),
    ...(licence !== undefined && { LicenseInfo: licence }),
  };
}

function whole(version: LayerVersion, context: Context) {
  const { description, code } = version;
  const { sha256, bytes } = code;
  const Content = { Location: layerLink(version, context), CodeSha256: sha256, CodeSize: bytes };
  return { ...shown(version), Description: description, LayerArn: layerArn(version), Content };
}
