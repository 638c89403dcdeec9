/** What is found is held against the evaluator: whoever gets in from outside has to be in a finding. */
import { expect, test } from "vitest";
import { ASKED_ACTIONS, allows, policy, request } from "../../../../test/random-policies.ts";
import { Seeded } from "../../../../test/store/seeded.ts";
import { parseAccountId } from "../../../kernel/arn.ts";
import { isSingleValuedGlobalKey as isSingleValued } from "../../../identity/policy/algebra/single-valued.ts";
import { externalAccess } from "./access.ts";

const OWN = "111111111111";

test("whoever the evaluator lets in from outside is in a finding with that action", () => {
  const chance = new Seeded(5);
  const accounts = [parseAccountId(OWN) ?? []].flat();
  const missing: string[] = [];
  let allowed = 0;
  let quiet = 0;
  for (let round = 0; round < 300; round++) {
    const text = policy(chance, "named");
    const found = externalAccess(
      {
        type: "AWS::S3::Bucket",
        policy: text,
        publicAccess: "possible",
        actions: ASKED_ACTIONS,
        controls: "NOT_APPLICABLE",
        isSingleValued,
      },
      { accounts, organizationId: undefined },
    );
    if (found.length === 0) quiet++;
    for (let at = 0; at < 40; at++) {
      const { action, asked, caller } = request(chance, "named");
      const isInside = caller === undefined || caller.account === OWN || caller.service !== undefined;
      // an id in a policy is of somebody who is gone: nobody has it
      const isGone = caller?.behind.some((name) => name.startsWith("AROA") && text.includes(name));
      if (isInside || isGone === true || !allows(text, { asked, caller })) continue;
      allowed++;
      if (!found.some(({ actions }) => actions.includes(action))) missing.push(`${text} ${action} ${caller.own[0]}`);
    }
  }
  expect(missing).toEqual([]);
  expect(allowed).toBeGreaterThan(300);
  expect(quiet).toBeGreaterThan(30);
});
