/**
 * Versions: a function as it was when one was published.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { onFunction } from "../access.ts";
import { nextTokenInvalid, notBuilt, shaMismatch } from "../errors.ts";
import { LATEST, placeOf } from "./name.ts";
import {
  functions,
  requireFunction,
  versions,
  type Configuration,
  type LambdaFunction,
  type PublishedVersion,
} from "./row.ts";
import { listedFunction, shownFunction } from "./view.ts";
import { operation } from "../kit.ts";
import { PAGE_ROWS_MAX } from "../limits.ts";
import { requireRevision } from "../revision.ts";

/** A new version of what the function is now. */
export function publish(
  of: LambdaFunction,
  { description }: { readonly description?: string | undefined },
  context: Context,
): PublishedVersion {
  const { account, region, name, latest } = of;
  const tx = context.tx.in({ account, region });
  const number = of.published + 1;
  const version: PublishedVersion = {
    ...latest,
    name,
    number,
    ownDescription: latest.description,
    version: String(number),
    description: description ?? latest.description,
    revisionId: context.newId(),
  };
  tx.put(versions, version);
  tx.put(functions, { ...of, published: number, latest: { ...latest, revisionId: context.newId() } });
  context.blobs.keep(latest.code.blob);
  return version;
}

/** Whether nothing has changed since: then nothing is published. */
const isSame = (one: Configuration, other: Configuration): boolean => essence(one) === essence(other);

const essence = ({ code, ...rest }: Configuration & Partial<PublishedVersion>): string =>
  JSON.stringify(
    { ...rest, ...ITS_OWN, code: code.sha256, description: rest.ownDescription ?? rest.description },
    sorted,
  );

/** What a version and what it was made of do not have in common. */
const ITS_OWN = {
  version: undefined,
  name: undefined,
  number: undefined,
  ownDescription: undefined,
  generation: undefined,
  revisionId: undefined,
  modifiedAtMs: undefined,
};

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;

export const publishVersion = operation("PublishVersion", {
  authorize: ({ FunctionName }, context) => onFunction("PublishVersion", FunctionName, context),

  async handle({ FunctionName, CodeSha256, Description, RevisionId, PublishTo }, context) {
    if (PublishTo !== undefined) throw notBuilt("Publishing to a capacity provider");
    const place = placeOf(FunctionName, context);
    const of = await requireFunction(place);
    const { latest } = of;
    requireRevision(latest, RevisionId, "GetFunction/GetAlias");
    if (CodeSha256 !== undefined && CodeSha256 !== latest.code.sha256)
      throw shaMismatch(CodeSha256, latest.code.sha256);
    const last = await place.tx.get(versions, of.name, of.published);
    const isUnchanged = last !== undefined && isSame(last, latest);
    const version = isUnchanged ? last : publish(of, { description: Description }, context);
    return shownFunction({ of, configuration: version, qualifier: version.version }, context);
  },
});

export const listVersionsByFunction = operation("ListVersionsByFunction", {
  authorize: ({ FunctionName }, context) => onFunction("ListVersionsByFunction", FunctionName, context),

  async handle({ FunctionName, Marker, MaxItems }, context) {
    const place = placeOf(FunctionName, context);
    const of = await requireFunction(place);
    const { rows, next } = await page(place.tx, versions, {
      prefix: [of.name],
      token: Marker,
      limit: MaxItems,
      max: PAGE_ROWS_MAX,
      invalidToken: nextTokenInvalid,
    });
    const listed: readonly Configuration[] = Marker === undefined ? [of.latest, ...rows] : rows;
    const Versions = [];
    for (const configuration of listed) {
      const qualifier = configuration.version === LATEST ? LATEST : configuration.version;
      Versions.push(await listedFunction({ of, configuration, qualifier }, context));
    }
    return { Versions, ...(next !== undefined && { NextMarker: next }) };
  },
});
