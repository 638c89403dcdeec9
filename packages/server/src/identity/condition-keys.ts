/**
 * The condition keys of one request, each worked out when a policy asks for it.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import type { ConditionKeys } from "../service/access.ts";
import { GLOBAL_KEY_VALUES, TAG_KEY_VALUES, type TagValue } from "./global-key-values.ts";
import type { KeyFacts } from "./key-facts.ts";
import type { KeySource } from "./policy/template.ts";

export type { CallingService, EndpointOrigin, KeyFacts } from "./key-facts.ts";

/** Keys that got other names. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
const NEWER_NAMES: ReadonlyMap<string, string> = new Map([
  ["kms:customermasterkeyspec", "kms:keyspec"],
  ["kms:customermasterkeyusage", "kms:keyusage"],
]);

export class RequestKeys implements KeySource {
  readonly #facts: KeyFacts;
  /** Made with the first question: the root user's policies ask none. */
  #known: Map<string, readonly string[] | undefined> | undefined;
  #given: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(facts: KeyFacts) {
    this.#facts = facts;
  }

  get(name: string): readonly string[] | undefined {
    this.#known ??= new Map();
    if (this.#known.has(name)) return this.#known.get(name);
    const values = this.#givenKeys().get(NEWER_NAMES.get(name) ?? name) ?? this.#work(name);
    this.#known.set(name, values);
    return values;
  }

  /** The keys that were asked for so far and are there: what an explanation shows of the request. */
  asked(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...(this.#known ?? [])].flatMap(([name, values]) => (values ? [[name, values]] : [])));
  }

  #work(name: string): readonly string[] | undefined {
    const slash = name.indexOf("/");
    if (slash === -1) return listOf(GLOBAL_KEY_VALUES.get(name)?.(this.#facts));
    const family = name.slice(0, slash);
    return listOf(tagFamily(family)?.(this.#facts, name.slice(slash + 1)));
  }

  /** The service's own keys, and those that stay with the session. */
  #givenKeys(): ReadonlyMap<string, readonly string[]> {
    return (this.#given ??= gather(this.#facts));
  }
}

/** Every service may have a `ResourceTag` and a `RequestTag` of its own: `iam:ResourceTag/team`. */
function tagFamily(family: string): TagValue | undefined {
  const own = family.slice(family.indexOf(":") + 1);
  return TAG_KEY_VALUES.get(own === "resourcetag" || own === "requesttag" ? `aws:${own}` : family);
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
