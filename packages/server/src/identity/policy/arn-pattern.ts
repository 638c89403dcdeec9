/**
 * Patterns of ARNs, as `Resource` and the Arn operators take them: each of the six fields is
 * matched for itself, so that a `*` never reaches over a colon of the first five; in the last
 * field it reaches over everything, `/` and `:` included. Fields that are not written match all.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
import type { LanguageVersion } from "./ast.ts";
import { makeGlob } from "./glob.ts";
import { fillPattern, NO_KEYS, parseTemplate, type KeySource, type Template, type TemplatePiece } from "./template.ts";

export const ARN_FIELDS = 6;

/** The six fields of an ARN that is asked for; `undefined` where a text is none. */
export function arnFields(text: string): readonly string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  while (fields.length < ARN_FIELDS - 1) {
    const colon = text.indexOf(":", at);
    if (colon === -1) return undefined;
    fields.push(text.slice(at, colon));
    at = colon + 1;
  }
  fields.push(text.slice(at));
  return fields[0] === "arn" ? fields : undefined;
}

export interface ArnPattern {
  /** What every match begins with, as far as that is known before a request. */
  readonly head: string;
  /** `exact`: only the head itself matches; `all`: everything does. */
  readonly reach: "exact" | "all" | "pattern";
  readonly test: (fields: readonly string[] | undefined, keys: KeySource) => boolean;
}

/** `*` alone matches everything, also what is no ARN. */
export function parseArnPattern(text: string, version: LanguageVersion): ArnPattern {
  if (text === "*") return { head: "", reach: "all", test: () => true };
  const template = parseTemplate(text, version);
  const fields = splitFields(template);
  const head = headOf(template, fields.length);
  const tests = fields.map(makeFieldTest);
  const exact = fields.length === ARN_FIELDS && head === text;
  return { head, reach: exact ? "exact" : "pattern", test: (given, keys) => testFields(tests, given, keys) };
}

type FieldTest = (given: string, keys: KeySource) => boolean;

function makeFieldTest(field: Template): FieldTest {
  if (field.constant) return makeGlob(fillPattern(field, NO_KEYS) ?? []).test;
  return (given, keys) => {
    const pieces = fillPattern(field, keys);
    return pieces !== undefined && makeGlob(pieces).test(given);
  };
}

function testFields(tests: readonly FieldTest[], given: readonly string[] | undefined, keys: KeySource): boolean {
  if (given === undefined) return false;
  for (let at = 0; at < tests.length; at++) if (tests[at]?.(given[at] ?? "", keys) !== true) return false;
  return true;
}

/** Parts the pattern at its first five colons; those inside of variables do not count. */
export function splitFields({ pieces }: Template): readonly Template[] {
  const fields: TemplatePiece[][] = [[]];
  for (const piece of pieces) {
    if (!("literal" in piece)) {
      fields.at(-1)?.push(piece);
      continue;
    }
    const parts = piece.literal.split(":");
    const room = ARN_FIELDS - fields.length;
    const [first = "", ...more] = parts.length > room ? [...parts.slice(0, room), parts.slice(room).join(":")] : parts;
    fields.at(-1)?.push({ literal: first });
    for (const literal of more) fields.push([{ literal }]);
  }
  return fields.map((field) => ({ pieces: field, constant: !field.some((piece) => "variable" in piece) }));
}

function headOf({ pieces }: Template, fields: number): string {
  const [first] = pieces;
  if (first === undefined || !("literal" in first)) return "";
  const wild = first.literal.search(/[*?]/);
  if (wild !== -1) return first.literal.slice(0, wild);
  return pieces.length === 1 && fields < ARN_FIELDS ? `${first.literal}:` : first.literal;
}
