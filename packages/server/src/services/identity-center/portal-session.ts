/** A user's session with the access portal, and the tokens that clients get of it. All end when it ends. */
import { assert } from "../../kernel/assert.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { findInstance, type Instance } from "./instance-row.ts";
import { findUser, type User } from "./user-row.ts";

export interface PortalSession {
  readonly id: string;
  readonly instanceId: string;
  readonly userId: string;
  readonly expiresAtMs: number;
}

const sessions = table<PortalSession>("sso.session", "global", ({ id }) => [id]);

/** Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/configure-user-session.html (8 hours where nothing else is set) */
const SESSION_MS = 8 * 3_600_000;

export const FORGET_SESSION = "forget-session";

/** A new session; `context` is of the service that forgets it. */
export function beginSession({ id: instanceId }: Instance, { id: userId }: User, context: Context): PortalSession {
  const expiresAtMs = context.now().getTime() + SESSION_MS;
  const session = { id: context.newId(), instanceId, userId, expiresAtMs };
  context.tx.put(sessions, session);
  context.at(expiresAtMs, FORGET_SESSION, session.id);
  return session;
}

export const endSession = ({ tx }: Pick<Context, "tx">, id: string): void => tx.delete(sessions, id);

/** Who is signed in, and to what. */
export interface SignedIn {
  readonly session: PortalSession;
  readonly instance: Instance;
  readonly user: User;
}

/** `undefined` where the session has ended, or its user is gone. */
export async function findSignedIn(id: string, context: Context): Promise<SignedIn | undefined> {
  const { tx } = context;
  const session = await tx.get(sessions, id);
  if (!session || session.expiresAtMs <= context.now().getTime()) return undefined;
  const instance = await findInstance(session.instanceId, tx);
  const user = instance && (await findUser(instance.storeId, session.userId, tx));
  return instance && user ? { session, instance, user } : undefined;
}

/** What a token says; sealed, so that nothing of it has to be kept. */
export interface TokenFacts {
  readonly kind: "access" | "refresh";
  readonly sessionId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

const PURPOSE = "sso.token";

/** How tokens of AWS begin. Source: https://github.com/aws/aws-cli/issues/7340 and its like */
const PREFIXES = { access: "aoa", refresh: "aor" } as const;

export const sealToken = (facts: TokenFacts, { keys }: Pick<Context, "keys">): string =>
  PREFIXES[facts.kind] + keys.seal(JSON.stringify(facts), PURPOSE);

/** `undefined` where the text is no such token, or one that has expired. */
export function openToken(kind: TokenFacts["kind"], text: string, context: Context): TokenFacts | undefined {
  if (!text.startsWith(PREFIXES[kind])) return undefined;
  const opened = context.keys.open(text.slice(PREFIXES[kind].length), PURPOSE);
  if (opened === undefined) return undefined;
  const facts = readFacts(JSON.parse(Buffer.from(opened).toString("utf8")));
  return facts.kind === kind && facts.expiresAtMs > context.now().getTime() ? facts : undefined;
}

function readFacts(value: unknown): TokenFacts {
  assert(isFacts(value), "what was sealed here is a token");
  return value;
}

const isFacts = (value: unknown): value is TokenFacts =>
  typeof value === "object" && value !== null && "kind" in value && "sessionId" in value && "expiresAtMs" in value;
