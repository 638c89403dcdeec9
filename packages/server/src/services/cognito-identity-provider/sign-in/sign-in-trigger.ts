/**
 * What functions say to a sign-in, before it and at its end. Sources:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html,
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
 */
import type { Context } from "../../../service/context.ts";
import type { ClientInPool } from "../client/client-row.ts";
import { askTrigger, attributesOfUser, saidOfExistence, saidToFunctions, type Metadata } from "../trigger.ts";
import type { User } from "../user/user-row.ts";

interface Beginning extends ClientInPool {
  /** `undefined`: there is none, which the client does not tell. */
  readonly user: User | undefined;
  /** The name that was typed in. */
  readonly typed: string;
  readonly validation?: Metadata | undefined;
}

/** @throws {AwsError} what the function refuses with */
export function askBefore({ pool, client, user, typed, validation }: Beginning, context: Context): void {
  const request = {
    userAttributes: user === undefined ? {} : attributesOfUser(user),
    validationData: validation ?? null,
    ...saidOfExistence(client, user),
  };
  const asked = { trigger: "PreAuthentication", source: "Authentication", pool, clientId: client.id } as const;
  askTrigger({ ...asked, userName: user?.username ?? typed, request, response: {} }, context);
}

interface Ending extends ClientInPool {
  readonly user: User;
  readonly metadata?: Metadata | undefined;
  /** The device was not known. */
  readonly newDeviceUsed: boolean;
}

/** @throws {AwsError} what the function refuses with */
export function askAfter({ pool, client, user, metadata, newDeviceUsed }: Ending, context: Context): void {
  const request = { userAttributes: attributesOfUser(user), newDeviceUsed, ...saidToFunctions(metadata) };
  const asked = { trigger: "PostAuthentication", source: "Authentication", pool, clientId: client.id } as const;
  askTrigger({ ...asked, userName: user.username, request, response: {} }, context);
}
