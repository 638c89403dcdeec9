/**
 * Buckets whose versions only their owner's root user deletes, who shows a second factor each time.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html
 */
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import { accessDenied } from "../errors.ts";
import { mfaWanted, rootUserWanted } from "./errors.ts";

interface MfaInput {
  readonly MFA?: string | undefined;
}

/** @throws {AwsError} `AccessDenied` where the bucket wants a second factor and none, or a wrong one, is shown. */
export async function requireMfa(
  input: MfaInput,
  { versioning, owner }: Pick<Bucket, "versioning" | "owner">,
  context: Context,
): Promise<void> {
  if (versioning?.mfaDelete) await proveMfa(input, owner, context);
}

/**
 * Checks the factor, which is good for one call. `MFA`: the device's serial number or ARN, a space, its present code.
 * Differs: it is taken over HTTP as well as over TLS.
 *
 * @throws {AwsError} `AccessDenied`
 */
export async function proveMfa({ MFA }: MfaInput, owner: Bucket["owner"], context: Context): Promise<void> {
  const { principal, directory, request, tx } = context;
  if (MFA === undefined) throw mfaWanted();
  if (principal.type !== "root" || principal.account !== owner) throw rootUserWanted();
  const [serialNumber = "", code = ""] = MFA.trim().split(/\s+/);
  const proof = {
    principal,
    serialNumber,
    code,
    atMs: context.now().getTime(),
    clientAtMs: request.signature?.signedAtMs,
  };
  if ((await directory.verifyMfa(proof, tx)) !== "verified") throw accessDenied();
  context.evenIfRefused((after) => directory.verifyMfa(proof, after));
}
