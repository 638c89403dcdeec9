/** From a policy to a form that answers quickly: statements are found by action and by resource, not walked. */
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { LanguageVersion, ListElement, PolicyDocument, Statement } from "./ast.ts";
import { ActionIndex } from "./action-index.ts";
import { parseArnPattern, type ArnPattern } from "./arn-pattern.ts";
import { makeCondition, type Condition } from "./condition.ts";
import { parseGlob } from "./glob.ts";
import { HeadIndex } from "./head-index.ts";
import { parsePolicy } from "./parse.ts";
import type { KeySource } from "./template.ts";

export interface CompiledStatement {
  readonly statement: Statement;
  readonly conditions: readonly Condition[];
}

/** What a statement says of one of its actions and one of its resources. */
export interface Rule {
  readonly compiled: CompiledStatement;
  /** `undefined`: the index has already vouched for it. */
  readonly action: ((action: string) => boolean) | undefined;
  readonly resource: ((fields: readonly string[] | undefined, keys: KeySource) => boolean) | undefined;
}

type ResourceIndex = HeadIndex<Rule[]>;

export interface CompiledPolicy {
  readonly text: string;
  readonly document: PolicyDocument;
  readonly statements: readonly CompiledStatement[];
  /** By action, in lower case, then by resource. */
  readonly rules: ActionIndex<ResourceIndex>;
}

/** Compiles each text once, and remembers the texts that were asked for lately. */
export class PolicyCompiler {
  readonly #compiled: BoundedCache<string, CompiledPolicy>;

  /** `capacity`: how many policies are remembered at the least. */
  constructor({ capacity }: { readonly capacity: number }) {
    this.#compiled = new BoundedCache(capacity);
  }

  /** @throws {PolicySyntaxError} where `text` is no policy; what was validated when it was stored never is. */
  compile(text: string): CompiledPolicy {
    const known = this.#compiled.get(text);
    if (known !== undefined) return known;
    const compiled = compilePolicy(text);
    this.#compiled.set(text, compiled);
    return compiled;
  }
}

/** @throws {PolicySyntaxError} where `text` is no policy. */
export function compilePolicy(text: string): CompiledPolicy {
  const document = parsePolicy(text);
  const statements = document.statements.map((statement) => ({
    statement,
    conditions: statement.conditions.map((clause) => makeCondition(clause, document.version)),
  }));
  const rules = new ActionIndex<ResourceIndex>();
  for (const compiled of statements) addRules(compiled, document.version, rules);
  return { text, document, statements, rules };
}

/** Beyond so many pairs of action and resource a statement is indexed by its actions alone. */
const PAIRS_MAX = 512;

interface ActionKey {
  readonly head: string;
  readonly exact: boolean;
  readonly test: Rule["action"];
}

interface ResourceKey {
  readonly head: string;
  readonly exact: boolean;
  readonly test: Rule["resource"];
}

function addRules(compiled: CompiledStatement, version: LanguageVersion, rules: ActionIndex<ResourceIndex>): void {
  const { action, resource } = compiled.statement;
  const actions = action === undefined ? [] : actionKeys(action);
  const resources = resource === undefined ? [EVERYTHING] : resourceKeys(resource, version, PAIRS_MAX / actions.length);
  for (const { head, exact, test } of actions) {
    const byResource = rules.at(head, exact, () => new HeadIndex());
    for (const key of resources) {
      byResource.at(key.head, key.exact, () => []).push({ compiled, action: test, resource: key.test });
    }
  }
}

/** Trust policies have no resources: they speak of the role they belong to. */
const EVERYTHING: ResourceKey = { head: "", exact: false, test: undefined };

function actionKeys({ negated, values }: ListElement): readonly ActionKey[] {
  const globs = values.map((value) => parseGlob(value.toLowerCase()));
  if (negated) return [{ head: "", exact: false, test: (action) => !globs.some((glob) => glob.test(action)) }];
  return globs.map(({ head, reach, test }) => ({
    head,
    exact: reach === "exact",
    test: reach === "pattern" ? test : undefined,
  }));
}

function resourceKeys({ negated, values }: ListElement, version: LanguageVersion, max: number): readonly ResourceKey[] {
  const patterns = values.map((value) => parseArnPattern(value, version));
  const testAny = (fields: readonly string[] | undefined, keys: KeySource): boolean =>
    patterns.some((pattern) => pattern.test(fields, keys));
  if (negated) return [{ head: "", exact: false, test: (fields, keys) => !testAny(fields, keys) }];
  if (values.length > max) return [{ head: "", exact: false, test: testAny }];
  return patterns.map(keyOfPattern);
}

function keyOfPattern({ head, reach, test }: ArnPattern): ResourceKey {
  return { head, exact: reach === "exact", test: reach === "pattern" ? test : undefined };
}
