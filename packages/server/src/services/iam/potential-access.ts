/**
 * What policies may allow some of: the resources and conditions of what they allow apart, as access advisor counts. What
 * they deny without any condition, on all resources, they do not allow.
 */
import type { Statement } from "../../identity/policy/ast.ts";
import { parseGlob } from "../../identity/policy/glob.ts";
import { parsePolicy } from "../../identity/policy/parse.ts";
import type { ActionReference } from "../../service/action-reference.ts";

/** Says of an action, in lower case, whether it is meant. */
type ActionTest = (action: string) => boolean;

interface Level {
  readonly allows: readonly ActionTest[];
  readonly denies: readonly ActionTest[];
}

export class PotentialAccess {
  readonly #levels: readonly Level[];
  readonly #reference: ActionReference;

  /** `levels`: the texts of policies; one of each level has to allow. */
  constructor(levels: readonly (readonly string[])[], reference: ActionReference) {
    this.#levels = levels.map((texts) => levelOf(texts));
    this.#reference = reference;
  }

  allows(action: string): boolean {
    const name = action.toLowerCase();
    return this.#levels.every(
      ({ allows, denies }) => allows.some((test) => test(name)) && !denies.some((test) => test(name)),
    );
  }

  /** The services of which they allow an action, in order. */
  services(): readonly string[] {
    return Object.keys(this.#reference.names())
      .filter((namespace) => this.#allowsAnyOf(namespace))
      .toSorted();
  }

  /** The actions of one service that they allow, in order. */
  actions(namespace: string): readonly string[] {
    return this.#actionsOf(namespace)
      .filter((name) => this.allows(`${namespace}:${name}`))
      .toSorted();
  }

  #allowsAnyOf(namespace: string): boolean {
    return this.#actionsOf(namespace).some((name) => this.allows(`${namespace}:${name}`));
  }

  #actionsOf(namespace: string): readonly string[] {
    return [...(this.#reference.of(namespace)?.actions.keys() ?? [])];
  }
}

function levelOf(texts: readonly string[]): Level {
  const statements = texts.flatMap((text) => parsePolicy(text).statements);
  return {
    allows: statements.filter(({ effect }) => effect === "Allow").map(testOf),
    denies: statements.filter((statement) => isDefinite(statement)).map(testOf),
  };
}

const isDefinite = ({ effect, conditions, resource }: Statement): boolean =>
  effect === "Deny" &&
  conditions.length === 0 &&
  resource?.negated !== true &&
  resource?.values.includes("*") !== false;

function testOf({ action }: Statement): ActionTest {
  if (action === undefined) return () => false;
  const globs = action.values.map((value) => parseGlob(value.toLowerCase()));
  const matches: ActionTest = (name) => globs.some((glob) => glob.test(name));
  return action.negated ? (name) => !matches(name) : matches;
}
