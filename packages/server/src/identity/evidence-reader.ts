/** From what records keep of decisions back to the questions themselves. */
import { BoundedCache } from "../kernel/bounded-cache.ts";
import type { Access } from "../service/access.ts";
import { RequestKeys } from "./condition-keys.ts";
import type { Question } from "./decide.ts";
import type { NamedPolicy, PolicyLevel, PrincipalPolicies } from "./directory.ts";
import type { KeptCall, KeptCaller, KeptLevel, KeptOwner, KeptPolicy, KeptQuestion, TextName } from "./evidence.ts";
import type { OrganizationKeys } from "./key-facts.ts";
import type { Principal } from "./principal.ts";

/** What the reader needs of a record. */
export interface KeptRecord {
  readonly region: string;
  readonly userAgent?: string | undefined;
  readonly questions: readonly KeptQuestion[];
  readonly evidence?: KeptCall | undefined;
}

/** A question as it was put. */
export interface ReadQuestion extends Question {
  /** What the caller's account was in. */
  readonly organization: OrganizationKeys | undefined;
  /** What the resource's account was in. */
  readonly resourceOrganization: OrganizationKeys;
}

interface Caller {
  readonly principal: Principal;
  readonly organization: OrganizationKeys | undefined;
  readonly policies: PrincipalPolicies | undefined;
}

interface Owner {
  readonly organization: OrganizationKeys;
  readonly rcps: readonly PolicyLevel[] | undefined;
}

const NO_OWNER: Owner = { organization: {}, rcps: undefined };

/** How many callers, and how many texts, are remembered at the least. */
const REMEMBERED_MAX = 2000;

/** A text that records speak of is gone. */
class TextLost extends Error {}

export class EvidenceReader {
  readonly #find: (name: TextName, atMs: number) => Promise<string | undefined>;
  readonly #texts = new BoundedCache<TextName, string>(REMEMBERED_MAX);
  readonly #callers = new BoundedCache<TextName, Caller>(REMEMBERED_MAX);
  readonly #owners = new BoundedCache<TextName, Owner>(REMEMBERED_MAX);

  /** `find` gives a text of the day of `atMs`. */
  constructor(find: (name: TextName, atMs: number) => Promise<string | undefined>) {
    this.#find = find;
  }

  /** The questions of a call, in order; `undefined` where a text of theirs is lost. */
  async read({ questions, evidence, ...facts }: KeptRecord): Promise<readonly ReadQuestion[] | undefined> {
    if (evidence === undefined) return [];
    try {
      const { nowMs } = evidence;
      const caller = this.#callers.get(evidence.caller) ?? (await this.#readCaller(evidence.caller, nowMs));
      const endpointPolicy = evidence.endpointPolicy && (await this.#policy(evidence.endpointPolicy, nowMs));
      const read: ReadQuestion[] = [];
      for (const question of questions) {
        const owner = this.#ownerAtHand(question) ?? (await this.#readOwner(question.owner ?? "", nowMs));
        const resourcePolicy = this.#policyAtHand(question) ?? (await this.#resourcePolicy(question, nowMs));
        read.push({ ...questionOf({ question, evidence, caller, owner, resourcePolicy, ...facts }), endpointPolicy });
      }
      return read;
    } catch (error) {
      if (error instanceof TextLost) return undefined;
      throw error;
    }
  }

  #ownerAtHand({ owner }: KeptQuestion): Owner | undefined {
    return owner === undefined ? NO_OWNER : this.#owners.get(owner);
  }

  #policyAtHand({ access: { resourcePolicy } }: KeptQuestion): NamedPolicy | undefined {
    const document = resourcePolicy && this.#texts.get(resourcePolicy.text);
    return document === undefined ? undefined : { name: resourcePolicy?.name ?? "", document };
  }

  async #resourcePolicy({ access }: KeptQuestion, atMs: number): Promise<NamedPolicy | undefined> {
    const { resourcePolicy } = access;
    return resourcePolicy && this.#policy([resourcePolicy.name, resourcePolicy.text], atMs);
  }

  async #readCaller(name: TextName, atMs: number): Promise<Caller> {
    const kept: KeptCaller = JSON.parse(await this.#text(name, atMs));
    const { principal, organization, policies } = kept;
    const caller = { principal, organization, policies: policies && (await this.#policies(policies, atMs)) };
    this.#callers.set(name, caller);
    return caller;
  }

  async #readOwner(name: TextName, atMs: number): Promise<Owner> {
    const { organization, rcps }: KeptOwner = JSON.parse(await this.#text(name, atMs));
    const owner = { organization, rcps: rcps === undefined ? undefined : await this.#levels(rcps, atMs) };
    this.#owners.set(name, owner);
    return owner;
  }

  async #policies(
    { identity, boundary, session, scps, tags }: NonNullable<KeptCaller["policies"]>,
    atMs: number,
  ): Promise<PrincipalPolicies> {
    return {
      identity: await this.#list(identity, atMs),
      boundary: boundary && (await this.#policy(boundary, atMs)),
      session: session && (await this.#list(session, atMs)),
      scps: scps === undefined ? undefined : await this.#levels(scps, atMs),
      tags,
    };
  }

  async #levels(name: TextName, atMs: number): Promise<readonly PolicyLevel[]> {
    const kept: readonly KeptLevel[] = JSON.parse(await this.#text(name, atMs));
    return Promise.all(
      kept.map(async ({ level, policies }) => ({ level, policies: await this.#list(policies, atMs) })),
    );
  }

  #list(policies: readonly KeptPolicy[], atMs: number): Promise<readonly NamedPolicy[]> {
    return Promise.all(policies.map((policy) => this.#policy(policy, atMs)));
  }

  async #policy([name, text]: KeptPolicy, atMs: number): Promise<NamedPolicy> {
    return { name, document: await this.#text(text, atMs) };
  }

  /** @throws {TextLost} */
  async #text(name: TextName, atMs: number): Promise<string> {
    const known = this.#texts.get(name);
    if (known !== undefined) return known;
    const text = await this.#find(name, atMs);
    if (text === undefined) throw new TextLost();
    this.#texts.set(name, text);
    return text;
  }
}

interface Parts extends Pick<KeptRecord, "region" | "userAgent"> {
  readonly question: KeptQuestion;
  readonly evidence: KeptCall;
  readonly caller: Caller;
  readonly owner: Owner;
  readonly resourcePolicy: NamedPolicy | undefined;
}

function questionOf({ question, evidence, caller, owner, resourcePolicy, region, userAgent }: Parts): ReadQuestion {
  const { principal, organization, policies } = caller;
  const access: Access = { ...question.access, resourcePolicy };
  const { nowMs, calling } = evidence;
  const keys = new RequestKeys({
    principal,
    access,
    region,
    resourceAccount: question.access.owner,
    nowMs,
    origin: { ...evidence.origin, userAgent },
    calling,
    principalTags: policies?.tags,
    organization,
    resourceOrganization: owner.organization,
  });
  return {
    principal,
    access,
    account: question.access.owner,
    policies,
    resourceControls: owner.rcps,
    keys,
    canonicalUser: access.canonicalUser,
    organization,
    resourceOrganization: owner.organization,
  };
}
