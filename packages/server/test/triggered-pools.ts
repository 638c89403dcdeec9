/** User pools whose triggers are a real function, which they may invoke. */
import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import type {
  CreateUserPoolClientRequest,
  CreateUserPoolRequest,
  LambdaConfigType,
} from "@aws-sdk/client-cognito-identity-provider";
import { functionWorld, type FunctionWorld } from "./functions.ts";
import { makePool } from "./user-pools.ts";

export const PASSWORD = "Correct-horse-1";
export const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:asked";

type PoolFacts = Partial<CreateUserPoolRequest> & { readonly client?: Partial<CreateUserPoolClientRequest> };

/** `body` is the function's, which is given `event`. */
export async function triggeredPool(triggers: readonly (keyof LambdaConfigType)[], body: string, more: PoolFacts = {}) {
  const world = await functionWorld();
  const Role = await world.role("asked-role", "cognito-idp:*");
  await world.create("asked", `export const handler = async (event) => { ${body} };`, { Role });
  const LambdaConfig = Object.fromEntries(triggers.map((trigger) => [trigger, FUNCTION]));
  const pool = await makePool({ AutoVerifiedAttributes: ["email"], LambdaConfig, ...more }, world.cloud);
  await letPoolIn(world, pool.poolId);
  return { ...world, ...pool };
}

/** Lets the pool invoke the function. */
export const letPoolIn = ({ lambda }: FunctionWorld, poolId: string) =>
  lambda.send(
    new AddPermissionCommand({
      FunctionName: "asked",
      StatementId: "pool",
      Action: "lambda:InvokeFunction",
      Principal: "cognito-idp.amazonaws.com",
      SourceAccount: "000000000000",
      SourceArn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${poolId}`,
    }),
  );
