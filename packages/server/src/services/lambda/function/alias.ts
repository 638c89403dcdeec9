/**
 * Aliases: names for versions.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
 */
import { page } from "../../../kernel/page.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { onFunction } from "../access.ts";
import {
  aliasExists,
  aliasNotFound,
  aliasUnchanged,
  functionNotFound,
  latestUnweighted,
  nextTokenInvalid,
  tooManyWeights,
  weightRepeated,
} from "../errors.ts";
import { arnOf, functionArn, LATEST, placeOf, type FunctionPlace } from "./name.ts";
import { forgetQualifier } from "./remains.ts";
import {
  aliases,
  findTarget,
  findVersion,
  isNumber,
  requireFunction,
  type Alias,
  type LambdaFunction,
  type Target,
} from "./row.ts";
import { operation, type LambdaSdk } from "../kit.ts";
import { beginProvision, provisions } from "../concurrency/provision-row.ts";
import { LONG_PAGE_ROWS_MAX, PAGE_ROWS_MAX } from "../limits.ts";
import { requireRevision } from "../revision.ts";

type Routing = InputOf<LambdaSdk, "CreateAlias">["RoutingConfig"];

export const createAlias = operation("CreateAlias", {
  authorize: ({ FunctionName }, context) => onFunction("CreateAlias", FunctionName, context),

  async handle({ FunctionName, Name, FunctionVersion, Description, RoutingConfig }, context) {
    const place = placeOf(FunctionName, context);
    const of = await requireFunction({ ...place, qualifier: FunctionVersion });
    const weights = await requireWeights(RoutingConfig, FunctionVersion, { of, place });
    await requireVersion(FunctionVersion, { of, place });
    if ((await place.tx.get(aliases, of.name, Name)) !== undefined) throw aliasExists(functionArn(of, Name));
    const alias: Alias = {
      name: of.name,
      alias: Name,
      version: FunctionVersion,
      description: Description ?? "",
      weights,
      revisionId: context.newId(),
    };
    place.tx.put(aliases, alias);
    return shown(alias, of);
  },
});

export const getAlias = operation("GetAlias", {
  authorize: ({ FunctionName }, context) => onFunction("GetAlias", FunctionName, context),

  async handle({ FunctionName, Name }, context) {
    const place = placeOf(FunctionName, context);
    return shown(await requireAlias(place, Name), place);
  },
});

export const updateAlias = operation("UpdateAlias", {
  authorize: ({ FunctionName }, context) => onFunction("UpdateAlias", FunctionName, context),

  async handle({ FunctionName, Name, FunctionVersion, Description, RoutingConfig, RevisionId }, context) {
    const place = placeOf(FunctionName, context);
    const was = await place.tx.get(aliases, place.name, Name);
    if (was === undefined) throw aliasUnchanged(functionArn(place, Name));
    const of = await requireFunction(place);
    requireRevision(was, RevisionId, "GetFunction/GetAlias");
    const version = FunctionVersion ?? was.version;
    const weights =
      RoutingConfig === undefined ? was.weights : await requireWeights(RoutingConfig, version, { of, place });
    await requireVersion(version, { of, place });
    const description = Description ?? was.description;
    const alias = { ...was, version, description, weights, revisionId: context.newId() };
    place.tx.put(aliases, alias);
    // what is kept ready moves along
    const provision = await place.tx.get(provisions, of.name, Name);
    if (provision !== undefined && version !== was.version) beginProvision(provision, place, context);
    return shown(alias, of);
  },
});

export const deleteAlias = operation("DeleteAlias", {
  authorize: ({ FunctionName }, context) => onFunction("DeleteAlias", FunctionName, context),

  async handle({ FunctionName, Name }, context) {
    const place = placeOf(FunctionName, context);
    const of = await requireFunction(place);
    place.tx.delete(aliases, of.name, Name);
    await forgetQualifier(of, Name, context);
    return {};
  },
});

export const listAliases = operation("ListAliases", {
  authorize: ({ FunctionName }, context) => onFunction("ListAliases", FunctionName, context),

  async handle({ FunctionName, FunctionVersion, Marker, MaxItems }, context) {
    const place = placeOf(FunctionName, context);
    const of = await requireFunction(place);
    const { rows, next } = await page(place.tx, aliases, {
      prefix: [of.name],
      token: Marker,
      limit: MaxItems,
      max: LONG_PAGE_ROWS_MAX,
      usual: PAGE_ROWS_MAX,
      invalidToken: nextTokenInvalid,
    });
    const found = rows.filter((alias) => FunctionVersion === undefined || leadsTo(alias, FunctionVersion));
    return { Aliases: found.map((alias) => shown(alias, of)), ...(next !== undefined && { NextMarker: next }) };
  },
});

const leadsTo = ({ version, weights }: Alias, wanted: string): boolean => version === wanted || wanted in weights;

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireAlias({ tx, ...place }: FunctionPlace, name: string): Promise<Alias> {
  const alias = await tx.get(aliases, place.name, name);
  if (alias === undefined) throw aliasNotFound(functionArn(place, name));
  return alias;
}

/** What is named, an alias or a version, in the words of calls that say which of them is not there. @throws {AwsError} */
export async function requireNamed(place: FunctionPlace): Promise<Target> {
  const target = await findTarget(place);
  if (target !== undefined) return target;
  const { qualifier = LATEST } = place;
  throw !isNumber(qualifier) && ALIAS.test(qualifier) ? aliasNotFound(arnOf(place)) : functionNotFound(arnOf(place));
}

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html#lambda-CreateAlias-request-Name */
const ALIAS = /^[\w-]+$/;

function shown({ alias, version, description, weights, revisionId }: Alias, of: Parameters<typeof functionArn>[0]) {
  const isRouted = Object.keys(weights).length > 0;
  return {
    AliasArn: functionArn(of, alias),
    Name: alias,
    FunctionVersion: version,
    Description: description,
    RevisionId: revisionId,
    ...(isRouted && { RoutingConfig: { AdditionalVersionWeights: { ...weights } } }),
  };
}

interface Owner {
  readonly of: LambdaFunction;
  readonly place: FunctionPlace;
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireVersion(version: string, { of, place }: Owner): Promise<void> {
  if ((await findVersion(of, version, place.tx)) === undefined) throw functionNotFound(functionArn(of, version));
}

/** @throws {AwsError} `InvalidParameterValueException` */
async function requireWeights(
  routing: Routing,
  version: string,
  owner: Owner,
): Promise<Readonly<Record<string, number>>> {
  const weights = routing?.AdditionalVersionWeights ?? {};
  const names = Object.keys(weights);
  if (names.length > 1) throw tooManyWeights();
  if (names.includes(version)) throw weightRepeated(version);
  if (names.length > 0 && version === LATEST) throw latestUnweighted();
  for (const name of names) await requireVersion(name, owner);
  return weights;
}
