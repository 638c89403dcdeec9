/** A second factor in a user's hand. */
import { CreateVirtualMFADeviceCommand, EnableMFADeviceCommand, IAMClient } from "@aws-sdk/client-iam";
import { codeAt, stepAt } from "../src/services/iam/credential/totp.ts";
import type { TestCloud } from "./test-cloud.ts";

/** Enables one for a user of the default account; gives the code that it shows now, or so many steps from now. */
export async function enableDevice(cloud: TestCloud, UserName: string): Promise<(steps?: number) => string> {
  const iam = cloud.client(IAMClient);
  const create = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: `phone-of-${UserName}` });
  const { VirtualMFADevice } = await iam.send(create);
  const seed = fromBase32(Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString("latin1"));
  const code = (steps = 0) => codeAt(seed, stepAt(cloud.clock.now().getTime()) + steps);
  const codes = { AuthenticationCode1: code(-1), AuthenticationCode2: code() };
  await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber: VirtualMFADevice?.SerialNumber, ...codes }));
  await cloud.clock.advance(120);
  return code;
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  return Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
