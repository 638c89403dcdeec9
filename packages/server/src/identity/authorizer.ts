import type { AccountId } from "../kernel/arn.ts";
import type { Transaction } from "../kernel/table.ts";
import type { Access } from "../service/access.ts";
import type { Context } from "../service/context.ts";
import { RequestKeys } from "./condition-keys.ts";
import { decide } from "./decide.ts";
import type { Directory, PolicyLevel, PrincipalPolicies } from "./directory.ts";
import type { Answer } from "./evidence.ts";
import type { KeyFacts, OrganizationKeys } from "./key-facts.ts";
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
  readonly principal: Principal;
  readonly owner: AccountId;
  readonly policies: PrincipalPolicies | undefined;
  /** The organization of the caller. */
  readonly ours: OrganizationSide | undefined;
  /** The organization of the resource's owner. */
  readonly theirs: OrganizationSide;
}

/** Whose rights are asked about, and the call in which they are. */
interface Asking {
  readonly asker: Principal;
  readonly context: Context;
}

/** Answers questions of rights: gathers what a decision rests on, and has it decided. */
export class Authorizer {
  readonly #directory: Directory;
  readonly #compiler = new PolicyCompiler({ capacity: POLICIES_KEPT });
  constructor({ directory }: { readonly directory: Directory }) {
    this.#directory = directory;
  }

  async decide(access: Access, { asker: principal, context }: Asking, known: KnownPolicies): Promise<Answer> {
    const { account, tx } = context;
    const owner = access.owner ?? account;
    const policies = await (known.policies ??= this.#policiesOf(principal, tx));
    const theirs = await this.#organizationSide(owner, tx, known);
    const ours = hasAccount(principal) ? await this.#organizationSide(principal.account, tx, known) : undefined;
    const facts = factsOf({ access, context, principal, owner, policies, ours, theirs });
    const { controls: resourceControls } = theirs;
    const { canonicalUser } = access;
    const keys = new RequestKeys(facts);
    const question = { principal, access, account, policies, resourceControls, keys, canonicalUser };
    return { decision: decide(question, this.#compiler), facts, owner, policies, resourceControls };
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

function factsOf({ access, context, principal, owner, policies, ours, theirs }: Gathered): KeyFacts {
  const { sourceIp, userAgent, secureTransport, headers, calling } = context.request;
  return {
    principal,
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

const hasAccount = (principal: Principal): principal is AccountPrincipal =>
  principal.type !== "anonymous" && principal.type !== "service";
