import { basename } from "node:path";
import { expect, test } from "vitest";
import { isTest, readSource, sourcePaths, type Import } from "../../../tools/sources.ts";

const sources = sourcePaths().map(readSource);
const program = sources.filter(({ path }) => !isTest(path));
const edges = program.flatMap(({ imports }) => imports);

/** What a folder of the server may import: the table of ARCHITECTURE.md. */
interface Folder {
  readonly may: readonly string[];
  /** Folders of which only types may be taken. */
  readonly types?: readonly string[];
  /** Packages and built-in modules. */
  readonly outside: RegExp;
  readonly why: string;
}

/** Modules that only compute. */
const PURE = /^(node:(buffer|crypto|util|vm|zlib|assert)|hash-wasm|@noble\/(curves|post-quantum)\/.+)$/;
const NO_DATABASE = /^(?!postgres$|pg($|\/)|node:sqlite$|@aws-sdk\/|@smithy\/)/;

const TABLE: Readonly<Record<string, Folder>> = {
  kernel: { may: [], outside: PURE, why: "the kernel is the floor: pure, no I/O" },
  clock: { may: ["kernel"], outside: NO_DATABASE, why: "time knows nothing of what is timed" },
  model: { may: ["kernel"], outside: NO_DATABASE, why: "a model is what a service's API is, not what it does" },
  store: {
    may: ["kernel", "clock"],
    outside: NO_DATABASE,
    why: "the store keeps bytes in order; only its drivers know a database",
  },
  "store/drivers": {
    may: ["kernel", "clock", "store"],
    outside: /^(?!@aws-sdk\/)/,
    why: "a driver knows its database",
  },
  identity: {
    may: ["kernel", "clock", "store"],
    types: ["service"],
    outside: NO_DATABASE,
    why: "who may do what is decided without knowing any service",
  },
  idp: {
    may: ["kernel", "clock", "store"],
    outside: NO_DATABASE,
    why: "an identity provider knows no more of the cloud than any other one does",
  },
  network: {
    may: ["kernel", "clock", "store"],
    types: ["service"],
    outside: NO_DATABASE,
    why: "where a call comes from is decided without knowing any service",
  },
  events: {
    may: ["kernel", "clock", "store", "service"],
    types: ["identity"],
    outside: NO_DATABASE,
    why: "the fabric delivers without knowing who sends",
  },
  compute: {
    may: ["kernel", "clock", "network"],
    types: ["service"],
    outside: NO_DATABASE,
    why: "who runs functions knows nothing of the cloud around them",
  },
  service: {
    may: ["kernel"],
    types: ["clock", "store", "identity", "events", "network"],
    outside: /^@smithy\/types$/,
    why: "the kit is what services see of the rest: its words, not its works",
  },
  services: {
    may: ["kernel", "service", "identity/policy"],
    types: ["identity"],
    outside: /^(node:(buffer|crypto|util|zlib)|qr|reflect-metadata|@peculiar\/x509|hyparquet(-writer)?|re2js|yaml)$/,
    why: "a service has no other way to time, chance, other services or I/O than its context",
  },
  protocol: { may: ["kernel", "model"], outside: PURE, why: "the wire comes from the models alone" },
  gateway: {
    may: ["kernel", "clock", "model", "store", "identity", "network", "events", "service", "protocol"],
    outside: NO_DATABASE,
    why: "the way of a call has no exception per service, and does not choose its store",
  },
};

const SERVER = "packages/server/src/";

/** `services/iam`, `store/drivers`, `kernel`; empty for the files at the top, which may import everything. */
function folderOf(path: string): string {
  const [first = "", second = "", third] = path.slice(SERVER.length).split("/");
  if (first.endsWith(".ts")) return "";
  if (first === "services") return `services/${second}`;
  const nested = `${first}/${second}`;
  return third !== undefined && nested in TABLE ? nested : first;
}

const rowOf = (folder: string): Folder | undefined => TABLE[folder.startsWith("services/") ? "services" : folder];

/** `within("identity/policy", "identity")`, and a folder is within itself; a driver is not within the store. */
function within(path: string, folder: string): boolean {
  if (!path.startsWith(`${SERVER}${folder}/`)) return false;
  return folder !== "store" || folderOf(path) === "store";
}

function allowed({ from, to, typeOnly }: Import): boolean {
  const home = folderOf(from);
  const row = rowOf(home);
  if (row === undefined) return home === "";
  if (isModelData(to) && home.startsWith("services/")) return true;
  if (!to.startsWith("packages/")) return (typeOnly && to.startsWith("@aws-sdk/")) || row.outside.test(to);
  const folders = [home, ...row.may, ...(typeOnly ? (row.types ?? []) : [])];
  return folders.some((folder) => within(to, folder));
}

/** What the generators wrote is a value, not a part of the program. */
const isModelData = (to: string) => /^packages\/server\/(models|managed-policies)\/.*\.json$/.test(to);

const show = ({ from, to }: Import) => `${from} imports ${to}`;

test("the sources were found", () => {
  expect(sources.length).toBeGreaterThan(40);
  expect(edges.length).toBeGreaterThan(100);
});

test.each(Object.keys(TABLE))("%s imports only what the table allows", (folder) => {
  const broken = edges
    .filter(({ from }) => from.startsWith(SERVER) && rowOf(folderOf(from)) === TABLE[folder])
    .filter((edge) => !allowed(edge));
  expect(broken.map(show), TABLE[folder]?.why).toEqual([]);
});

test("every folder of the server stands in the table", () => {
  const folders = program.filter(({ path }) => path.startsWith(SERVER)).map(({ path }) => folderOf(path));
  expect([...new Set(folders)].filter((folder) => folder !== "" && rowOf(folder) === undefined)).toEqual([]);
});

/** Rules between packages. */
const forbidden: readonly { readonly why: string; readonly broken: (edge: Import) => boolean }[] = [
  {
    why: "the SDK is types in the server, never code",
    broken: ({ from, to, typeOnly }) => from.startsWith(SERVER) && to.startsWith("@aws-sdk/") && !typeOnly,
  },
  {
    why: "the server does not know its command line, labs, console or tools",
    broken: ({ from, to }) => from.startsWith(SERVER) && (to.startsWith("tools/") || isOther(to, "server")),
  },
  {
    why: "conformance tests and labs see the server as any client does: through its port",
    broken: ({ from, to }) => /^packages\/(conformance|labs)\//.test(from) && isPackage(to, "server"),
  },
  {
    why: "the command line loads the server, the labs and their libraries when a command needs them",
    broken: ({ from, to, typeOnly, dynamic }) =>
      /^packages\/cli\/src\/(?!testing\.ts)/.test(from) &&
      (isPackage(to, "server") || isPackage(to, "labs")) &&
      !(typeOnly || dynamic),
  },
];

const isPackage = (to: string, name: string) =>
  to.startsWith(`packages/${name}/`) || to === `@kumobako/${name}` || to.startsWith(`@kumobako/${name}/`);

const isOther = (to: string, name: string) =>
  /^(packages\/|@kumobako\/|kumobako($|\/))/.test(to) && !isPackage(to, name);

test.each(forbidden)("$why", ({ broken }) => {
  expect(edges.filter(broken).map(show)).toEqual([]);
});

/** Files that a person, npm or the runner names. */
const ROOTS =
  /^tools\/([^/]+|models\/main)\.(ts|mjs)$|^packages\/server\/src\/(main|testing)\.ts$|^packages\/cli\/(bin\/|src\/testing\.ts$)|^packages\/labs\/src\/index\.ts$|^packages\/conformance\/permissions\/main\.ts$/;

test("every file is imported by another", () => {
  const imported = new Set(sources.flatMap(({ imports }) => imports.map(({ to }) => to)));
  const lonely = program.map(({ path }) => path).filter((path) => !imported.has(path) && !ROOTS.test(path));
  expect(lonely).toEqual([]);
});

test("a file has at most 400 lines", () => {
  const long = sources.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));
  expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
});

test("a file is named after a noun of its own, in kebab-case", () => {
  const names = sources.map(({ path }) => path);
  expect(names.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z-]+)?\.(ts|mjs|js)$/.test(basename(path)))).toEqual([]);
  expect(names.filter((path) => /(^|[/-])(utils?|helpers?|common|misc|types)\.[a-z.-]*$/.test(path))).toEqual([]);
});
