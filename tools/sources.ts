/** The repository's TypeScript as the architecture test, the ratchet and the generators see it. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor, type Comment, type Program, type VisitorObject } from "oxc-parser";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** One import, export-from or `import()` of a file. */
export interface Import {
  /** The file that imports, relative to the repository. */
  readonly from: string;
  /** The imported file, relative to the repository; for packages the specifier as written. */
  readonly to: string;
  /** The names taken, `*` for all of them; empty for a bare import. */
  readonly names: readonly string[];
  readonly typeOnly: boolean;
  /** `import()`: loaded when needed. */
  readonly dynamic: boolean;
}

export interface Source {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly imports: readonly Import[];
  /** Names of what the file exports, `default` and `*` included. */
  readonly exports: readonly string[];
  /** Calls the visitor for each node. */
  readonly walk: (visitor: VisitorObject) => void;
  /** `path:line` of an offset, for a finding. */
  readonly at: (offset: number) => string;
}

/** Tests and what only they use. */
export const isTest = (path: string): boolean =>
  /\.(test|test-d|bench)\.ts$|^packages\/[^/]+\/(test|bench)\//.test(path);

/** Source files of the packages and tools, tests included; built and generated files left out. */
export function sourcePaths(): readonly string[] {
  return globSync(["packages/*/{src,test,bench,permissions}/**/*.ts", "tools/**/*.{ts,mjs}", "packages/*/bin/*.js"], {
    cwd: ROOT,
  })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !/\/(node_modules|dist|generated)\//.test(path))
    .toSorted();
}

/** What is imported or exported where it goes by no name. */
const NAMELESS: Readonly<Record<string, string>> = { Default: "default", NamespaceObject: "*", AllButDefault: "*" };

export function readSource(path: string): Source {
  return parseSource(path, readFileSync(join(ROOT, path), "utf8"));
}

export function parseSource(path: string, text: string): Source {
  const { module, program, comments } = parseSync(path, text);
  const fixed = module.staticImports.map(({ moduleRequest, entries }) => ({
    ...target(path, moduleRequest.value),
    names: entries.map(({ importName }) => importName.name ?? NAMELESS[importName.kind] ?? "*"),
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
    dynamic: false,
  }));
  const passedOn = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, importName, isType }) =>
      moduleRequest
        ? [{ ...target(path, moduleRequest.value), names: [importName.name ?? "*"], typeOnly: isType, dynamic: false }]
        : [],
    ),
  );
  const walk = (visitor: VisitorObject) => new Visitor(visitor).visit(program);
  return {
    path,
    text,
    program,
    comments,
    imports: [...fixed, ...passedOn, ...loads(path, walk)],
    exports: module.staticExports.flatMap(({ entries }) =>
      entries.map(({ exportName }) => NAMELESS[exportName.kind] ?? exportName.name ?? "*"),
    ),
    walk,
    at: (offset) => `${path}:${text.slice(0, offset).split("\n").length}`,
  };
}

/** `import("x")`, `import("x")` as a type, and `new URL("./x.ts", import.meta.url)`, which names a file to run. */
function loads(path: string, walk: (visitor: VisitorObject) => void): Import[] {
  const found: Import[] = [];
  const add = (specifier: unknown, typeOnly: boolean) => {
    if (typeof specifier === "string")
      found.push({ ...target(path, specifier), names: ["*"], typeOnly, dynamic: !typeOnly });
  };
  walk({
    ImportExpression: ({ source }) => source.type === "Literal" && add(source.value, false),
    TSImportType: ({ source }) => add(source.value, true),
    NewExpression: ({ callee, arguments: [first, second] }) => {
      if (callee.type !== "Identifier" || callee.name !== "URL" || second?.type !== "MemberExpression") return;
      if (first?.type === "Literal" && /^\.{1,2}\/.*\.(ts|mjs|js)$/.test(String(first.value))) add(first.value, false);
    },
  });
  return found;
}

function target(from: string, specifier: string): { readonly from: string; readonly to: string } {
  const to = specifier.startsWith(".") ? normalize(join(dirname(from), specifier)).replaceAll("\\", "/") : specifier;
  return { from, to };
}
