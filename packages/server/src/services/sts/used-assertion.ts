/**
 * Assertions that were used, until nobody takes them any more. Differs: AWS lets an assertion be used
 * as often as one likes for five minutes; here it is good once for each of its roles, so that what was
 * overheard is worth nothing, and tools that take all roles of one sign-in still work.
 */
import { createHash } from "node:crypto";
import type { SamlIdentity } from "../../identity/federation/federation.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { Job } from "../../service/service.ts";
import { assertionUsed } from "./errors.ts";

interface UsedAssertion {
  /** A digest of all that makes a use one. */
  readonly use: string;
}

const usedAssertions = table<UsedAssertion>("sts.used-assertion", "global", ({ use }) => [use]);

/** The job that forgets one. */
export const FORGET_ASSERTION = "forget-assertion";

/** @throws {AwsError} `IDPRejectedClaim` where it was used before. */
export async function useAssertion(
  { issuer, assertionId, goodUntilMs }: Pick<SamlIdentity, "issuer" | "assertionId" | "goodUntilMs">,
  roleArn: string,
  context: Context,
): Promise<void> {
  const use = createHash("sha256")
    .update(JSON.stringify([issuer, assertionId, roleArn]))
    .digest("base64url");
  if (await context.tx.get(usedAssertions, use)) throw assertionUsed();
  context.tx.put(usedAssertions, { use });
  context.at(goodUntilMs, FORGET_ASSERTION, use);
}

export const forgetAssertion: Job = async ({ tx }, use) => tx.delete(usedAssertions, use);
