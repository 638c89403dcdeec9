import type { AccountId } from "../kernel/arn.ts";
import type { Soon } from "../kernel/soon.ts";
import type { Transaction } from "../kernel/table.ts";
import type { Access } from "../service/access.ts";
import type { Context } from "../service/context.ts";
import { RequestKeys } from "./condition-keys.ts";
import type { ClosedAccounts } from "./closed-accounts.ts";
import { decide, denyClosed } from "./decide.ts";
import type { Directory, PrincipalPolicies } from "./directory.ts";
import type { Answer } from "./evidence.ts";
import type { CallingService, KeyFacts } from "./key-facts.ts";
import { organizationKeys, type OrganizationStanding } from "./organization.ts";
import { PolicyCompiler } from "./policy/compile.ts";
import type { AccountPrincipal, Principal } from "./principal.ts";

/** How many compiled policies are kept at the least. */
const POLICIES_KEPT = 5_000;

/** What one transaction has seen: a call that asks several questions reads it once. */
export interface KnownPolicies {
  policies?: Promise<PrincipalPolicies | undefined>;
}

interface Gathered {
  readonly access: Access;
  readonly context: Context;
  readonly owner: AccountId;
  readonly policies: PrincipalPolicies | undefined;
  /** The organization of the caller. */
  readonly ours: OrganizationStanding | undefined;
  /** The organization of the resource's owner. */
  readonly theirs: OrganizationStanding | undefined;
  readonly calling: CallingService | undefined;
}

/** Answers questions of rights: gathers what a decision rests on, and has it decided. */
export class Authorizer {
  readonly #directory: Directory;
  readonly #closed: ClosedAccounts;
  readonly #compiler = new PolicyCompiler({ capacity: POLICIES_KEPT });

  constructor({ directory, closed }: { readonly directory: Directory; readonly closed: ClosedAccounts }) {
    this.#directory = directory;
    this.#closed = closed;
  }

  async decide(access: Access, context: Context, known: KnownPolicies): Promise<Answer> {
    const { account, principal, tx } = context;
    const owner = access.owner ?? account;
    const policies = await (known.policies ??= this.#policiesOf(principal, tx));
    const isOwn = hasAccount(principal) && principal.account === owner;
    const theirs = await this.#directory.organizationOf(owner, tx);
    const ours = isOwn ? theirs : await this.#organizationOf(principal, tx);
    const calling = await this.#callingFrom(context);
    const facts = factsOf({ access, context, owner, policies, ours, theirs, calling });
    const resourceControls = theirs?.rcps;
    const { canonicalUser } = access;
    const keys = new RequestKeys(facts);
    const question = { principal, access, account, policies, resourceControls, keys, canonicalUser };
    // whoever calls from a closed account was not let in
    const isClosed = !isOwn && (await this.#closed.has(owner, tx));
    const made = isClosed ? denyClosed(access, owner) : decide(question, this.#compiler);
    const isStranger = !isOwn && made.decision === "deny" && !isOneOrganization(facts);
    const decision = isStranger ? { ...made, toStranger: true } : made;
    return { decision, facts, owner, policies, resourceControls };
  }

  /** With the organization of the account on whose behalf a service calls. */
  #callingFrom({ request: { calling }, tx }: Context): Soon<CallingService | undefined> {
    if (calling?.sourceAccount === undefined) return calling;
    const standing = this.#directory.organizationOf(calling.sourceAccount, tx);
    return standing.then((source) => ({ ...calling, sourceOrganization: organizationKeys(source) }));
  }

  #organizationOf(principal: Principal, tx: Transaction): Soon<OrganizationStanding | undefined> {
    return hasAccount(principal) ? this.#directory.organizationOf(principal.account, tx) : undefined;
  }

  #policiesOf(principal: Principal, tx: Transaction): Promise<PrincipalPolicies | undefined> {
    return hasAccount(principal) ? this.#directory.policiesOf(principal, tx) : Promise.resolve(undefined);
  }
}

function factsOf({ access, context, owner, policies, ours, theirs, calling }: Gathered): KeyFacts {
  const { sourceIp, userAgent, secureTransport, headers } = context.request;
  return {
    principal: context.principal,
    access,
    region: context.region,
    resourceAccount: owner,
    nowMs: context.now().getTime(),
    origin: {
      // a service's own address is nobody's to know
      ...(calling === undefined && { sourceIp }),
      userAgent,
      secureTransport,
      referer: headers["referer"],
    },
    calling,
    principalTags: policies?.tags,
    organization: organizationKeys(ours),
    resourceOrganization: organizationKeys(theirs),
  };
}

function isOneOrganization({ organization, resourceOrganization }: KeyFacts): boolean {
  const own = organization?.["aws:PrincipalOrgID"];
  return own !== undefined && own === resourceOrganization?.["aws:PrincipalOrgID"];
}

const hasAccount = (principal: Principal): principal is AccountPrincipal =>
  principal.type !== "anonymous" && principal.type !== "service";
