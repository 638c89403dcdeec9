import type { AccountId } from "../kernel/arn.ts";
import type { Transaction } from "../kernel/table.ts";
import type { Access } from "../service/access.ts";
import type { Context } from "../service/context.ts";
import { RequestKeys } from "./condition-keys.ts";
import type { ClosedAccounts } from "./closed-accounts.ts";
import { decide, denyClosed } from "./decide.ts";
import type { Directory, PolicyLevel, PrincipalPolicies } from "./directory.ts";
import type { Answer } from "./evidence.ts";
import type { CallingService, KeyFacts, OrganizationKeys } from "./key-facts.ts";
import { PolicyCompiler } from "./policy/compile.ts";
import type { AccountPrincipal, Principal } from "./principal.ts";

/** How many compiled policies are kept at the least. */
const POLICIES_KEPT = 5_000;

/** What one transaction has seen: a call that asks several questions reads it once. */
export interface KnownPolicies {
  policies?: Promise<PrincipalPolicies | undefined>;
  organizations?: Map<AccountId, Promise<OrganizationSide>>;
}

/** What the organization of an account adds to a decision. */
interface OrganizationSide {
  readonly controls: readonly PolicyLevel[] | undefined;
  readonly keys: OrganizationKeys;
}

interface Gathered {
  readonly access: Access;
  readonly context: Context;
  readonly owner: AccountId;
  readonly policies: PrincipalPolicies | undefined;
  /** The organization of the caller. */
  readonly ours: OrganizationSide | undefined;
  /** The organization of the resource's owner. */
  readonly theirs: OrganizationSide;
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
    const theirs = await this.#organizationSide(owner, tx, known);
    const ours = hasAccount(principal) ? await this.#organizationSide(principal.account, tx, known) : undefined;
    const calling = await this.#callingFrom(context, known);
    const facts = factsOf({ access, context, owner, policies, ours, theirs, calling });
    const { controls: resourceControls } = theirs;
    const { canonicalUser } = access;
    const keys = new RequestKeys(facts);
    const question = { principal, access, account, policies, resourceControls, keys, canonicalUser };
    // whoever calls from a closed account was not let in
    const isOwn = hasAccount(principal) && principal.account === owner;
    const isClosed = !isOwn && (await this.#closed.has(owner, tx));
    const made = isClosed ? denyClosed(access, owner) : decide(question, this.#compiler);
    const isStranger = !isOwn && made.decision === "deny" && !isOneOrganization(facts);
    const decision = isStranger ? { ...made, toStranger: true } : made;
    return { decision, facts, owner, policies, resourceControls };
  }

  /** With the organization of the account on whose behalf a service calls. */
  async #callingFrom({ request: { calling }, tx }: Context, known: KnownPolicies): Promise<CallingService | undefined> {
    if (calling?.sourceAccount === undefined) return calling;
    const { keys } = await this.#organizationSide(calling.sourceAccount, tx, known);
    return { ...calling, sourceOrganization: keys };
  }

  #organizationSide(account: AccountId, tx: Transaction, known: KnownPolicies): Promise<OrganizationSide> {
    known.organizations ??= new Map();
    let side = known.organizations.get(account);
    if (side === undefined) known.organizations.set(account, (side = this.#findOrganizationSide(account, tx)));
    return side;
  }

  async #findOrganizationSide(account: AccountId, tx: Transaction): Promise<OrganizationSide> {
    const controls = await this.#directory.resourceControls(account, tx);
    return { controls, keys: await this.#directory.organizationKeys(account, tx) };
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
    organization: ours?.keys,
    resourceOrganization: theirs.keys,
  };
}

function isOneOrganization({ organization, resourceOrganization }: KeyFacts): boolean {
  const own = organization?.["aws:PrincipalOrgID"];
  return own !== undefined && own === resourceOrganization?.["aws:PrincipalOrgID"];
}

const hasAccount = (principal: Principal): principal is AccountPrincipal =>
  principal.type !== "anonymous" && principal.type !== "service";
