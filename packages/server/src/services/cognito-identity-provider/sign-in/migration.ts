/**
 * Users whom a function knows from elsewhere: they come into the pool when they first sign in, or have forgotten something.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
 */
import { MarkingRefusal } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { ClientInPool } from "../client/client-row.ts";
import { resetRequired, userExists } from "../errors.ts";
import { membersIn, textIn, textsIn, truthIn } from "../json-document.ts";
import { sendInvitation } from "../message/message.ts";
import { askTrigger, saidToFunctions, type Metadata } from "../trigger.ts";
import { requireConforming } from "../user/attribute.ts";
import { newUser } from "../user/new-user.ts";
import { withBroughtPassword } from "../user/password.ts";
import { putUser, type User } from "../user/user-row.ts";
import { ADDRESSES } from "../user/verification.ts";

interface Unknown extends ClientInPool {
  readonly source: "Authentication" | "ForgotPassword";
  /** The name that was typed in. */
  readonly typed: string;
  /** Of a sign-in. */
  readonly password?: string;
  readonly validation?: Metadata | undefined;
  readonly metadata?: Metadata | undefined;
}

/** The user as the function knows them, put; `undefined` where nobody does. */
export async function migrate(unknown: Unknown, context: Context): Promise<User | undefined> {
  const { pool, password } = unknown;
  const said = ask(unknown, context);
  const given = membersIn(said, "userAttributes");
  if (given === undefined) return undefined;
  const { username: name = unknown.typed, ...attributes } = Object.fromEntries(
    Object.entries(given).map(([attribute, value]) => [attribute, String(value)]),
  );
  requireConforming(pool, attributes);
  const status = textIn(said, "finalUserStatus") === "RESET_REQUIRED" ? "RESET_REQUIRED" : "CONFIRMED";
  const begun = await newUser(pool, { name, attributes, status, taken: userExists }, context);
  const user = password === undefined ? begun : withBroughtPassword(pool, begun, password, context);
  await putUser(pool, user, context.tx, truthIn(said, "forceAliasCreation") ? "take" : "refuse");
  if (password !== undefined && textIn(said, "messageAction") !== "SUPPRESS")
    await welcome({ ...unknown, user, password, said }, context);
  return user;
}

function ask({ pool, client, source, typed, ...told }: Unknown, context: Context): unknown {
  const request = {
    password: told.password ?? null,
    validationData: told.validation ?? null,
    ...saidToFunctions(told.metadata),
  };
  const response = {
    userAttributes: null,
    forceAliasCreation: null,
    enableSMSMFA: null,
    finalUserStatus: null,
    messageAction: null,
    desiredDeliveryMediums: null,
  };
  const asked = { trigger: "UserMigration", source, pool, clientId: client.id, request, response } as const;
  return askTrigger({ ...asked, userName: typed }, context);
}

interface Welcome extends Unknown {
  readonly user: User;
  readonly password: string;
  readonly said: unknown;
}

/** By SMS where the function says nothing else. */
async function welcome({ pool, user, password, said, metadata }: Welcome, context: Context): Promise<void> {
  const asked = textsIn(said, "desiredDeliveryMediums");
  const mediums = asked.length > 0 ? asked : ["SMS"];
  for (const attribute of ADDRESSES) {
    const address = user.attributes[attribute];
    if (address === undefined || !mediums.includes(attribute === "email" ? "EMAIL" : "SMS")) continue;
    const addressee = { pool, user, source: "AdminCreateUser", metadata } as const;
    await sendInvitation(addressee, { attribute, address, password }, context);
  }
}

/** They are in the pool, whether or not they get in. */
export function requireSettled(user: User): User {
  if (user.status === "RESET_REQUIRED") throw new MarkingRefusal(resetRequired());
  return user;
}
