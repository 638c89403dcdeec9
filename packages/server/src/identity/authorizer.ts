import type { AccountId } from "../kernel/arn.ts";
import type { Transaction } from "../kernel/table.ts";
import type { Access } from "../service/access.ts";
import type { Context } from "../service/context.ts";
import { RequestKeys } from "./condition-keys.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { Directory, PrincipalPolicies } from "./directory.ts";
import { PolicyCompiler } from "./policy/compile.ts";
import type { AccountPrincipal, Principal } from "./principal.ts";

/** How many compiled policies are kept at the least. */
const POLICIES_KEPT = 5_000;

/** The caller's policies as one transaction sees them: a call that asks several questions reads them once. */
export interface KnownPolicies {
  policies?: Promise<PrincipalPolicies | undefined>;
}

interface Gathered {
  readonly access: Access;
  readonly context: Context;
  readonly owner: AccountId;
  readonly policies: PrincipalPolicies | undefined;
}

/** Answers questions of rights: gathers what a decision rests on, and has it decided. */
export class Authorizer {
  readonly #directory: Directory;
  readonly #compiler = new PolicyCompiler({ capacity: POLICIES_KEPT });
  constructor({ directory }: { readonly directory: Directory }) {
    this.#directory = directory;
  }

  async decide(access: Access, context: Context, known: KnownPolicies): Promise<Decision> {
    const { account, principal, tx } = context;
    const owner = access.owner ?? account;
    known.policies ??= this.#policiesOf(principal, tx);
    const policies = await known.policies;
    const resourceControls = await this.#directory.resourceControls(owner, tx);
    const keys = await this.#keysOf({ access, context, owner, policies });
    const { canonicalUser } = access;
    return decide({ principal, access, account, policies, resourceControls, keys, canonicalUser }, this.#compiler);
  }

  async #keysOf({ access, context, owner, policies }: Gathered): Promise<RequestKeys> {
    const { principal, region, request, tx } = context;
    const { sourceIp, userAgent, secureTransport, headers } = request;
    return new RequestKeys({
      principal,
      access,
      region,
      resourceAccount: owner,
      nowMs: context.now().getTime(),
      origin: { sourceIp, userAgent, secureTransport, referer: headers["referer"] },
      principalTags: policies?.tags,
      organization: hasAccount(principal) ? await this.#directory.organizationKeys(principal.account, tx) : undefined,
      resourceOrganization: await this.#directory.organizationKeys(owner, tx),
    });
  }

  #policiesOf(principal: Principal, tx: Transaction): Promise<PrincipalPolicies | undefined> {
    return hasAccount(principal) ? this.#directory.policiesOf(principal, tx) : Promise.resolve(undefined);
  }
}

const hasAccount = (principal: Principal): principal is AccountPrincipal =>
  principal.type !== "anonymous" && principal.type !== "service";
