/**
 * Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`. Only version
 * 2012-10-17 knows them; before it, the same characters mean themselves.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import type { LanguageVersion } from "./ast.ts";
import { globPieces, type GlobPiece } from "./glob.ts";

/** The values of condition keys. */
export interface KeySource {
  /** By name in lower case; `undefined`: the request has no such key. */
  get(name: string): readonly string[] | undefined;
}

/** A condition key whose value is put in. */
export interface Variable {
  /** In lower case. */
  readonly key: string;
  /** As written. */
  readonly name: string;
  /** What stands in where the request has no such key. */
  readonly fallback: string | undefined;
}

/** A stretch of text as the policy writes it, a character that means itself even in a pattern, or a variable. */
export type TemplatePiece =
  | { readonly literal: string }
  | { readonly verbatim: string }
  | { readonly variable: Variable };

/** A text with its variables found. */
export interface Template {
  readonly pieces: readonly TemplatePiece[];
  /** Without variables. */
  readonly constant: boolean;
}

const VARIABLE = /\$\{([^{}]*)\}/g;

export function parseTemplate(text: string, version: LanguageVersion): Template {
  if (version === "2008-10-17" || !text.includes("${")) return { pieces: [{ literal: text }], constant: true };
  const pieces: TemplatePiece[] = [];
  let at = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const piece = readVariable(match[1] ?? "");
    if (piece === undefined) continue;
    if (match.index > at) pieces.push({ literal: text.slice(at, match.index) });
    pieces.push(piece);
    at = match.index + match[0].length;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ literal: text.slice(at) });
  return { pieces, constant: !pieces.some((piece) => "variable" in piece) };
}

/** What is between the braces; `undefined` where it is no variable and stands for itself. */
function readVariable(inner: string): TemplatePiece | undefined {
  if (inner === "*" || inner === "?" || inner === "$") return { verbatim: inner };
  const match = /^([^,']+)(?:,\s*'([^']*)'\s*)?$/.exec(inner);
  const name = match?.[1]?.trim() ?? "";
  return name === "" ? undefined : { variable: { key: name.toLowerCase(), name, fallback: match?.[2] } };
}

/**
 * The value of one variable. A key of several values has none: it may not be used as a variable.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function valueOf({ key, fallback }: Variable, keys: KeySource): string | undefined {
  const values = keys.get(key);
  return values?.length === 1 ? values[0] : fallback;
}

/** The text with all values put in; `undefined` where one of them is missing. */
export function fill({ pieces }: Template, keys: KeySource): string | undefined {
  let text = "";
  for (const piece of pieces) {
    const part = textOf(piece, keys);
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
}

/** As `fill`, for a pattern: wildcards count where the policy writes them, not in what is put in. */
export function fillPattern({ pieces }: Template, keys: KeySource): readonly GlobPiece[] | undefined {
  const filled: GlobPiece[] = [];
  for (const piece of pieces) {
    const literal = textOf(piece, keys);
    if (literal === undefined) return undefined;
    if ("literal" in piece) filled.push(...globPieces(literal));
    else filled.push({ literal });
  }
  return filled;
}

function textOf(piece: TemplatePiece, keys: KeySource): string | undefined {
  if ("variable" in piece) return valueOf(piece.variable, keys);
  return "literal" in piece ? piece.literal : piece.verbatim;
}

/** For constant templates. */
export const NO_KEYS: KeySource = { get: () => undefined };

/** The condition keys that the text asks for as variables, as written. */
export function variablesOf({ pieces }: Template): readonly string[] {
  return pieces.flatMap((piece) => ("variable" in piece ? [piece.variable.name] : []));
}
