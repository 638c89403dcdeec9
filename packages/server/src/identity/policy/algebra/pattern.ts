/** Patterns of actions, resources and values as small automata, so that what they match can be compared and not only tested. */
import { makeGlob, type GlobPiece, globPieces } from "../glob.ts";
import type { LanguageVersion } from "../ast.ts";
import { ARN_FIELDS, splitFields } from "../arn-pattern.ts";
import { fillPattern, NO_KEYS, parseTemplate, type Template } from "../template.ts";

/** The code of a character that stands for itself, or one of the wildcards below. */
export type Unit = number;

export const MANY: Unit = -1;
export const ONE: Unit = -2;
/** Wildcards that stop at colons: in one of the first five fields of an ARN. */
export const MANY_IN_FIELD: Unit = -3;
export const ONE_IN_FIELD: Unit = -4;

export const COLON = ":".charCodeAt(0);

export interface Pattern {
  readonly units: readonly Unit[];
  /** Variables stand for anything here: what the pattern really matches is this or less, as the request has it. */
  readonly variable: boolean;
}

export const ANYTHING: Pattern = { units: [MANY], variable: false };

/** What a glob without variables matches. */
export const globPattern = (text: string): Pattern => ({ units: unitsOf(globPieces(text), FREE), variable: false });

/** A text that means itself alone. */
export const exactPattern = (text: string): Pattern => ({
  units: unitsOf([{ literal: text }], FREE),
  variable: false,
});

/** What a `StringLike` value matches. */
export const textPattern = (text: string, version: LanguageVersion): Pattern =>
  ofTemplate(parseTemplate(text, version), FREE);

/** What a `StringEquals` value is. */
export function valuePattern(text: string, version: LanguageVersion): Pattern {
  const { pieces, constant } = parseTemplate(text, version);
  const given: GlobPiece[] = pieces.map((piece) =>
    "variable" in piece ? "*" : { literal: "literal" in piece ? piece.literal : piece.verbatim },
  );
  return { units: unitsOf(given, FREE), variable: !constant };
}

/** What a `Resource`, or a value of an Arn operator, matches; `undefined`: nothing at all. */
export function arnPattern(text: string, version: LanguageVersion): Pattern | undefined {
  if (text === "*") return ANYTHING;
  const template = parseTemplate(text, version);
  const [first, ...rest] = splitFields(template);
  if (first === undefined || !mayBe("arn", first)) return undefined;
  const units = [...unitsOf([{ literal: "arn" }], FREE)];
  for (let field = 1; field < ARN_FIELDS; field++) {
    const wild = field === ARN_FIELDS - 1 ? FREE : IN_FIELD;
    const written = rest[field - 1];
    units.push(COLON, ...(written === undefined ? [wild.many] : ofTemplate(written, wild).units));
  }
  return { units, variable: !template.constant };
}

const mayBe = (text: string, field: Template): boolean =>
  !field.constant || makeGlob(fillPattern(field, NO_KEYS) ?? []).test(text);

/** Which units the wildcards of a text become. */
interface Wildcards {
  readonly many: Unit;
  readonly one: Unit;
}

const FREE: Wildcards = { many: MANY, one: ONE };
const IN_FIELD: Wildcards = { many: MANY_IN_FIELD, one: ONE_IN_FIELD };

function ofTemplate({ pieces, constant }: Template, wild: Wildcards): Pattern {
  const given = pieces.flatMap((piece): readonly GlobPiece[] => {
    if ("variable" in piece) return ["*"];
    return "literal" in piece ? globPieces(piece.literal) : [{ literal: piece.verbatim }];
  });
  return { units: unitsOf(given, wild), variable: !constant };
}

function unitsOf(pieces: readonly GlobPiece[], { many, one }: Wildcards): readonly Unit[] {
  const units: Unit[] = [];
  for (const piece of pieces) {
    if (piece === "?") units.push(one);
    else if (piece === "*") {
      if (units.at(-1) !== many) units.push(many);
    } else for (let at = 0; at < piece.literal.length; at++) units.push(piece.literal.charCodeAt(at));
  }
  return units;
}
