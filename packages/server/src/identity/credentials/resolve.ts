/**
 * From an access key id to whose it is. `test` is the root user of the default account, twelve
 * digits are the root user of that account; everything else was issued here, by IAM or STS.
 */
import type { Clock } from "../../clock/clock.ts";
import { formatArn, parseAccountId, parseArn, partitionOf, type AccountId } from "../../kernel/arn.ts";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import { unsealSession, type IssuedSession } from "../../kernel/session-token.ts";
import { whenThere, type Soon } from "../../kernel/soon.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Sealer } from "../../store/sealer.ts";
import type { ClosedAccounts } from "../closed-accounts.ts";
import type { Directory } from "../directory.ts";
import type { AccountPrincipal, Root } from "../principal.ts";
import type { Claim } from "../sigv4/claim.ts";
import { expiredToken, invalidAccessKeyId, invalidToken, type AuthenticationError } from "../sigv4/errors.ts";
import type { Credential } from "./credential.ts";

export type { Credential } from "./credential.ts";

export interface CredentialOptions {
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly directory: Pick<Directory, "findAccessKey">;
  readonly closed: Pick<ClosedAccounts, "has">;
  /** Whose root `test` is. */
  readonly defaultAccount: AccountId;
  /** `test`, or what `KUMOBAKO_ROOT_SECRET` says. */
  readonly rootSecret: string;
  /** `permissive`: an unknown key is root of the default account, whatever its signature, and may assume roles. */
  readonly auth: "enforced" | "permissive";
}

/** Of root users, where nobody has said another. */
export const PUBLIC_ROOT_SECRET = "test";

/** The access key id of the default account's root user. */
const ROOT_KEY_ID = "test";

const ROOTS_MAX = 1000;

/** About 2 KB each. */
const SESSIONS_MAX = 2000;

type Session = IssuedSession<AccountPrincipal>;

export class CredentialResolver {
  readonly #options: CredentialOptions;
  /** By access key id. */
  readonly #roots = new BoundedCache<string, Credential>(ROOTS_MAX);
  /** By token. */
  readonly #sessions = new BoundedCache<string, Session>(SESSIONS_MAX);

  constructor(options: CredentialOptions) {
    this.#options = options;
  }

  /** @throws {AuthenticationError} where the key is unknown, inactive or expired, its token is not its own, or its account was closed. */
  resolve(claim: Claim, tx: Transaction): Soon<Credential> {
    return whenThere(this.#find(claim, tx), (credential) =>
      whenThere(this.#options.closed.has(credential.principal.account, tx), (isClosed) => {
        if (isClosed) throw closedTo(claim);
        return credential;
      }),
    );
  }

  #find(claim: Claim, tx: Transaction): Soon<Credential> {
    const { accessKeyId } = claim;
    if (accessKeyId.startsWith("ASIA")) return this.#temporary(claim);
    const account = accessKeyId === ROOT_KEY_ID ? this.#options.defaultAccount : parseAccountId(accessKeyId);
    if (account !== undefined) return inPartitionOf(claim, this.#root(account, accessKeyId));
    return this.#longTerm(claim, tx).then((credential) => inPartitionOf(claim, credential));
  }

  /** A session token beside is not looked at: tools that want one are given any. */
  #root(account: AccountId, accessKeyId: string): Credential {
    const kept = this.#roots.get(accessKeyId);
    if (kept !== undefined) return kept;
    const principal = rootUser(account, accessKeyId);
    const { rootSecret: secretAccessKey } = this.#options;
    const known = { type: "known", secretAccessKey, principal } as const;
    const credential: Credential = secretAccessKey === PUBLIC_ROOT_SECRET ? { ...known, isPublic: true } : known;
    this.#roots.set(accessKeyId, credential);
    return credential;
  }

  #temporary(claim: Claim): Credential {
    const { family, accessKeyId, sessionToken } = claim;
    if (sessionToken === undefined) return this.#unknown(claim);
    const session = this.#open(sessionToken);
    if (session === undefined) return this.#permittedOr(invalidToken(family, sessionToken));
    if (session.accessKeyId !== accessKeyId) throw invalidToken(family, sessionToken);
    const { secretAccessKey, principal } = session;
    const expiresAtMs = principal.session?.expiresAtMs ?? 0;
    if (expiresAtMs <= this.#options.clock.now()) throw expiredToken(family, sessionToken);
    if (isForIam(claim) && !mayCallIam(principal)) throw invalidToken(family, sessionToken);
    return { type: "known", secretAccessKey, principal };
  }

  async #longTerm(claim: Claim, tx: Transaction): Promise<Credential> {
    const record = await this.#options.directory.findAccessKey(claim.accessKeyId, tx);
    if (record === undefined) return this.#unknown(claim);
    if (record.status === "Inactive") throw invalidAccessKeyId(claim.family, claim.accessKeyId);
    if (claim.sessionToken !== undefined) throw invalidToken(claim.family, claim.sessionToken);
    return { type: "known", secretAccessKey: record.secretAccessKey, principal: record.owner };
  }

  #unknown({ family, accessKeyId }: Claim): Credential {
    return this.#permittedOr(invalidAccessKeyId(family, accessKeyId));
  }

  #permittedOr(refusal: AuthenticationError): Credential {
    const { auth, defaultAccount } = this.#options;
    if (auth === "enforced") throw refusal;
    return { type: "unchecked", principal: { ...rootUser(defaultAccount, ROOT_KEY_ID), unchecked: true } };
  }

  #open(token: string): Session | undefined {
    const known = this.#sessions.get(token);
    if (known !== undefined) return known;
    const session = unsealSession<AccountPrincipal>(this.#options.sealer, token);
    if (session !== undefined) this.#sessions.set(token, session);
    return session;
  }
}

/** Assumed: AWS documents that nobody gets in, not its words. */
const closedTo = ({ family, accessKeyId, sessionToken }: Claim): AuthenticationError =>
  sessionToken === undefined || !accessKeyId.startsWith("ASIA")
    ? invalidAccessKeyId(family, accessKeyId)
    : invalidToken(family, sessionToken);

const isForIam = (claim: Claim): boolean => claim.version === 4 && claim.scope.service === "iam";

/**
 * IAM does not know the keys of federated users, nor those of `GetSessionToken` without a second factor. Who signed in
 * to the console has it all.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 * Source: https://github.com/99designs/aws-vault/issues/15 (InvalidClientTokenId)
 */
function mayCallIam(principal: AccountPrincipal): boolean {
  if (principal.type === "role-session") return true;
  if (principal.type === "federated-user") return false;
  const ofAssumeRoot = (principal.session?.policyArns.length ?? 0) > 0;
  return ofAssumeRoot || principal.session?.mfaAtMs !== undefined || principal.session?.signedIn === true;
}

/** A long-term key does not say its partition; the region that it signs for does. */
function inPartitionOf(claim: Claim, credential: Credential): Credential {
  const partition = claim.version === 4 ? partitionOf(claim.scope.region) : "aws";
  if (partition === "aws") return credential;
  const { principal } = credential;
  const parts = parseArn(principal.arn);
  if (parts === undefined) return credential;
  return { ...credential, principal: { ...principal, arn: formatArn({ ...parts, partition }) } };
}

export function rootUser(account: AccountId, accessKeyId: string): Root {
  const arn = formatArn({ partition: "aws", service: "iam", region: "", account, resource: "root" });
  return { type: "root", account, arn, userId: account, accessKeyId };
}
