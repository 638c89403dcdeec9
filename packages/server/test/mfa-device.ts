/** A second factor in a user's hand. */
import { CreateVirtualMFADeviceCommand, EnableMFADeviceCommand, IAMClient } from "@aws-sdk/client-iam";
import { appCode } from "./authenticator.ts";
import type { TestCloud } from "./test-cloud.ts";

const STEP_MS = 30_000;

/** A virtual device that is nobody's yet. */
export async function createDevice(cloud: TestCloud, VirtualMFADeviceName: string) {
  const create = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName });
  const { VirtualMFADevice: device } = await cloud.client(IAMClient).send(create);
  const secret = Buffer.from(device?.Base32StringSeed ?? []).toString("latin1");
  return {
    device,
    SerialNumber: device?.SerialNumber,
    /** What it shows now, or so many steps from now. */
    code: (steps = 0) => appCode(secret, new Date(cloud.clock.now().getTime() + steps * STEP_MS)),
    /** Two codes in a row, the later of a moment. */
    pairAt: (moment: Date) => ({
      AuthenticationCode1: appCode(secret, new Date(moment.getTime() - STEP_MS)),
      AuthenticationCode2: appCode(secret, moment),
    }),
  };
}

/** Enables one for a user of the default account, and lets the codes pass that it was enabled with. */
export async function enableDevice(cloud: TestCloud, UserName: string) {
  const { SerialNumber, code, pairAt } = await createDevice(cloud, `phone-of-${UserName}`);
  const codes = pairAt(cloud.clock.now());
  await cloud.client(IAMClient).send(new EnableMFADeviceCommand({ UserName, SerialNumber, ...codes }));
  await cloud.clock.advance(120);
  return { SerialNumber, code };
}
