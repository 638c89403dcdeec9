import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SERVICES } from "@kumobako/server";
import { expect, test } from "vitest";
import { ROOT } from "../../../tools/sources.ts";
import { testTitles } from "../../../tools/test-titles.ts";
import { listLabs } from "../src/index.ts";
import { BEHAVIOURS, rows, steps, tests, waits } from "./behaviour-table.ts";

test("every behaviour has one row, which says what holds and where that is shown", () => {
  expect(rows.map(({ id }) => id)).toEqual(BEHAVIOURS);
  expect(rows.filter(({ holds, shown }) => !/^\S.*\.$/.test(holds) || shown.length === 0)).toEqual([]);
});

test("every test that is named is there", () => {
  const missing = tests.filter(({ path, name }) =>
    name === undefined ? !existsSync(join(ROOT, path)) : !namesIn(path).has(name),
  );
  expect(missing).toEqual([]);
});

function namesIn(path: string): ReadonlySet<string> {
  if (!path.endsWith(".json")) return testTitles(path);
  const { cases }: { readonly cases: readonly { readonly name: string }[] } = JSON.parse(
    readFileSync(join(ROOT, path), "utf8"),
  );
  return new Set(cases.map(({ name }) => name));
}

test("a lab shows the behaviours that it says it proves, and the rows name its steps", () => {
  const named = new Map(listLabs().map(({ id }) => [id, new Set<string>()]));
  expect(steps.filter(({ lab }) => !named.has(lab))).toEqual([]);
  for (const { id, lab } of steps) named.get(lab)?.add(id);
  for (const { id, proves } of listLabs()) {
    const ours = proves.filter((behaviour) => BEHAVIOURS.includes(behaviour));
    expect([id, ours.filter((behaviour) => named.get(id)?.has(behaviour) !== true)]).toEqual([id, []]);
  }
});

/** Services whose models are not here yet, as the AWS CLI names them. */
const WITHOUT_MODEL: ReadonlySet<string> = new Set(["cloudhsmv2", "rekognition", "support"]);

test("what a row waits for is known, and not built", () => {
  const built = new Set(Object.keys(SERVICES));
  const known = new Set(readdirSync(join(ROOT, "packages/server/models")).map((name) => name.replace(/\.json$/, "")));
  const isOne = (name: string) => known.has(name) || WITHOUT_MODEL.has(name);
  const open = (name: string) => name === "the simulated network" || (isOne(name) && !built.has(name));
  expect(waits.filter((wait) => !open(wait.for))).toEqual([]);
});
