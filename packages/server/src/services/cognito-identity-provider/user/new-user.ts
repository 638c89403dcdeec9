/** Users as they begin, whoever makes them. */
import type { UserStatusType } from "@aws-sdk/client-cognito-identity-provider";
import type { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { attributeTaken } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import { namingOf } from "./user-name.ts";
import { findUser, firstGeneration, fold, users, type Attributes, type User } from "./user-row.ts";

interface Asked {
  readonly name: string;
  readonly attributes: Attributes;
  readonly status: UserStatusType;
  /** What is said where the name is taken. */
  readonly taken: () => AwsError;
}

/**
 * A user who is not yet put.
 * @throws {AwsError} `InvalidParameterException`, `UsernameExistsException`
 */
export async function newUser(pool: Pool, asked: Asked, context: Context): Promise<User> {
  const naming = namingOf(pool, asked.name);
  const attributes = { ...naming.attributes, ...asked.attributes };
  const sub = context.lasting(`the sub of ${asked.name}`, context.newId());
  const username = naming.username ?? sub;
  const key = fold(pool, username);
  if (await context.tx.get(users, pool.id, key)) throw asked.taken();
  const [attribute] = Object.keys(naming.attributes);
  if (attribute !== undefined && (await findUser(pool, asked.name, context.tx))) throw attributeTaken(attribute);
  const nowMs = context.now().getTime();
  return {
    poolId: pool.id,
    key,
    username,
    sub,
    status: asked.status,
    enabled: true,
    attributes,
    factors: [],
    generation: firstGeneration(sub),
    createdMs: nowMs,
    changedMs: nowMs,
  };
}
