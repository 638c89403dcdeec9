/**
 * The condition keys of one request, each worked out when a policy asks for it.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import type { Access, ConditionKeys } from "../service/access.ts";
import { GLOBAL_KEY_VALUES, TAG_KEY_VALUES } from "./global-key-values.ts";
import type { KeySource } from "./policy/template.ts";
import type { Principal } from "./principal.ts";

/** Where a request comes from, as far as conditions ask. */
export interface RequestOrigin {
  readonly sourceIp?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly referer?: string | undefined;
  readonly secureTransport: boolean;
  /** The VPC endpoint that the request came through; `aws:SourceIp` is then absent. */
  readonly endpoint?: EndpointOrigin | undefined;
}

export interface EndpointOrigin {
  readonly vpceId: string;
  readonly vpcId: string;
  readonly vpcArn: string;
  /** The caller's address inside the VPC. */
  readonly vpcSourceIp: string;
  /** Owner of the endpoint. */
  readonly account: string;
  readonly organizationId?: string | undefined;
  readonly organizationPaths?: readonly string[] | undefined;
}

/** A service that makes this call, for the caller or on its own behalf. */
export interface CallingService {
  /** The services that pass the caller's rights on, first one first: `cloudformation.amazonaws.com`. */
  readonly calledVia?: readonly string[] | undefined;
  /** The resource on whose behalf a service principal calls. */
  readonly sourceArn?: string | undefined;
  readonly sourceAccount?: string | undefined;
  readonly sourceOrganizationId?: string | undefined;
  readonly sourceOrganizationPaths?: readonly string[] | undefined;
}

type OrganizationKeys = Readonly<Record<string, string | readonly string[]>>;

/** All that condition keys are worked out from. */
export interface KeyFacts {
  readonly principal: Principal;
  readonly access: Access;
  /** Owner of the resource. */
  readonly resourceAccount: string;
  readonly region: string;
  /** Virtual epoch milliseconds. */
  readonly nowMs: number;
  readonly origin: RequestOrigin;
  /** The principal's own tags, without the session's. */
  readonly principalTags?: Readonly<Record<string, string>> | undefined;
  /** As `Directory.organizationKeys` gives them for the principal's account. */
  readonly organization?: OrganizationKeys | undefined;
  /** The same for the account that owns the resource. */
  readonly resourceOrganization?: OrganizationKeys | undefined;
  readonly calling?: CallingService | undefined;
}

export class RequestKeys implements KeySource {
  readonly #facts: KeyFacts;
  readonly #known = new Map<string, readonly string[] | undefined>();
  #given: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(facts: KeyFacts) {
    this.#facts = facts;
  }

  get(name: string): readonly string[] | undefined {
    if (this.#known.has(name)) return this.#known.get(name);
    const values = this.#givenKeys().get(name) ?? this.#work(name);
    this.#known.set(name, values);
    return values;
  }

  /** The keys that were asked for so far and are there: what an explanation shows of the request. */
  asked(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#known].flatMap(([name, values]) => (values ? [[name, values]] : [])));
  }

  #work(name: string): readonly string[] | undefined {
    const slash = name.indexOf("/");
    if (slash === -1) return listOf(GLOBAL_KEY_VALUES[name]?.(this.#facts));
    const family = name.slice(0, slash);
    return listOf(tagFamily(family)?.(this.#facts, name.slice(slash + 1)));
  }

  /** The service's own keys, and those that stay with the session. */
  #givenKeys(): ReadonlyMap<string, readonly string[]> {
    return (this.#given ??= gather(this.#facts));
  }
}

/** Every service may have a `ResourceTag` and a `RequestTag` of its own: `iam:ResourceTag/team`. */
function tagFamily(family: string): ((facts: KeyFacts, key: string) => string | undefined) | undefined {
  const known = TAG_KEY_VALUES[family];
  if (known !== undefined) return known;
  const [, own] = family.split(":");
  return own === "resourcetag" || own === "requesttag" ? TAG_KEY_VALUES[`aws:${own}`] : undefined;
}

function gather({ principal, access }: KeyFacts): ReadonlyMap<string, readonly string[]> {
  const given = new Map<string, readonly string[]>();
  const session = "session" in principal ? principal.session?.keys : undefined;
  addKeys(given, session ?? {});
  addKeys(given, access.keys ?? {});
  return given;
}

function addKeys(given: Map<string, readonly string[]>, keys: ConditionKeys): void {
  for (const [name, value] of Object.entries(keys)) {
    const values = listOf(value);
    if (values !== undefined) given.set(name.toLowerCase(), values);
  }
}

function listOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof value === "string" ? [value] : value;
}
