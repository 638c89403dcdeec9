import { expect, test } from "vitest";
import { AwsError } from "../kernel/aws-error.ts";
import { Aside, Asides, within } from "./asides.ts";

const LIMITS = { secondsMax: 0.001, attemptsMax: 3, tooLate: () => new AwsError("TooLate", "it took too long") };
const NEVER = new Promise<string>(() => {});

test("who does not answer in time is asked again, as often as is allowed", async () => {
  let asked = 0;
  const asking = within(LIMITS, () => {
    asked++;
    return NEVER;
  });
  await expect(asking).rejects.toMatchObject({ code: "TooLate" });
  expect(asked).toBe(3);
});

test("who answers the second time has answered", async () => {
  let asked = 0;
  const answer = await within(LIMITS, () => (++asked === 2 ? Promise.resolve("here") : NEVER));
  expect(answer).toBe("here");
});

test("a question undoes the transaction once, and chance falls the same way each time", () => {
  const asides = new Asides();
  expect(() => asides.answerTo("who", { ...LIMITS, ask: () => NEVER })).toThrow(Aside);
  expect(asides.lasting("id", "one")).toBe("one");
  asides.begin();
  expect(asides.lasting("id", "two")).toBe("one");
});
