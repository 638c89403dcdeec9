import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../../tools/sources.ts";
import { CONTROL_ROUTES } from "../src/gateway/control/control.ts";
import { IDP_ROUTES } from "../src/idp/identity-provider.ts";
import { loadModel } from "../src/model/models.ts";
import { SERVICES } from "../src/services.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

interface Manifest {
  readonly name?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifest = (path: string): Manifest => JSON.parse(read(path));

describe("docs/dependencies.md", () => {
  const used = globSync(["package.json", "packages/*/package.json"], { cwd: ROOT }).flatMap((path) => {
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest(path);
    const runTime = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    return [
      ...runTime.map((name) => ({ name, kind: "run time" })),
      ...Object.keys(devDependencies ?? {}).map((name) => ({ name, kind: "development" })),
    ].filter(({ name }) => !/^(@kumobako\/|kumobako$)/.test(name));
  });
  const rows = tableRows(read("docs/dependencies.md")).map(([name = "", kind, licence, reason = ""]) => ({
    name,
    kind,
    licence,
    reason,
  }));

  test("has a row with a reason for each package that a package.json names", () => {
    const without = used.filter(
      ({ name, kind }) => !rows.some((row) => isOf(row, name) && row.kind === kind && row.reason.length > 10),
    );
    expect(without).toEqual([]);
  });

  test("has no row for a package that none names", () => {
    expect(rows.filter((row) => !used.some(({ name }) => isOf(row, name))).map(({ name }) => name)).toEqual([]);
  });

  test("names the licence that the package has", () => {
    const wrong = rows
      .filter(({ name }) => !name.endsWith("*"))
      .map(({ name, licence }) => ({ name, licence, actual: manifest(`node_modules/${name}/package.json`).license }))
      .filter(({ licence, actual }) => words(licence) !== words(actual));
    expect(wrong).toEqual([]);
  });
});

const isMeant = (glob: string, name: string): boolean => new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(name);

/** By service, the operations of the model that are not built. */
async function unbuilt(): Promise<ReadonlyMap<string, readonly string[]>> {
  const all = Object.entries(SERVICES).map(async ([id, load]) => {
    const { operations } = await load();
    const names = loadModel(id).operationNames;
    return [id, names.filter((name) => !operations.has(name))] as const;
  });
  return new Map(await Promise.all(all));
}

describe("docs/reference/not-built.md", () => {
  const rows = tableRows(read("docs/reference/not-built.md")).map(([service = "", operations = "", why = ""]) => ({
    service,
    globs: [...operations.matchAll(/`([^`]+)`/g)].map(([, glob = ""]) => glob),
    why,
  }));
  test("has a reason for each operation that answers 501", async () => {
    const without = [...(await unbuilt())].flatMap(([service, names]) => {
      const globs = rows.filter((row) => row.service === service && row.why.length > 10).flatMap((row) => row.globs);
      return names.filter((name) => !globs.some((glob) => isMeant(glob, name))).map((name) => `${service}:${name}`);
    });
    expect(without).toEqual([]);
  });

  test("names nothing that is built, or that there is not", async () => {
    const missing = await unbuilt();
    const idle = rows.flatMap(({ service, globs }) =>
      globs
        .filter((glob) => !missing.get(service)?.some((name) => isMeant(glob, name)))
        .map((glob) => `${service}:${glob}`),
    );
    expect(idle).toEqual([]);
  });
});

test("docs/reference/identity-provider.md describes every call of the identity provider, and no other", () => {
  const text = read("docs/reference/identity-provider.md");
  const described = [...text.matchAll(/^## `(GET|POST) (.*)`$/gm)].map(([, method, path]) => `${method} ${path}`);
  expect(described.toSorted()).toEqual(Object.keys(IDP_ROUTES).toSorted());
});

describe("docs/reference/control-api.md", () => {
  const described = [...read("docs/reference/control-api.md").matchAll(/^## `(GET|POST) \/_kumobako\/(.*)`$/gm)].map(
    ([, method = "", path = ""]) => `${method} ${path.replace(/REQUEST-ID$/, "").replace(/\?.*$/, "")}`,
  );

  test("describes each route, and only routes that are there", () => {
    expect(described.toSorted()).toEqual(Object.keys(CONTROL_ROUTES).toSorted());
  });
});

describe("links in the documentation", () => {
  const pages = globSync(["*.md", "docs/**/*.md"], { cwd: ROOT });

  test("lead to files that are there", () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
        .map(([, target = ""]) => join(page, "..", target))
        .filter((target) => globSync(target, { cwd: ROOT }).length === 0)
        .map((target) => `${page}: ${target}`),
    );
    expect(pages.length).toBeGreaterThan(3);
    expect(broken).toEqual([]);
  });
});

describe("excerpts in the guides", () => {
  const excerpts = globSync("docs/guides/*.md", { cwd: ROOT }).flatMap((page) =>
    [...read(page).matchAll(/^```ts file=(\S+)\n([^]*?)\n```$/gm)].map(([, file = "", code = ""]) => ({ file, code })),
  );

  test("are in the guides", () => {
    expect(excerpts.length).toBeGreaterThan(3);
  });

  test.each(excerpts)("stand so in $file: $code", ({ file, code }) => {
    expect(read(file)).toContain(code);
  });
});

/** A row `@aws-sdk/client-*` is of all packages that begin so. */
const isOf = (row: { readonly name: string }, name: string) =>
  row.name.endsWith("*") ? name.startsWith(row.name.slice(0, -1)) : row.name === name;

/** The cells of a Markdown table's rows, without its head. */
function tableRows(page: string): string[][] {
  const lines = page.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const words = (licence: string | undefined) => (licence ?? "").toLowerCase().replaceAll(/[()]/g, "");
