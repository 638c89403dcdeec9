/** As much of types as is known before a query runs: which fields there are. */
export type Type =
  | { readonly kind: "row"; readonly fields: ReadonlyMap<string, Type> }
  | { readonly kind: "array"; readonly of: Type }
  | { readonly kind: "plain" | "timestamp" | "boolean" | "map" }
  /** It shows when it runs. */
  | { readonly kind: "unknown" };

export const UNKNOWN: Type = { kind: "unknown" };

/** `struct<type:string,arn:string>` and so on, as AWS writes schemas. */
export function parseType(text: string): Type {
  const [, outer, inner = ""] = /^(struct|array)<(.*)>$/.exec(text) ?? [];
  if (outer === "array") return { kind: "array", of: parseType(inner) };
  if (outer === "struct") {
    const fields = partsOf(inner).map((part): [string, Type] => {
      const colon = part.indexOf(":");
      return [part.slice(0, colon), parseType(part.slice(colon + 1))];
    });
    return { kind: "row", fields: new Map(fields) };
  }
  if (text.startsWith("map<")) return { kind: "map" };
  return { kind: text === "timestamp" || text === "boolean" ? text : "plain" };
}

/** Parted by commas that are in no brackets. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === "<") depth++;
    if (character === ">") depth--;
    if (at < text.length && (character !== "," || depth > 0)) continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return parts;
}
