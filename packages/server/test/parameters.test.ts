/**
 * A parameter of a built operation is honoured, refused, or told of in its service's README. Which of them a service
 * reads is read from its source: what an operation takes at the top it has to name itself, or something it goes on to;
 * what lies deeper may be kept, and read by a job or by another operation.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readDeclarations, reachOf, type Declaration } from "../../../tools/declarations.ts";
import { isTest, readSource, ROOT, sourcePaths } from "../../../tools/sources.ts";
import { assert } from "../src/kernel/assert.ts";
import { loadModel, serviceIndex } from "../src/model/models.ts";
import type { Member, Shape } from "../src/model/shape.ts";
import { SERVICES } from "../src/services.ts";

const SOURCE = "packages/server/src/";
const declarations = readDeclarations(
  sourcePaths()
    .filter((path) => path.startsWith(`${SOURCE}services/`) && !isTest(path))
    .map(readSource),
);

/** The folders of services: some lie within others'. */
const FOLDERS = new Map(
  Array.from(
    readSource(`${SOURCE}services.ts`).text.matchAll(/"?([\w-]+)"?: onceThere\([^]*?import\("\.\/(.+?)\/index\.ts"\)/g),
    ([, id = "", folder = ""]) => [id, `${SOURCE}${folder}/`] as const,
  ),
);

const services = serviceIndex().flatMap(({ id }) => (FOLDERS.has(id) ? [id] : []));

/** What is said of members, by these declarations. */
interface Said {
  readonly names: ReadonlySet<string>;
  readonly prefixes: readonly string[];
}

const saidBy = (all: readonly Declaration[]): Said => ({
  names: new Set(all.flatMap(({ reads }) => [...reads])),
  prefixes: all.flatMap(({ prefixes }) => [...prefixes]),
});

const isSaid = ({ names, prefixes }: Said, name: string): boolean =>
  names.has(name) || prefixes.some((prefix) => name.startsWith(prefix) && name !== prefix);

/** By its name, or by that of the header that it comes in; what streams in is the body. */
function isRead(said: Said, { name, traits, shape }: Member): boolean {
  const isBody = shape.kind === "blob" && shape.streaming && said.names.has("body");
  return isSaid(said, name) || isSaid(said, (traits.httpHeader ?? name).toLowerCase()) || isBody;
}

/** The names that the README of a service tells of: members, operations, and members of operations. */
function listedFor(folder: string): ReadonlySet<string> {
  const readmes = [folder, dirname(folder)].map((each) => join(ROOT, each, "README.md")).filter(existsSync);
  const sections = readmes.flatMap((path) => readFileSync(path, "utf8").split(/^## /m));
  const told = sections.filter((section) => /^(Without effect|Refused|Not built|Differs)/.test(section));
  return new Set(told.flatMap((section) => Array.from(section.matchAll(/`([^`\s]+)`/g), ([, name = ""]) => name)));
}

class Service {
  readonly id: string;
  readonly #listed: ReadonlySet<string>;
  readonly #own: readonly (readonly [string, Declaration])[];
  readonly #kept: Said;

  constructor(id: string) {
    this.id = id;
    const folder = FOLDERS.get(id) ?? "";
    this.#listed = listedFor(folder);
    const others = [...FOLDERS.values()].filter((each) => each !== folder && each.startsWith(folder));
    this.#own = [...declarations].filter(
      ([, { path }]) => path.startsWith(folder) && !others.some((other) => path.startsWith(other)),
    );
    // services that share a folder share its rows
    const shared = `${SOURCE}services/${folder.split("/")[4] ?? ""}/`;
    this.#kept = saidBy([...declarations.values()].filter(({ path }) => path.startsWith(shared)));
  }

  /** What the README says of an operation's members that it does not have. */
  get misnamed(): readonly string[] {
    const model = loadModel(this.id);
    return [...this.#listed].filter((listed) => {
      const [name = "", member] = listed.split(".");
      const isOperation = member !== undefined && model.operationNames.includes(name);
      return isOperation && model.operation(name)?.input.byName.has(member) !== true;
    });
  }

  /** The members that nothing is done with. */
  dropped(operation: string): readonly string[] {
    if (this.#listed.has(operation)) return [];
    const declared = this.#own.filter(([, { called }]) => called.has(operation));
    const said = saidBy(
      reachOf(
        declared.map(([id]) => id),
        declarations,
      ),
    );
    const keepsWhole = declared.some(([, declaration]) => declaration.keepsWhole);
    const modelled = loadModel(this.id).operation(operation);
    assert(modelled !== undefined, "a built operation is modelled");
    return modelled.input.members.flatMap((member) => {
      if (this.#isListed(member, operation)) return [];
      const isTaken = isRead(said, member) || (keepsWhole && isRead(this.#kept, member));
      return isTaken
        ? this.#droppedIn(member.shape, `${operation}.${member.name}`, new Set())
        : [`${operation}.${member.name}`];
    });
  }

  #droppedIn(shape: Shape, path: string, around: ReadonlySet<string>): readonly string[] {
    if (shape.kind === "list") return this.#droppedIn(shape.member.shape, path, around);
    if (shape.kind === "map") return this.#droppedIn(shape.value.shape, path, around);
    if ((shape.kind !== "structure" && shape.kind !== "union") || around.has(shape.name)) return [];
    const within = new Set([...around, shape.name]);
    return shape.members.flatMap((member) => {
      if (this.#isListed(member, shape.name)) return [];
      const deeper = `${path}.${member.name}`;
      return isRead(this.#kept, member) ? this.#droppedIn(member.shape, deeper, within) : [deeper];
    });
  }

  #isListed({ name, traits }: Member, within: string): boolean {
    const names = [name, `${within}.${name}`, traits.httpHeader ?? name];
    return names.some((each) => this.#listed.has(each));
  }
}

test("the services and their folders were found", () => {
  expect(services.length).toBeGreaterThan(20);
  expect(declarations.size).toBeGreaterThan(1000);
});

test("what nobody reads is found", () => {
  // documents and their associations are not built
  expect(new Service("ssm").dropped("CreateAssociation")).toContain("CreateAssociation.AssociationName");
});

describe.each(services)("%s", (id) => {
  test("does something with each parameter, refuses it, or says that it has no effect", async () => {
    const { operations } = (await SERVICES[id]?.()) ?? { operations: new Map<string, unknown>() };
    const service = new Service(id);
    expect([...operations.keys()].flatMap((operation) => service.dropped(operation))).toEqual([]);
  });

  test("tells in its README of parameters that there are", () => {
    expect(new Service(id).misnamed).toEqual([]);
  });
});
