import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../../tools/sources.ts";

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>>; readonly link?: boolean }>
  >;
}

const { packages }: Lockfile = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));

/** Whether `name` is found from the package at `place`, looked for as Node does. */
function isLocked(name: string, place: string): boolean {
  if (`${place === "" ? "" : `${place}/`}node_modules/${name}` in packages) return true;
  return place !== "" && isLocked(name, dirname(place) === "." ? "" : dirname(place));
}

// `npm ci` refuses a lockfile that lacks one, so a clone would not start. npm leaves them out where the registry it
// asked did not have that version of a platform's package yet: take the version before.
test("the lockfile has the packages of every platform", () => {
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(name, place))
      .map((name) => `${place} wants ${name}`),
  );
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});
