/** A REST operation's URI: `/{Bucket}/{Key+}?tagging&x-id=GetObjectTagging`. */
import { parseQuery } from "./form.ts";
import { decodeLabel } from "./http-binding.ts";

/** A path's piece between slashes: fixed text, one label, or a label that takes all the rest. */
type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "label"; readonly name: string }
  | { readonly kind: "greedy"; readonly name: string };

export interface UriTemplate {
  readonly segments: readonly Segment[];
  /** What the query must have; a value of `""` stands for any. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The name that some SDKs add so that URIs differ; clients may leave it out or get it wrong. */
  readonly hint: string | undefined;
}

export function parseUriTemplate(uri: string): UriTemplate {
  const [path = "", query = ""] = uri.split("?");
  const pairs = parseQuery(query);
  return {
    segments: piecesOf(path).map(parseSegment),
    query: pairs.filter(([name]) => name !== "x-id"),
    hint: pairs.find(([name]) => name === "x-id")?.[1],
  };
}

function parseSegment(piece: string): Segment {
  const label = /^\{(\w+)(\+?)\}$/.exec(piece);
  if (label === null) return { kind: "text", text: piece };
  return { kind: label[2] === "+" ? "greedy" : "label", name: label[1] ?? "" };
}

/** A path's pieces between its slashes; a trailing slash counts as nothing. */
export function piecesOf(path: string): readonly string[] {
  const pieces = path.split("/");
  pieces.shift();
  if (pieces.length > 0 && pieces.at(-1) === "") pieces.pop();
  return pieces;
}

/**
 * The labels' values where the raw path fits, decoded.
 * @throws {Malformed} where a value's percent signs are wrong.
 */
export function matchPath(
  { segments }: UriTemplate,
  path: string,
  pathPieces = piecesOf(path),
): Record<string, string> | undefined {
  const pieces = align(segments, path, pathPieces);
  if (pieces === undefined) return undefined;
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index];
    const piece = pieces[index];
    if (segment?.kind === "text" ? piece !== segment.text : piece === undefined || piece === "") return undefined;
  }
  const labels: Record<string, string> = {};
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index];
    if (segment !== undefined && segment.kind !== "text") labels[segment.name] = decodeLabel(pieces[index] ?? "");
  }
  return labels;
}

/** The path's pieces, one for each segment, if there are as many. */
function align(segments: readonly Segment[], path: string, pieces: readonly string[]): readonly string[] | undefined {
  const greedyAt = segments.findIndex(({ kind }) => kind === "greedy");
  if (greedyAt === -1) return pieces.length === segments.length ? pieces : undefined;
  const after = segments.length - greedyAt - 1;
  if (after === 0) return pieces.length < greedyAt ? undefined : [...pieces.slice(0, greedyAt), restOf(path, greedyAt)];
  const end = pieces.length - after;
  return end <= greedyAt
    ? undefined
    : [...pieces.slice(0, greedyAt), pieces.slice(greedyAt, end).join("/"), ...pieces.slice(end)];
}

/** All of the path after `count` pieces and their slashes, as written. */
function restOf(path: string, count: number): string {
  let start = 1;
  for (let index = 0; index < count; index++) {
    const slash = path.indexOf("/", start);
    if (slash === -1) return "";
    start = slash + 1;
  }
  return path.slice(start);
}
