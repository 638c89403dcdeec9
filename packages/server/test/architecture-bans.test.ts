import type { Expression, Super, VisitorObject } from "oxc-parser";
import { expect, test } from "vitest";
import { isTest, parseSource, readSource, sourcePaths, type Source } from "../../../tools/sources.ts";

const sources = sourcePaths().map(readSource);

/** Something that no file may contain, and what to write instead. */
interface Ban {
  readonly what: string;
  readonly instead: string;
  readonly where: RegExp;
  readonly tests: "allowed" | "banned";
  /** Files that may, each with its reason. */
  readonly except: Readonly<Record<string, string>>;
  readonly find: (source: Source, found: (offset: number) => void) => void;
  /** A line that the ban must find, so that no ban is asleep. */
  readonly example: string;
}

const SERVER = /^packages\/server\/src\//;
const SERVICES = /^packages\/server\/src\/services\//;
const TYPESCRIPT = /\.ts$/;

const CHANCE = /^(randomUUID|randomBytes|randomInt|randomFill|randomFillSync|getRandomValues)$/;
const MUTATORS = /^(set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill)$/;

/** Finds calls and uses of a global: `setTimeout(…)`, `globalThis.setTimeout(…)`, an import of it. */
function uses(names: RegExp): Ban["find"] {
  return (source, found) =>
    source.walk({
      CallExpression: ({ callee, start }) => {
        if (callee.type === "Identifier" && names.test(callee.name)) found(start);
      },
      MemberExpression: ({ object, property, start }) => {
        if (object.type !== "Identifier" || property.type !== "Identifier") return;
        if (/^(globalThis|crypto)$/.test(object.name) && names.test(property.name)) found(start);
      },
      ImportDeclaration: ({ source: from, specifiers, start }) => {
        if (!/^node:(timers|crypto)/.test(from.value)) return;
        const taken = specifiers.flatMap((each) => (each.type === "ImportSpecifier" ? [nameOf(each.imported)] : []));
        if (taken.some((name) => names.test(name))) found(start);
      },
    });
}

/** Finds `object.property`. */
function member(object: string, property: string): Ban["find"] {
  return walking((found) => ({
    MemberExpression: (node) => {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
      if (node.object.name === object && node.property.name === property) found(node.start);
    },
  }));
}

function walking(visitor: (found: (offset: number) => void) => VisitorObject): Ban["find"] {
  return (source, found) => source.walk(visitor(found));
}

const nameOf = (node: { readonly type: string; readonly name?: string; readonly value?: unknown }) =>
  node.name ?? String(node.value);

const CLOCK = "packages/server/src/clock/";

const BANS: readonly Ban[] = [
  {
    what: "Date.now",
    instead: "context.now() in a service, the Clock elsewhere",
    where: SERVER,
    tests: "allowed",
    except: { [CLOCK]: "the only caller of Date" },
    find: member("Date", "now"),
    example: "const now = Date.now();",
  },
  {
    what: "new Date() without arguments",
    instead: "context.now() in a service, new Date(clock.now()) elsewhere",
    where: SERVER,
    tests: "allowed",
    except: { [CLOCK]: "the only caller of Date" },
    find: walking((found) => ({
      NewExpression: ({ callee, arguments: given, start }) => {
        if (callee.type === "Identifier" && callee.name === "Date" && given.length === 0) found(start);
      },
    })),
    example: "const now = new Date();",
  },
  {
    what: "setTimeout, setInterval",
    instead: "context.at(time, job, key) in a service, the Clock's timers elsewhere",
    where: SERVER,
    tests: "banned",
    except: { [CLOCK]: "the only caller of setTimeout" },
    find: uses(/^(setTimeout|setInterval)$/),
    example: 'import { setTimeout } from "node:timers/promises";',
  },
  {
    what: "Math.random",
    instead: "context.newId() in a service, kernel/ids elsewhere",
    where: SERVER,
    tests: "banned",
    except: {},
    find: member("Math", "random"),
    example: "const n = Math.random();",
  },
  {
    what: "chance from node:crypto",
    instead: "context.newId() in a service, newUuid and newSecretBytes of kernel/ids elsewhere",
    where: SERVER,
    tests: "allowed",
    except: {
      "packages/server/src/kernel/ids.ts": "the one file that reaches for chance",
      "packages/server/src/store/sealer.ts": "an initialisation vector for each sealed value",
      "packages/server/src/store/sealing.ts": "an initialisation vector for each sealed value",
      "packages/server/src/store/blobs": "an initialisation vector for each blob",
    },
    find: uses(CHANCE),
    example: 'import { randomUUID } from "node:crypto";',
  },
  {
    what: "export *",
    instead: "export { name } from, or an import from the file that has the name",
    where: TYPESCRIPT,
    tests: "banned",
    except: {},
    find: walking((found) => ({ ExportAllDeclaration: ({ start }) => found(start) })),
    example: 'export * from "./queue.ts";',
  },
  {
    what: "default export",
    instead: "a named export",
    where: TYPESCRIPT,
    tests: "banned",
    except: {},
    find: walking((found) => ({ ExportDefaultDeclaration: ({ start }) => found(start) })),
    example: "export default 1;",
  },
  {
    what: "TODO, FIXME, XXX",
    instead: "do it, or open an issue",
    where: TYPESCRIPT,
    tests: "banned",
    except: {},
    find: ({ comments }, found) => {
      for (const { value, start } of comments) if (/\b(TODO|FIXME|XXX)\b/.test(value)) found(start);
    },
    example: "// TODO: later",
  },
  {
    what: "module-level state in a service",
    instead: "a table, read and written through context.tx",
    where: SERVICES,
    tests: "allowed",
    except: {},
    find: findState,
    example: "const queues = new Map();",
  },
  {
    what: "a name in brackets behind a table of names",
    instead: "findOwn of kernel/lookup, since each object has a `constructor`",
    where: SERVER,
    tests: "allowed",
    except: {},
    find: findBrackets,
    example: "const WAYS: Readonly<Record<string, Way>> = {}; const way = WAYS[name];",
  },
  {
    what: "an exported name that ends in Manager, Helper, Util, Handler, Base, Impl or Factory",
    instead: "the noun that the thing is",
    where: TYPESCRIPT,
    tests: "banned",
    except: {},
    find: (source, found) => {
      for (const name of source.exports)
        if (/[a-z0-9](Manager|Helper|Util|Handler|Base|Impl|Factory)s?$/.test(name)) found(source.text.indexOf(name));
    },
    example: "export const queueManager = 1;",
  },
];

/** A file's own tables whose type lets any name in. */
function findBrackets({ program, text, walk }: Source, found: (offset: number) => void): void {
  const tables = new Set(
    program.body
      .flatMap(declarationOf)
      .flatMap(({ declarations }) => declarations)
      .flatMap(({ id }) => {
        if (id.type !== "Identifier" || !id.typeAnnotation) return [];
        const type = text.slice(id.typeAnnotation.start, id.typeAnnotation.end);
        return /^:\s*(Readonly<)?Record<string,/.test(type) ? [id.name] : [];
      }),
  );
  walk({
    MemberExpression: ({ object, property, computed, start }) => {
      if (computed && property.type !== "Literal" && isNamed(object, tables)) found(start);
    },
  });
}

/** What a statement at the top declares as `const` or `let`: one or nothing. */
function declarationOf(statement: Source["program"]["body"][number]) {
  const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  return declaration?.type === "VariableDeclaration" ? [declaration] : [];
}

/** `let` at the top, and collections at the top that are empty or that the file changes. */
function findState({ program, walk }: Source, found: (offset: number) => void): void {
  const declared = program.body.flatMap(declarationOf);
  for (const { kind, start } of declared) if (kind !== "const") found(start);
  const constants = declared.flatMap(({ declarations }) => declarations);
  for (const { init, start } of constants) if (isEmptyCollection(init)) found(start);
  const names = new Set(constants.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : [])));
  walk({
    CallExpression: ({ callee, start }) => {
      if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
      if (isNamed(callee.object, names) && MUTATORS.test(callee.property.name)) found(start);
    },
    AssignmentExpression: ({ left, start }) => {
      if (left.type === "MemberExpression" && isNamed(left.object, names)) found(start);
    },
  });
}

function isEmptyCollection(init: Expression | null): boolean {
  return (
    init?.type === "NewExpression" &&
    init.arguments.length === 0 &&
    init.callee.type === "Identifier" &&
    /(Map|Set)$/.test(init.callee.name)
  );
}

const isNamed = (node: Expression | Super, names: ReadonlySet<string>) =>
  node.type === "Identifier" && names.has(node.name);

function findings(ban: Ban, source: Source): string[] {
  const found: string[] = [];
  if (!ban.where.test(source.path) || (ban.tests === "allowed" && isTest(source.path))) return found;
  if (Object.keys(ban.except).some((path) => source.path.startsWith(path))) return found;
  ban.find(source, (offset) => found.push(source.at(offset)));
  return found;
}

test.each(BANS)("$what: $instead", (ban) => {
  expect(sources.flatMap((source) => findings(ban, source))).toEqual([]);
});

test.each(BANS)("the ban on $what finds its example", (ban) => {
  const source = parseSource("packages/server/src/services/example/example.ts", ban.example);
  expect(findings(ban, source)).toEqual([`${source.path}:1`]);
});
