/** Credentials as the APIs give them, as an actor holds them. */
import type { Credentials } from "./lab.ts";

/** Of an access key from IAM or a session from STS; an empty pair where the call before failed. */
export function credentialsOf(
  given:
    | {
        readonly AccessKeyId?: string | undefined;
        readonly SecretAccessKey?: string | undefined;
        readonly SessionToken?: string | undefined;
      }
    | undefined,
): Credentials {
  const { AccessKeyId = "none", SecretAccessKey = "none", SessionToken } = given ?? {};
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken !== undefined && { sessionToken: SessionToken }),
  };
}
