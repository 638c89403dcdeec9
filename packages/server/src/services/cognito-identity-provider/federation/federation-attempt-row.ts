/** Sign-ins that an external provider was asked for, until it answers: for five minutes. */
import { createHash } from "node:crypto";
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { AppRequest } from "../hosted/request.ts";
import type { Provider } from "./identity-provider-row.ts";
import type { Vouched } from "./oidc-sign-in.ts";

export interface FederationAttempt {
  /** Of the text that goes to the provider and comes back: who reads the store answers nothing. */
  readonly digest: string;
  readonly poolId: string;
  readonly provider: string;
  /** What the app has asked of the pages. */
  readonly query: string;
  /** Of the browser's cookie. */
  readonly browser: string;
  readonly nonce: string;
  /** Where the provider was told to send the browser back to. */
  readonly redirectUri: string;
  readonly expiresMs: number;
  /** What the provider has said, sealed, where it came without the browser's cookie. */
  readonly answer?: string | undefined;
}

const attempts = table<FederationAttempt>("cognito-idp.federation-attempt", "global", ({ digest }) => [digest]);

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html */
const ANSWERED_WITHIN_MS = 5 * MINUTE_MS;

/** The job that forgets one that nobody has answered. */
export const FORGET_ATTEMPT = "forget-federation-attempt";

export const forgetAttempt = (digest: string, tx: Transaction): void => tx.delete(attempts, digest);

/** What the provider hands back, what the browser keeps, and what the provider's token has to say. */
interface AttemptSecrets {
  readonly state: string;
  readonly cookie: string;
  readonly nonce: string;
}

export function newAttempt(
  { pool, query }: AppRequest,
  { name }: Provider,
  redirectUri: string,
  context: Context,
): AttemptSecrets {
  const [state, cookie, nonce] = ["state", "cookie", "nonce"].map((about) => context.lasting(about, context.newId()));
  const secrets = { state: state ?? "", cookie: cookie ?? "", nonce: nonce ?? "" };
  const expiresMs = context.now().getTime() + ANSWERED_WITHIN_MS;
  const digest = digestOf(secrets.state);
  const asked = { poolId: pool.id, provider: name, query, redirectUri, expiresMs };
  context.tx.put(attempts, { ...asked, digest, browser: digestOf(secrets.cookie), nonce: secrets.nonce });
  context.at(expiresMs, FORGET_ATTEMPT, digest);
  return secrets;
}

/** The attempt that a text was made for, which is good once. */
export async function takeAttempt(state: string, context: Context): Promise<FederationAttempt | undefined> {
  const { tx } = context;
  const found = await tx.get(attempts, digestOf(state));
  if (found === undefined || found.expiresMs <= context.now().getTime()) return undefined;
  forgetAttempt(found.digest, tx);
  context.cancel(FORGET_ATTEMPT, found.digest);
  return found;
}

const PURPOSE = "cognito-idp federation";

/** Keeps what the provider has said until the browser comes with its cookie. */
export function keepAnswer(attempt: FederationAttempt, vouched: Vouched, context: Context): void {
  const { tx, keys } = context;
  tx.put(attempts, { ...attempt, answer: keys.seal(JSON.stringify(vouched), PURPOSE) });
  context.at(attempt.expiresMs, FORGET_ATTEMPT, attempt.digest);
}

export function keptAnswer({ answer = "" }: FederationAttempt, { keys }: Context): Vouched | undefined {
  const opened = keys.open(answer, PURPOSE);
  return opened && JSON.parse(Buffer.from(opened).toString("utf8"));
}

export const isOfBrowser = ({ browser }: FederationAttempt, cookie: string | undefined): boolean =>
  cookie !== undefined && digestOf(cookie) === browser;

const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url");
