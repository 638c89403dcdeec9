/** A second factor shown with the call: a device's serial number and its present code. */
import type { Context } from "../../service/context.ts";
import { mfaCodeWrong, mfaDeviceUnknown, mfaIncomplete } from "./errors.ts";

interface Shown {
  readonly SerialNumber?: string | undefined;
  readonly TokenCode?: string | undefined;
}

/**
 * Whether a second factor was shown and is right; the code is used up, whatever comes of the call.
 * @throws {AwsError} `AccessDenied` where it is wrong, or only half of it is there.
 */
export async function provesMfa({ SerialNumber, TokenCode }: Shown, context: Context): Promise<boolean> {
  if (SerialNumber === undefined && TokenCode === undefined) return false;
  if (SerialNumber === undefined || TokenCode === undefined) throw mfaIncomplete();
  const { principal, directory, request, tx } = context;
  if (principal.type !== "user" && principal.type !== "root") throw mfaDeviceUnknown();
  const proof = {
    principal,
    serialNumber: SerialNumber,
    code: TokenCode,
    atMs: context.now().getTime(),
    clientAtMs: request.signature?.signedAtMs,
  };
  const verdict = await directory.verifyMfa(proof, tx);
  if (verdict === "no-device") throw mfaDeviceUnknown();
  if (verdict === "wrong-code") throw mfaCodeWrong();
  context.evenIfRefused((after) => directory.verifyMfa(proof, after));
  return true;
}
