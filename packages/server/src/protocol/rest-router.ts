/** Finds a REST operation by method, path and query. */
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { parseQuery } from "./form.ts";
import { bindingsOfInput } from "./http-binding.ts";
import type { Labels, RequestHead } from "./protocol.ts";
import { matchPath, parseUriTemplate, type UriTemplate } from "./uri-template.ts";

interface Route extends UriTemplate {
  readonly operation: OperationModel;
  /** Headers and query members that the operation requires: S3 has several operations on one URI. */
  readonly needsHeaders: readonly string[];
  readonly needsQueries: readonly string[];
  readonly takesBucket: boolean;
  /** Of two routes that fit, the one with more is meant. */
  readonly specificity: number;
}

const routesOfModels = new WeakMap<ServiceModel, ReadonlyMap<string, readonly Route[]>>();

export interface RestMatch {
  readonly operation: OperationModel;
  readonly labels: Labels;
}

/** `path` and `bucket` as the service's route has them. */
export function matchRest(model: ServiceModel, head: RequestHead, place: Place): RestMatch | undefined {
  const pairs = parseQuery(head.query);
  const given = { pairs, names: new Set(pairs.map(([name]) => name)), headers: head.headers };
  let found: RestMatch | undefined;
  let least = 0;
  for (const route of routesOf(model).get(head.method) ?? []) {
    // Routes come most specific first; a less specific one never replaces what was found.
    if (found !== undefined && route.specificity < least) break;
    const match = matchRoute(route, given, place);
    if (match === undefined) continue;
    const isHinted = route.hint !== undefined && pairs.some(([name, value]) => name === "x-id" && value === route.hint);
    if (found === undefined || isHinted) found = match;
    if (isHinted) break;
    least = route.specificity;
  }
  return found;
}

/** Where a request goes, its bucket cut off. */
interface Place {
  readonly path: string;
  readonly bucket: string | undefined;
}

interface Given {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly names: ReadonlySet<string>;
  readonly headers: RequestHead["headers"];
}

function matchRoute(route: Route, given: Given, { path, bucket }: Place): RestMatch | undefined {
  if (route.takesBucket !== (bucket !== undefined) || !hasNeeded(route, given)) return undefined;
  const labels = matchPath(route, path);
  if (labels === undefined) return undefined;
  return { operation: route.operation, labels: bucket === undefined ? labels : { ...labels, Bucket: bucket } };
}

function hasNeeded({ query, needsHeaders, needsQueries }: Route, { pairs, names, headers }: Given): boolean {
  return (
    query.every(([name, value]) =>
      value === "" ? names.has(name) : pairs.some((pair) => pair[0] === name && pair[1] === value),
    ) &&
    needsHeaders.every((name) => headers[name] !== undefined) &&
    needsQueries.every((name) => names.has(name))
  );
}

function routesOf(model: ServiceModel): ReadonlyMap<string, readonly Route[]> {
  const known = routesOfModels.get(model);
  if (known !== undefined) return known;
  const routes = model.operationNames.flatMap((name) => routeOf(model, name));
  routes.sort((a, b) => b.specificity - a.specificity);
  const byMethod = Map.groupBy(routes, ({ operation }) => operation.http?.method ?? "");
  routesOfModels.set(model, byMethod);
  return byMethod;
}

function routeOf(model: ServiceModel, name: string): Route[] {
  const operation = model.operation(name);
  if (operation?.http === undefined) return [];
  const template = parseUriTemplate(operation.http.uri);
  const { headers, queries } = bindingsOfInput(operation.input);
  const isS3 = model.id === "s3";
  const required = isS3 ? [...headers, ...queries].filter((member) => member.required) : [];
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
