/**
 * Lambda triggers: the one place where a pool would call a function. While there are no functions, a sign-in that
 * would have to ask one fails as it does where the function is gone: a trigger is never passed over.
 */
import type { LambdaConfigType } from "@aws-sdk/client-cognito-identity-provider";
import { triggerFailed } from "./errors.ts";
import type { Pool } from "./pool-row.ts";

type Trigger = Exclude<keyof LambdaConfigType, "KMSKeyID" | "PreTokenGenerationConfig">;

/** Whether the pool has a function for this. */
export function hasTrigger({ settings }: Pool, trigger: Trigger): boolean {
  const { LambdaConfig: config = {} } = settings;
  return (
    config[trigger] !== undefined || (trigger === "PreTokenGeneration" && config.PreTokenGenerationConfig !== undefined)
  );
}

/** @throws {AwsError} `UnexpectedLambdaException` where the pool has a function for this. */
export function runTrigger(pool: Pool, trigger: Trigger): void {
  if (hasTrigger(pool, trigger)) throw triggerFailed(trigger);
}
