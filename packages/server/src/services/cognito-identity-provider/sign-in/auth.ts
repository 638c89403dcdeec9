/** The beginnings of sign-ins, by flow. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html */
import type { AuthFlowType, ExplicitAuthFlowsType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import {
  allowsFlow,
  hidesUsers,
  requireClient,
  requireClientOf,
  requireSecretHash,
  fitsSecretHash,
  type ClientInPool,
} from "../client/client-row.ts";
import { customAuthUnset, flowNotSupported, invalidParameter, invalidSession } from "../errors.ts";
import { passkeysOf } from "../factor/passkey-row.ts";
import { nobodyAsked, operation } from "../kit.ts";
import { onPool, requirePool } from "../pool/pool-row.ts";
import { requireUnblocked } from "../protection/risk-row.ts";
import { refreshTokens } from "../token/refresh.ts";
import { hasTrigger, type Metadata } from "../trigger.ts";
import { findUser, type User } from "../user/user-row.ts";
import { answer } from "./answer.ts";
import { challengedUser, dropChallenge, requireChallenge } from "./challenge-row.ts";
import { begin as beginCustom } from "./custom-challenge.ts";
import { askPasskey } from "./passkey-sign-in.ts";
import { authenticatePassword, requireStanding, unknownUser } from "./password-sign-in.ts";
import { askBefore } from "./sign-in-trigger.ts";
import { ask, askCode, firstFactors, formatTokens, proceed, type Step } from "./sign-in.ts";
import { requireResponse, startSrp, type Responses } from "./srp-sign-in.ts";

interface Start extends ClientInPool {
  readonly session: string | undefined;
  readonly parameters: Responses;
  /** What the app says for functions that are asked before the sign-in. */
  readonly validation: Metadata | undefined;
}

interface Flow {
  /** What the client has to allow. */
  readonly needs: ExplicitAuthFlowsType;
  /** Who may begin it: everybody, administrators, or either. */
  readonly by: "users" | "admins" | "both";
  /** What is said where the client does not allow it. */
  readonly refusal: string;
  readonly start: (start: Start, context: Context) => Promise<Step>;
}

const password: Omit<Flow, "needs" | "by" | "refusal"> = { start: startPassword };
const refresh: Flow = {
  needs: "ALLOW_REFRESH_TOKEN_AUTH",
  by: "both",
  refusal: "Auth flow not enabled for this client",
  start: startRefresh,
};
const adminPassword: Flow = {
  ...password,
  needs: "ALLOW_ADMIN_USER_PASSWORD_AUTH",
  by: "admins",
  refusal: "Auth flow not enabled for this client",
};

const FLOWS: Readonly<Record<AuthFlowType, Flow>> = {
  USER_SRP_AUTH: {
    needs: "ALLOW_USER_SRP_AUTH",
    by: "both",
    refusal: "USER_SRP_AUTH is not enabled for the client.",
    start: startSrpFlow,
  },
  USER_PASSWORD_AUTH: {
    ...password,
    needs: "ALLOW_USER_PASSWORD_AUTH",
    by: "users",
    refusal: "USER_PASSWORD_AUTH flow not enabled for this client",
  },
  ADMIN_USER_PASSWORD_AUTH: adminPassword,
  ADMIN_NO_SRP_AUTH: adminPassword,
  REFRESH_TOKEN: refresh,
  REFRESH_TOKEN_AUTH: refresh,
  CUSTOM_AUTH: {
    needs: "ALLOW_CUSTOM_AUTH",
    by: "both",
    refusal: "CUSTOM_AUTH is not enabled for the client.",
    start: startCustom,
  },
  USER_AUTH: {
    needs: "ALLOW_USER_AUTH",
    by: "both",
    refusal: "USER_AUTH is not enabled for the client.",
    start: startChoice,
  },
};

type By = Exclude<Flow["by"], "both">;

/** @throws {AwsError} `InvalidParameterException`, and what the flow throws */
function begin(name: AuthFlowType, start: Start, by: By, context: Context): Promise<Step> {
  const flow = FLOWS[name];
  if (flow.by !== "both" && flow.by !== by) throw flowNotSupported();
  if (!allowsFlow(start.client, flow.needs)) throw invalidParameter(flow.refusal);
  return flow.start(start, context);
}

export const initiateAuth = operation("InitiateAuth", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ ClientId, AuthFlow, AuthParameters: parameters = {}, ...asked }, context) {
    const { Session: session, ClientMetadata: validation, UserContextData: said } = asked;
    const at = await requireClient(ClientId, context);
    await requireUnblocked(at, { type: "SignIn", name: parameters["USERNAME"], said }, context);
    return begin(AuthFlow, { ...at, parameters, session, validation }, "users", context);
  },
});

export const adminInitiateAuth = operation("AdminInitiateAuth", {
  authorize: onPool("AdminInitiateAuth"),

  async handle({ UserPoolId, ClientId, AuthFlow, AuthParameters: parameters = {}, ...asked }, context) {
    const { Session: session, ContextData, ClientMetadata: validation } = asked;
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    await requireUnblockedUser({ pool, client }, parameters, ContextData, context);
    return begin(AuthFlow, { pool, client, parameters, session, validation }, "admins", context);
  },
});

/** Where an administrator says where a user comes from. @throws {AwsError} `NotAuthorizedException` */
async function requireUnblockedUser(
  at: ClientInPool,
  { USERNAME: name }: Responses,
  said: { readonly IpAddress: string } | undefined,
  context: Context,
): Promise<void> {
  if (said === undefined) return;
  await requireUnblocked(at, { type: "SignIn", name, address: said.IpAddress }, context);
}

export const respondToAuthChallenge = operation("RespondToAuthChallenge", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ ClientId, ChallengeName: name, ChallengeResponses: responses = {}, ...asked }, context) {
    const { Session: session, ClientMetadata: metadata, UserContextData: said } = asked;
    const at = await requireClient(ClientId, context);
    await requireUnblocked(at, { type: "SignIn", name: responses["USERNAME"], said }, context);
    return answer({ ...at, name, session, responses, metadata }, context);
  },
});

export const adminRespondToAuthChallenge = operation("AdminRespondToAuthChallenge", {
  authorize: onPool("AdminRespondToAuthChallenge"),

  async handle({ UserPoolId, ClientId, ChallengeName: name, ChallengeResponses: responses = {}, ...asked }, context) {
    const { Session: session, ClientMetadata: metadata, ContextData } = asked;
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    await requireUnblockedUser({ pool, client }, responses, ContextData, context);
    return answer({ pool, client, name, session, responses, metadata }, context);
  },
});

/** The name that was typed in, its secret hash checked. */
function requireUsername({ client, parameters }: Start, context: Context): string {
  const username = requireResponse(parameters, "USERNAME");
  requireSecretHash(client, { username, secretHash: parameters["SECRET_HASH"] }, context);
  return username;
}

async function startPassword(start: Start, context: Context): Promise<Step> {
  const username = requireUsername(start, context);
  const typedPassword = requireResponse(start.parameters, "PASSWORD");
  const user = await authenticatePassword({ ...start, username, password: typedPassword }, context);
  return proceed(entrantOf(start, user, username), context);
}

const entrantOf = <Who extends User | undefined>({ pool, client, parameters }: Start, user: Who, typed: string) => ({
  pool,
  client,
  user,
  typed,
  deviceKey: parameters["DEVICE_KEY"],
});

async function startSrpFlow(start: Start, context: Context): Promise<Step> {
  const typed = requireUsername(start, context);
  const srpA = requireResponse(start.parameters, "SRP_A");
  return startSrp({ ...start, typed, srpA, deviceKey: start.parameters["DEVICE_KEY"] }, context);
}

/** The secret hash is made with the name of the user whose token it is. */
async function startRefresh(start: Start, context: Context): Promise<Step> {
  const token = requireResponse(start.parameters, "REFRESH_TOKEN");
  const deviceKey = start.parameters["DEVICE_KEY"];
  const { user, tokens } = await refreshTokens(start, { token, deviceKey }, context);
  requireRefreshHash(start, user, context);
  return { AuthenticationResult: formatTokens(tokens), ChallengeParameters: {} };
}

function requireRefreshHash({ client, parameters }: Start, user: User, context: Context): void {
  const secretHash = parameters["SECRET_HASH"];
  const names = [user.username, user.sub, parameters["USERNAME"]].filter((name) => name !== undefined);
  const username = names.find((name) => fitsSecretHash(client, { username: name, secretHash }, context));
  requireSecretHash(client, { username: username ?? user.username, secretHash }, context);
}

/** Triggers ask and judge the questions of this flow: without them there are none. */
async function startCustom(start: Start, context: Context): Promise<Step> {
  const typed = requireUsername(start, context);
  if (!hasTrigger(start.pool, "DefineAuthChallenge")) throw customAuthUnset();
  const user = await findUser(start.pool, typed, context.tx);
  if (!user && !hidesUsers(start.client)) throw unknownUser(start);
  askBefore({ ...start, user, typed }, context);
  if (user) requireStanding(user, context);
  return beginCustom(entrantOf(start, user, typed), start.parameters["SRP_A"], context);
}

/** The user chooses what to begin with, or names it at once. */
async function startChoice(start: Start, context: Context): Promise<Step> {
  const typed = requireUsername(start, context);
  if (start.session !== undefined) return continueSession(start, start.session, context);
  const { PREFERRED_CHALLENGE: preferred } = start.parameters;
  if (preferred === "PASSWORD" && start.parameters["PASSWORD"] !== undefined) return startPassword(start, context);
  if (preferred === "PASSWORD_SRP" && start.parameters["SRP_A"] !== undefined) return startSrpFlow(start, context);
  const user = await findUser(start.pool, typed, context.tx);
  if (!user) throw unknownUser(start);
  askBefore({ ...start, user, typed }, context);
  const known = await passkeysOf(user, context.tx);
  const available = firstFactors(start.pool, user, known.length > 0);
  const entrant = entrantOf(start, user, typed);
  const chosen = available.find((name) => name === preferred);
  if (chosen === "EMAIL_OTP" || chosen === "SMS_OTP") return askCode(entrant, chosen, context);
  if (chosen === "WEB_AUTHN") return askPasskey(entrant, context);
  const name = chosen === "PASSWORD" ? "PASSWORD" : "SELECT_CHALLENGE";
  return { ...ask(entrant, { name }, {}, context), AvailableChallenges: available };
}

/** Who was confirmed a moment ago is let in by that. */
async function continueSession(start: Start, session: string, context: Context): Promise<Step> {
  const challenge = await requireChallenge(session, context);
  const user = await challengedUser(challenge, context.tx);
  const isTheirs = challenge.clientId === start.client.id && challenge.typed === start.parameters["USERNAME"];
  if (!user || !isTheirs || challenge.verified !== true || challenge.name !== "SELECT_CHALLENGE")
    throw invalidSession();
  dropChallenge(challenge, context);
  requireStanding(user, context);
  return proceed({ ...entrantOf(start, user, challenge.typed), factored: true }, context);
}
