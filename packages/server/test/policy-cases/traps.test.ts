import { describe, expect, test } from "vitest";
import { testTitles } from "../../../../tools/test-titles.ts";
import { readCases } from "./case-file.ts";
import { TRAPS } from "./traps.ts";

const cases = readCases(import.meta.dirname);

const namesIn = (file: string): ReadonlySet<string> =>
  file.endsWith(".json") ? new Set(cases.get(file)?.map(({ name }) => name)) : testTitles(file);

describe("what was got wrong elsewhere is shown to be right here:", () => {
  test.each(Object.entries(TRAPS))("%s", (_trap, shown) => {
    const missing = Object.entries(shown).flatMap(([file, names]) => {
      const known = namesIn(file);
      return names.filter((name) => !known.has(name)).map((name) => `${file}: ${name}`);
    });
    expect(missing).toEqual([]);
    expect(Object.values(shown).flat().length).toBeGreaterThan(0);
  });
});

test("a rule that a case says it guards is one that it is named for", () => {
  const guarding = [...cases].flatMap(([file, all]) =>
    all.filter(({ provenance }) => provenance.kind === "traps").map(({ name }) => `${file}: ${name}`),
  );
  const named = new Set(
    Object.values(TRAPS).flatMap((shown) =>
      Object.entries(shown).flatMap(([file, names]) => names.map((name) => `${file}: ${name}`)),
    ),
  );
  expect(guarding.filter((each) => !named.has(each))).toEqual([]);
});
