/** The declarations at the top of files: what each reads, and which others it goes on to. */
import { dirname, join } from "node:path/posix";
import type { ObjectExpression, ObjectPattern, Program, VisitorObject } from "oxc-parser";
import type { Source } from "./sources.ts";

/** A function, a constant or a class, with what it says of members. */
export interface Declaration {
  readonly path: string;
  /** Names that it takes out of objects, be it by a dot, by destructuring or as a text. */
  readonly reads: ReadonlySet<string>;
  /** What names begin with that it puts together: `Checksum${algorithm}`. */
  readonly prefixes: ReadonlySet<string>;
  /** The texts that calls in it have as their first argument, as `operation("GetUser", …)` has. */
  readonly called: ReadonlySet<string>;
  /** Whether it takes the rest of an object, or copies one: names that nobody reads may be in there. */
  readonly keepsWhole: boolean;
  /** Those that it mentions: `path#name`. */
  readonly mentions: ReadonlySet<string>;
}

/** By `path#name`. */
export type Declarations = ReadonlyMap<string, Declaration>;

export function readDeclarations(sources: readonly Source[]): Declarations {
  return new Map(sources.flatMap(declarationsOf));
}

/** What can be got to from some of them, these included. */
export function reachOf(from: readonly string[], all: Declarations): readonly Declaration[] {
  const seen = new Set<string>();
  const waiting = [...from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const found = all.get(next);
    if (found === undefined || seen.has(next)) continue;
    seen.add(next);
    waiting.push(...found.mentions);
  }
  return [...seen].flatMap((id) => all.get(id) ?? []);
}

interface Growing {
  readonly path: string;
  readonly reads: Set<string>;
  readonly prefixes: Set<string>;
  readonly called: Set<string>;
  readonly mentions: Set<string>;
  keepsWhole: boolean;
}

interface Place {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function declarationsOf(source: Source): readonly (readonly [string, Declaration])[] {
  const places = placesOf(source.program);
  const known = new Map([
    ...importedIn(source),
    ...places.map(({ name }) => [name, `${source.path}#${name}`] as const),
  ]);
  const found = places.map((place): readonly [Place, Growing] => [place, nothing(source.path)]);
  const at = (offset: number) => found.find(([{ start, end }]) => offset >= start && offset < end)?.[1];
  source.walk(reading(at, known));
  return found.map(([{ name }, declaration]) => [`${source.path}#${name}`, declaration]);
}

const nothing = (path: string): Growing => ({
  path,
  reads: new Set(),
  prefixes: new Set(),
  called: new Set(),
  mentions: new Set(),
  keepsWhole: false,
});

function importedIn({ path, program }: Source): readonly (readonly [string, string])[] {
  return program.body.flatMap((statement) => {
    if (statement.type !== "ImportDeclaration") return [];
    const from = join(dirname(path), statement.source.value);
    return statement.specifiers.flatMap((each) => {
      if (each.type !== "ImportSpecifier" || each.imported.type !== "Identifier") return [];
      return [[each.local.name, `${from}#${each.imported.name}`] as const];
    });
  });
}

function placesOf({ body }: Program): readonly Place[] {
  return body.flatMap((statement): readonly Place[] => {
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declared?.type === "VariableDeclaration") {
      return declared.declarations.flatMap(({ id, start, end }) => namesIn(id).map((name) => ({ name, start, end })));
    }
    const isNamed = declared?.type === "FunctionDeclaration" || declared?.type === "ClassDeclaration";
    return isNamed && declared.id ? [{ name: declared.id.name, start: declared.start, end: declared.end }] : [];
  });
}

/** `one`, or those of `{ one, other }`. */
function namesIn(pattern: { readonly type: string }): readonly string[] {
  if (isNamed(pattern)) return [pattern.name];
  return isPattern(pattern)
    ? pattern.properties.flatMap((each) => (each.type === "Property" ? namesIn(each.value) : []))
    : [];
}

const isNamed = (node: { readonly type: string }): node is { readonly type: "Identifier"; readonly name: string } =>
  node.type === "Identifier";
const isPattern = (node: { readonly type: string }): node is ObjectPattern => node.type === "ObjectPattern";

/** Fills in what is found, wherever it lies. */
function reading(at: (offset: number) => Growing | undefined, known: ReadonlyMap<string, string>): VisitorObject {
  /** Where identifiers and texts stand that are names of members or types, and no reading. */
  const idle = new Set<number>();
  return {
    TSLiteralType: ({ literal }) => void idle.add(literal.start),
    MemberExpression: ({ computed, property, start }) => {
      if (computed || property.type !== "Identifier") return;
      idle.add(property.start);
      at(start)?.reads.add(property.name);
    },
    ObjectPattern: (node) => {
      for (const name of keysOf(node)) at(node.start)?.reads.add(name);
      keep(
        at(node.start),
        node.properties.some(({ type }) => type === "RestElement"),
      );
    },
    ObjectExpression: (node) => {
      keep(at(node.start), isCopy(node));
    },
    Property: ({ key, shorthand, computed }) => {
      if (!shorthand && !computed) idle.add(key.start);
    },
    CallExpression: ({ arguments: [first], start }) => {
      if (first?.type === "Literal" && typeof first.value === "string") at(start)?.called.add(first.value);
    },
    TemplateLiteral: ({ quasis: [first], start }) => {
      if (first !== undefined && /^[A-Za-z]{4,}$/.test(first.value.raw)) at(start)?.prefixes.add(first.value.raw);
    },
    Literal: ({ value, start }) => {
      if (typeof value === "string" && !idle.has(start)) at(start)?.reads.add(value);
    },
    Identifier: ({ name, start }) => {
      const mentioned = idle.has(start) ? undefined : known.get(name);
      if (mentioned !== undefined) at(start)?.mentions.add(mentioned);
    },
  };
}

function keep(declaration: Growing | undefined, isWhole: boolean): void {
  if (declaration !== undefined && isWhole) declaration.keepsWhole = true;
}

/** `{ ...input }` */
const isCopy = ({ properties }: ObjectExpression): boolean =>
  properties.some((each) => each.type === "SpreadElement" && each.argument.type === "Identifier");

const keysOf = ({ properties }: ObjectPattern): readonly string[] =>
  properties.flatMap((each) => {
    if (each.type !== "Property") return [];
    if (each.key.type === "Identifier") return [each.key.name];
    return each.key.type === "Literal" ? [String(each.key.value)] : [];
  });
