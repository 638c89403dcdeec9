/**
 * What policies may allow some of: the resources and conditions of what they allow apart, as access advisor counts. What
 * they deny without any condition, on all resources, they do not allow.
 */
import type { Statement } from "../../../identity/policy/ast.ts";
import { parseGlob } from "../../../identity/policy/glob.ts";
import { parsePolicy } from "../../../identity/policy/parse.ts";
import type { ActionReference } from "../../../service/action-reference.ts";

/** The actions of a statement. Names are in lower case. */
interface Actions {
  readonly have: (action: string) => boolean;
  /** Whether they may have any action of a service: a guess that errs on the side of yes. */
  readonly mayHaveOf: (namespace: string) => boolean;
  /** Whether they have all of a service: a guess that errs on the side of no. */
  readonly haveAllOf: (namespace: string) => boolean;
}

interface Level {
  readonly allows: readonly Actions[];
  readonly denies: readonly Actions[];
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
      ({ allows, denies }) => allows.some(({ have }) => have(name)) && !denies.some(({ have }) => have(name)),
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

  /** The actions of a service are looked at only where its name alone does not tell. */
  #allowsAnyOf(namespace: string): boolean {
    if (!this.#levels.every(({ allows }) => allows.some(({ mayHaveOf }) => mayHaveOf(namespace)))) return false;
    const isPlain = ({ allows, denies }: Level): boolean =>
      allows.some(({ haveAllOf }) => haveAllOf(namespace)) && !denies.some(({ mayHaveOf }) => mayHaveOf(namespace));
    if (this.#levels.every(isPlain)) return true;
    return this.#actionsOf(namespace).some((name) => this.allows(`${namespace}:${name}`));
  }

  #actionsOf(namespace: string): readonly string[] {
    return [...(this.#reference.of(namespace)?.actions.keys() ?? [])];
  }
}

function levelOf(texts: readonly string[]): Level {
  const statements = texts.flatMap((text) => parsePolicy(text).statements);
  return {
    allows: statements.filter(({ effect }) => effect === "Allow").map(actionsOf),
    denies: statements.filter((statement) => isDefinite(statement)).map(actionsOf),
  };
}

const isDefinite = ({ effect, conditions, resource }: Statement): boolean =>
  effect === "Deny" &&
  conditions.length === 0 &&
  resource?.negated !== true &&
  resource?.values.includes("*") !== false;

function actionsOf({ action }: Statement): Actions {
  const { negated = false, values = [] } = action ?? {};
  const patterns = values.map((value) => value.toLowerCase());
  const globs = patterns.map((pattern) => parseGlob(pattern));
  const services = patterns.map((pattern) => parseGlob(pattern.split(":", 1)[0] ?? ""));
  const named = (name: string): boolean => globs.some((glob) => glob.test(name));
  const namedOf = (namespace: string): boolean => services.some((glob) => glob.test(namespace));
  return {
    have: (name) => named(name) !== negated,
    mayHaveOf: (namespace) => negated || namedOf(namespace),
    haveAllOf: (namespace) =>
      negated ? !namedOf(namespace) : patterns.includes("*") || patterns.includes(`${namespace}:*`),
  };
}
