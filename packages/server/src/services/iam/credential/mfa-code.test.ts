import { expect, onTestFinished, test } from "vitest";
import type { AccountPrincipal } from "../../../identity/principal.ts";
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { codeAt, stepAt } from "../../../kernel/totp.ts";
import { openMemory } from "../../../store/drivers/open.ts";
import { verifyMfaCode } from "./mfa-code.ts";
import { MFA_SEED_PURPOSE, mfaDevices } from "./mfa-device.ts";

const scope = { account: "111111111111" as AccountId, region: "us-east-1" as Region };
const serialNumber = "arn:aws:iam::111111111111:mfa/phone";
const atMs = Date.parse("2030-01-01T00:00:00Z");
const SEED = Buffer.from("12345678901234567890");

const userOf = (userId: string): AccountPrincipal => ({
  type: "user",
  account: scope.account,
  arn: "arn:aws:iam::111111111111:user/ann" as Arn,
  userId,
  userName: "ann",
  accessKeyId: "AKIAEXAMPLE",
});

/** A device of the user `AIDAANN`; what it gives asks about codes. */
async function withDevice(driftSteps = 0) {
  const { store, sealer } = await openMemory();
  onTestFinished(() => store.close());
  await store.transact(scope, async (tx) =>
    tx.put(mfaDevices, {
      serialNumber,
      path: "/",
      name: "phone",
      seed: sealer.seal(SEED, MFA_SEED_PURPOSE),
      tags: {},
      assignment: { kind: "assigned", ownerId: "AIDAANN", enabledAtMs: 0, usedSteps: [], driftSteps },
    }),
  );
  return (code: string, more: { userId?: string; serialNumber?: string; clientAtMs?: number } = {}) =>
    store.transact(scope, (tx) =>
      verifyMfaCode(
        { principal: userOf(more.userId ?? "AIDAANN"), serialNumber, code, atMs, ...more },
        { tx, keys: sealer },
      ),
    );
}

const codeAfter = (seconds: number) => codeAt(SEED, stepAt(atMs + seconds * 1000));

test("a code is good once", async () => {
  const verify = await withDevice();
  expect(await verify(codeAfter(0))).toBe("verified");
  expect(await verify(codeAfter(0))).toBe("wrong-code");
  expect(await verify(codeAfter(30))).toBe("verified");
});

test.each([-30, 0, 30])("a clock %i seconds off is near enough", async (seconds) => {
  // Source: https://www.rfc-editor.org/rfc/rfc6238#section-5.2 (at most one step as the network delay)
  const verify = await withDevice();
  expect(await verify(codeAfter(seconds))).toBe("verified");
});

test.each([-60, 60])("a clock %i seconds off is not", async (seconds) => {
  const verify = await withDevice();
  expect(await verify(codeAfter(seconds))).toBe("wrong-code");
});

test("the drift of a device is known", async () => {
  const verify = await withDevice(10);
  expect(await verify(codeAfter(0))).toBe("wrong-code");
  expect(await verify(codeAfter(300))).toBe("verified");
});

test("the client's own time counts too", async () => {
  const verify = await withDevice();
  expect(await verify(codeAfter(-86_400))).toBe("wrong-code");
  expect(await verify(codeAfter(-86_400), { clientAtMs: atMs - 86_400_000 })).toBe("verified");
});

test("another's device, or none, is no device", async () => {
  const verify = await withDevice();
  expect(await verify(codeAfter(0), { userId: "AIDABOB" })).toBe("no-device");
  expect(await verify(codeAfter(0), { serialNumber: `${serialNumber}2` })).toBe("no-device");
});
