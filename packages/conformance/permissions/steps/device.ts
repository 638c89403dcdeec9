/** Second factors: devices that show a code which changes every half minute (RFC 6238). */
import { createHmac } from "node:crypto";
import type { MfaStep } from "../case-file.ts";
import { NotAnswered } from "../endpoint.ts";
import { textAt, type World } from "../world.ts";

const STEP_MS = 30_000;
const DIGITS = 6;

/** `<device.code>` is good once: the codes before it were used to enable the device. */
export async function makeDevice({ mfa, user }: MfaStep, world: World): Promise<void> {
  const VirtualMFADeviceName = world.newName(mfa);
  const made = await world.make({ call: "iam:CreateVirtualMFADevice", with: { VirtualMFADeviceName } });
  const arn = textAt(made, "VirtualMFADevice.SerialNumber");
  world.onCleanUp(() => world.ask("iam:DeleteVirtualMFADevice", "home", { SerialNumber: arn }));
  const seed = seedIn(made);
  const step = Math.floor(Date.now() / STEP_MS);
  await world.make({
    call: "iam:EnableMFADevice",
    with: {
      UserName: `<${user}>`,
      SerialNumber: arn,
      AuthenticationCode1: codeAt(seed, step - 1),
      AuthenticationCode2: codeAt(seed, step),
    },
  });
  world.add(mfa, { name: VirtualMFADeviceName, facts: { arn }, fresh: { code: () => codeAt(seed, step + 1) } });
}

function seedIn(made: object): Uint8Array {
  const device: unknown = "VirtualMFADevice" in made ? made.VirtualMFADevice : undefined;
  const seed: unknown =
    typeof device === "object" && device !== null && "Base32StringSeed" in device ? device.Base32StringSeed : undefined;
  if (!(seed instanceof Uint8Array)) throw new NotAnswered("set-up: a device without a seed");
  return decodeBase32(Buffer.from(seed).toString());
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function decodeBase32(text: string): Uint8Array {
  const bits = text
    .replaceAll("=", "")
    .split("")
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0"));
  const bytes = bits.join("").match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}

function codeAt(seed: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", seed).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, "0");
}
