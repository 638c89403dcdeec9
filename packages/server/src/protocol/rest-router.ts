/** Finds a REST operation by method, path and query. */
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { parseQuery } from "./form.ts";
import { bindingsOfInput } from "./http-binding.ts";
import type { Labels, RequestHead } from "./protocol.ts";
import { matchPath, parseUriTemplate, piecesOf, type UriTemplate } from "./uri-template.ts";

interface Route extends UriTemplate {
  readonly operation: OperationModel;
  /** Headers and query members that the operation requires: S3 has several operations on one URI. */
  readonly needsHeaders: readonly string[];
  readonly needsQueries: readonly string[];
  readonly takesBucket: boolean;
  /** Of two routes that fit, the one with more is meant. */
  readonly specificity: number;
}

/** The routes of one method, the most specific first. */
interface Routes {
  readonly all: readonly Route[];
  /** Those that need nothing of the query: all that count where it has no name that any other needs. */
  readonly plain: readonly Route[];
  readonly queryNames: ReadonlySet<string>;
}

const routesOfModels = new WeakMap<ServiceModel, ReadonlyMap<string, Routes>>();

export interface RestMatch {
  readonly operation: OperationModel;
  readonly labels: Labels;
}

/** `path` and `bucket` as the service's route has them. */
export function matchRest(model: ServiceModel, head: RequestHead, place: Place): RestMatch | undefined {
  const pairs = parseQuery(head.query);
  const { path, bucket } = place;
  const given = { pairs, headers: head.headers, path, pieces: piecesOf(path), bucket };
  let found: RestMatch | undefined;
  let least = 0;
  for (const route of candidates(routesOf(model).get(head.method), pairs)) {
    // Routes come most specific first; a less specific one never replaces what was found.
    if (found !== undefined && route.specificity < least) break;
    const match = matchRoute(route, given);
    if (match === undefined) continue;
    const isHinted = route.hint !== undefined && pairs.some(([name, value]) => name === "x-id" && value === route.hint);
    if (found === undefined || isHinted) found = match;
    if (isHinted) break;
    least = route.specificity;
  }
  return found;
}

function candidates(routes: Routes | undefined, pairs: readonly Pair[]): readonly Route[] {
  if (routes === undefined) return [];
  for (const [name] of pairs) if (routes.queryNames.has(name)) return routes.all;
  return routes.plain;
}

/** Where a request goes, its bucket cut off. */
interface Place {
  readonly path: string;
  readonly bucket: string | undefined;
}

interface Given extends Place {
  /** Of the path. */
  readonly pieces: readonly string[];
  readonly pairs: readonly Pair[];
  readonly headers: RequestHead["headers"];
}

type Pair = readonly [name: string, value: string];

function matchRoute(route: Route, given: Given): RestMatch | undefined {
  const { bucket } = given;
  if (route.takesBucket !== (bucket !== undefined) || !hasNeeded(route, given)) return undefined;
  const labels = matchPath(route, given.path, given.pieces);
  if (labels === undefined) return undefined;
  if (bucket !== undefined) labels["Bucket"] = bucket;
  return { operation: route.operation, labels };
}

/** Asked of each of a hundred routes for every call: loops make no closures. */
function hasNeeded({ query, needsHeaders, needsQueries }: Route, { pairs, headers }: Given): boolean {
  if (query.length + needsQueries.length > pairs.length) return false;
  for (const [name, value] of query) if (!hasPair(pairs, name, value)) return false;
  for (const name of needsHeaders) if (headers[name] === undefined) return false;
  for (const name of needsQueries) if (!hasPair(pairs, name, "")) return false;
  return true;
}

/** A value of `""` stands for any. */
function hasPair(pairs: readonly Pair[], name: string, value: string): boolean {
  for (const pair of pairs) if (pair[0] === name && (value === "" || pair[1] === value)) return true;
  return false;
}

function routesOf(model: ServiceModel): ReadonlyMap<string, Routes> {
  const known = routesOfModels.get(model);
  if (known !== undefined) return known;
  const routes = model.operationNames.flatMap((name) => routeOf(model, name));
  routes.sort((a, b) => b.specificity - a.specificity);
  const byMethod = new Map<string, Routes>();
  for (const [method, all] of Map.groupBy(routes, ({ operation }) => operation.http?.method ?? "")) {
    const plain = all.filter((route) => queryNamesOf(route).length === 0);
    byMethod.set(method, { all, plain, queryNames: new Set(all.flatMap(queryNamesOf)) });
  }
  routesOfModels.set(model, byMethod);
  return byMethod;
}

const queryNamesOf = ({ query, needsQueries }: Route): readonly string[] => [
  ...query.map(([name]) => name),
  ...needsQueries,
];

function routeOf(model: ServiceModel, name: string): Route[] {
  const operation = model.operation(name);
  if (operation?.http === undefined) return [];
  const template = parseUriTemplate(operation.http.uri);
  const { headers, queries } = bindingsOfInput(operation.input);
  const isS3 = model.id === "s3";
  // where the query tells operations apart, a header that is missing is the operation's to refuse
  const telling = template.query.length === 0 ? [...headers, ...queries] : queries;
  const required = isS3 ? telling.filter((member) => member.required) : [];
  return [
    {
      ...template,
      operation,
      needsHeaders: required.flatMap(({ traits }) => traits.httpHeader?.toLowerCase() ?? []),
      needsQueries: required.flatMap(({ traits }) => traits.httpQuery ?? []),
      takesBucket: isS3 && operation.input.byName.has("Bucket"),
      specificity: specificityOf(template, required.length),
    },
  ];
}

/** Required members and fixed queries count most, then fixed text, then single labels. */
function specificityOf({ query, segments }: UriTemplate, required: number): number {
  const texts = segments.filter(({ kind }) => kind === "text").length;
  const isGreedy = segments.some(({ kind }) => kind === "greedy");
  return (query.length + required) * 10_000 + texts * 100 + (isGreedy ? 0 : segments.length + 1);
}
