import { expect, test } from "vitest";
import { readDeclarations, reachOf } from "./declarations.ts";
import { parseSource } from "./sources.ts";

const USER = parseSource(
  "services/example/user.ts",
  `import { checksum as sum, page } from "../../kernel/page.ts";
   import { requireName } from "./name.ts";
   export const createUser = operation("CreateUser", {
     async handle({ UserName, Tags = [], ...given }, context) {
       requireName(given.Path, { Kept: sum });
       return { User: { Arn: context.at["Moment"], page: 1 } };
     },
   });
   const limits: Pick<Limits, "Most"> = { Least: 1 };`,
);
const NAME = parseSource(
  "services/example/name.ts",
  "export const requireName = (name: string, of: object) => of[`Checksum${name}`];",
);
const all = readDeclarations([USER, NAME]);

test("a declaration reads what it takes out of objects, not what it puts into them or says of types", () => {
  const created = all.get("services/example/user.ts#createUser");
  expect(created?.reads).toEqual(new Set(["CreateUser", "UserName", "Tags", "Path", "at", "Moment"]));
  expect(created?.keepsWhole).toBe(true);
  expect(created?.called).toEqual(new Set(["CreateUser"]));
  const limits = all.get("services/example/user.ts#limits");
  expect([limits?.reads, limits?.keepsWhole]).toEqual([new Set(), false]);
});

test("a declaration goes on to what it mentions by the name that it is imported by", () => {
  const created = "services/example/user.ts#createUser";
  expect(all.get(created)?.mentions).toEqual(
    new Set([created, "services/example/name.ts#requireName", "kernel/page.ts#checksum"]),
  );
  const reached = reachOf([created], all);
  expect(reached.flatMap(({ prefixes }) => [...prefixes])).toEqual(["Checksum"]);
});
