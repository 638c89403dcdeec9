/**
 * Modules for Terraform that are made, read, changed and taken away together: its provider looks through all that it knows
 * at each of its many starts, whatever it is asked for, and waits for queues that others need not wait for.
 */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startServer, type RunningServer } from "./running-server.ts";
import { hasTerraform, Terraform } from "./terraform.ts";

const CLIENTS = join(import.meta.dirname, "..", "..", "clients", "terraform");

/** The whole of it; queues alone take two minutes, most of which is waiting. */
const STORY_MS = 900_000;

type Variables = Readonly<Record<string, string | number>>;

export interface Module {
  /** What it keeps as it is described. */
  readonly keeps: string;
  readonly resources: number;
  /** The provider of another region or account that it has besides the usual one. */
  readonly alias?: "europe" | "consumer";
  readonly variables?: Variables;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** What it is told later, and how many resources are other ones by that. */
  readonly later?: { readonly variables: Variables; readonly changed: number };
}

/** By their folders in `clients/terraform`. */
export type Modules = Readonly<Record<string, Module>>;

/** What is done besides. */
export interface Asides {
  readonly first?: (server: RunningServer) => Promise<void>;
  readonly beforeTheEnd?: (server: RunningServer) => Promise<void>;
  readonly last?: (server: RunningServer) => Promise<void>;
}

interface Story {
  readonly added: string;
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly changed: string;
  readonly destroyed: string;
  readonly notBuilt: readonly string[];
}

/** The modules as a configuration calls them; what they put out, it puts out by their names. */
function writeCalls(directory: string, modules: Modules, variablesOf: (module: Module) => Variables): void {
  const calls = Object.entries(modules).map(([name, module]) => {
    const { alias } = module;
    const providers = alias !== undefined && { providers: { aws: "aws", [`aws.${alias}`]: `aws.${alias}` } };
    return [name, { source: `./${name}`, ...providers, ...variablesOf(module) }];
  });
  const outputs = Object.keys(modules).map((name) => [name, { value: `\${module.${name}}`, sensitive: true }]);
  const configuration = { module: Object.fromEntries(calls), output: Object.fromEntries(outputs) };
  writeFileSync(join(directory, "modules.tf.json"), JSON.stringify(configuration));
}

async function tell(modules: Modules, { first, beforeTheEnd, last }: Asides): Promise<Story> {
  await using server = await startServer();
  const { directory } = server;
  for (const name of ["main.tf", ...Object.keys(modules)]) {
    cpSync(join(CLIENTS, name), join(directory, name), { recursive: true });
  }
  await first?.(server);
  const terraform = new Terraform(server);
  const apply = (...options: readonly string[]) =>
    terraform.run("apply", "-auto-approve", "-parallelism=40", ...options);
  writeCalls(directory, modules, ({ variables = {} }) => variables);
  await terraform.run("init");
  const added = await apply();
  const outputs: Story["outputs"] = JSON.parse(await terraform.run("output", "-json"));
  // what is read back is what was described: it fails where anything would change
  await terraform.run("plan", "-detailed-exitcode");
  writeCalls(directory, modules, ({ variables = {}, later }) => ({ ...variables, ...later?.variables }));
  // that what is there is as it was described was just seen
  const changed = await apply("-refresh=false");
  await beforeTheEnd?.(server);
  const destroyed = await apply("-refresh=false", "-destroy");
  await last?.(server);
  return { added, outputs, changed, destroyed, notBuilt: terraform.notBuilt() };
}

/** How many resources of a module have come to this, in what Terraform printed. */
function count(printed: string, module: string, done: string): number {
  const line = new RegExp(String.raw`^module\.${module}\.(\S+)(?: \(deposed.*\))?: (?:${done}) complete`, "gm");
  return new Set([...printed.matchAll(line)].map(([, address]) => address)).size;
}

export function describeTerraform(subject: string, modules: Modules, asides: Asides = {}): void {
  describe.skipIf(!hasTerraform)(`Terraform and ${subject} (needs terraform and its AWS provider in a mirror)`, () => {
    let story: Story;
    beforeAll(async () => {
      story = await tell(modules, asides);
    }, STORY_MS);

    for (const [name, { keeps, resources, outputs = {}, later }] of Object.entries(modules)) {
      test(`keeps ${keeps} as they are described`, () => {
        expect(count(story.added, name, "Creation")).toBe(resources);
        expect(story.outputs[name]?.value ?? {}).toMatchObject(outputs);
        expect(count(story.changed, name, "Creation|Modifications")).toBe(later?.changed ?? 0);
        expect(count(story.destroyed, name, "Destruction")).toBe(resources);
      });
    }

    test("nothing is asked for that is not built", () => {
      expect(story.notBuilt).toEqual([]);
    });
  });
}
