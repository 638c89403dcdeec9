/** ARNs of another account's things, given to all that reads: what is there and what is not look the same from outside. */
import { expect, test } from "vitest";
import { loadModel } from "../../src/model/models.ts";
import type { Member } from "../../src/model/shape.ts";
import { SERVICES } from "../../src/services.ts";
import { testCloud } from "../test-cloud.ts";
import { ACCOUNT, callsOf, least, MAKINGS } from "./any-operation.ts";

const READS = /^(?:BatchGet|Describe|Get|List|Lookup|Search|Select)/;

/** They tell of each secret by itself that it may not be read, or is not there, as AWS does; or something else each time. */
const EXEMPT = new Set(["BatchGetSecretValue", "GetRandomPassword"]);

/** What an ARN could be given as. */
const takesNames = ({ shape }: Member): boolean =>
  shape.kind === "string" || (shape.kind === "list" && shape.member.shape.kind === "string");

const given = ({ shape }: Member, arn: string): unknown => (shape.kind === "list" ? [arn] : arn);

/** The answers of reading calls; refusals are none. */
async function answered(call: Promise<object>, name: string): Promise<string | undefined> {
  const output = await call.catch(() => undefined);
  if (output === undefined) return undefined;
  const text = JSON.stringify(output, (key, value: unknown) => (key === "$metadata" ? undefined : value));
  return text.replaceAll(name, "NAME");
}

test("no reading call tells a stranger whether there is such a thing, whatever parameter its ARN is given in", async () => {
  const cloud = await testCloud();
  const told: string[] = [];
  let asked = 0;
  for (const { id, operation: making, inputOf, arn: pattern } of MAKINGS) {
    await (
      await callsOf(cloud, id)
    )(making, inputOf("present"));
    if (pattern === undefined) continue;
    const call = await callsOf(cloud, id, "111111111111");
    const service = await SERVICES[id]?.();
    const arnOf = (name: string): string => `arn:aws:${pattern.replace("ACCOUNT", ACCOUNT).replace("NAME", name)}`;
    for (const name of [...(service?.operations.keys() ?? [])].filter(
      (each) => READS.test(each) && !EXEMPT.has(each),
    )) {
      const input = loadModel(id).operation(name)?.input;
      for (const member of input?.members.filter(takesNames) ?? []) {
        const outcome = (named: string) =>
          answered(call(name, { ...(input && least(input)), [member.name]: given(member, arnOf(named)) }), named);
        asked++;
        const present = await outcome("present");
        if (present !== (await outcome("missing"))) told.push(`${id} ${name} ${member.name}: ${present}`);
      }
    }
  }
  expect(asked).toBeGreaterThan(500);
  expect(told).toEqual([]);
});
