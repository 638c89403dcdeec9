/** What is said to be shut to the public is held against the evaluator. */
import { expect, test } from "vitest";
import { allows, NOBODY, policy, request } from "../../../../test/random-policies.ts";
import { Seeded } from "../../../../test/store/seeded.ts";
import { makeRequest } from "../evaluate.ts";
import { parsePolicy } from "../parse.ts";
import { THE_PUBLIC } from "./callers.ts";
import { grantedAccess } from "./compare.ts";
import { isConfined } from "./confinement.ts";
import { isSingleValuedGlobalKey as isSingleValued } from "./single-valued.ts";

/** Keys that say where a request comes from: somebody of the public has none of those that policies ask for. */
const OF_ORIGIN = ["aws:principalorgid", "aws:principalarn", "aws:sourceip"];
const STRANGE = { ...NOBODY, account: "999999999999" };
const PUBLIC = [
  NOBODY,
  { ...STRANGE, own: ["arn:aws:iam::999999999999:user/x"] },
  {
    ...STRANGE,
    own: ["arn:aws:sts::999999999999:assumed-role/x/y"],
    behind: ["arn:aws:iam::999999999999:role/x"],
  },
];

test("no request of the public is allowed where a policy is said to be shut to it", () => {
  const chance = new Seeded(3);
  const contradicted: string[] = [];
  let shut = 0;
  let open = 0;
  for (let round = 0; round < 300; round++) {
    const text = policy(chance, "named");
    const culprits = grantedAccess({
      policy: parsePolicy(text),
      principals: "named",
      isSingleValued,
      callers: THE_PUBLIC,
      counts: (term) => !isConfined(term),
    });
    const isShut = culprits?.length === 0;
    if (isShut) shut++;
    for (let at = 0; at < 40; at++) {
      const { action, resource, keys } = request(chance, "named");
      const asked = makeRequest(action, resource, {
        get: (key) => (OF_ORIGIN.includes(key) ? undefined : keys.get(key)),
      });
      const passes = allows(text, { asked, caller: PUBLIC[at % PUBLIC.length] });
      if (passes && isShut) contradicted.push(text);
      else if (passes) open++;
    }
  }
  expect(contradicted).toEqual([]);
  expect(shut).toBeGreaterThan(50);
  expect(open).toBeGreaterThan(50);
});
