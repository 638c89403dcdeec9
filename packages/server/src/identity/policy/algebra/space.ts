/**
 * All requests there can be, as policies see them: parted by actions, resources and callers into finitely many kinds
 * that every statement treats alike. Conditions are left as they are, to be compared with one another.
 */
import type { LanguageVersion, PolicyDocument, PrincipalElement, Statement } from "../ast.ts";
import { gripOf, type Caller } from "../caller.ts";
import { parseGlob } from "../glob.ts";
import { callersFor } from "./callers.ts";
import { kindsOf, type Element, type Kind, type Reach } from "./kind.ts";
import { literalOf, type Literal } from "./literal.ts";
import { arnPattern, globPattern, type Pattern } from "./pattern.ts";

export interface SpaceStatement {
  /** The place of its policy among those of the space. */
  readonly policy: number;
  readonly statement: Statement;
  readonly conditions: readonly Literal[];
  /** Whether the resource is one of the statement's, where variables leave that to the request. */
  readonly perhaps: Literal;
  readonly actions: Element;
  readonly resources: Element;
}

export interface SpaceParts {
  readonly documents: readonly PolicyDocument[];
  /** Whether statements name principals, and say nothing where they name none. */
  readonly principals: "named" | "none";
  /** Actions or patterns of them that are asked for; everything where left out. */
  readonly actions?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  /** Those that are asked for; everybody where left out. */
  readonly callers?: readonly Caller[] | undefined;
}

/** Requests of one kind of actions, of resources and of callers, to all statements. */
export interface Scene {
  readonly reaches: readonly Reach[];
}

/** More combinations than these are too many. */
const SCENES_MAX = 200_000;

/** What every request's action looks like. */
const ANY_ACTION = globPattern("*:*");

export class Space {
  readonly statements: readonly SpaceStatement[];
  readonly #askedActions: readonly Pattern[];
  readonly #askedResources: readonly Pattern[];
  readonly #callers: readonly (readonly Reach[])[] | undefined;
  /** Kinds of resources, by the statements that count. */
  readonly #resources = new Map<string, readonly Kind[] | undefined>();

  constructor(parts: SpaceParts) {
    this.statements = parts.documents.flatMap((document, policy) =>
      document.statements.map((statement) => spaceStatement(statement, policy, document.version)),
    );
    this.#askedActions = (parts.actions ?? ["*"]).map((action) => globPattern(action.toLowerCase()));
    this.#askedResources = (parts.resources ?? ["*"]).flatMap((text) => arnPattern(text, "2012-10-17") ?? []);
    this.#callers = callerReaches(this.statements, parts);
  }

  /**
   * Every combination that the statements tell apart, of what is asked for and an allow of the first policy is about.
   * `undefined`: the policies are too entangled to be taken apart.
   */
  scenes(): readonly Scene[] | undefined {
    const kinds = kindsOf({
      universe: ANY_ACTION,
      asked: this.#askedActions,
      elements: this.statements.map(({ actions }) => actions),
    });
    return kinds && this.#scenesOf(kinds.filter(({ asked }) => asked));
  }

  /** The same of one action. */
  scenesOfAction(action: string): readonly Scene[] | undefined {
    const lower = action.toLowerCase();
    const reaches = this.statements.map(({ statement }): Reach => {
      const matches = statement.action?.values.some((pattern) => parseGlob(pattern.toLowerCase()).test(lower)) === true;
      return statement.action !== undefined && matches !== statement.action.negated ? "yes" : "no";
    });
    return this.#scenesOf([{ reaches, asked: true }]);
  }

  #scenesOf(actions: readonly Kind[]): readonly Scene[] | undefined {
    const callers = this.#callers;
    if (callers === undefined) return undefined;
    const scenes = new Map<string, Scene>();
    let seen = 0;
    for (const action of actions) {
      if (!this.#isGranted(action.reaches)) continue;
      const resources = this.#resourcesFor(action.reaches);
      seen += (resources?.length ?? 0) * callers.length;
      if (resources === undefined || seen > SCENES_MAX) return undefined;
      for (const resource of resources) {
        if (!resource.asked) continue;
        for (const caller of callers) {
          const reaches = action.reaches.map((reach, at) => least(reach, resource.reaches[at], caller[at]));
          if (this.#isGranted(reaches)) scenes.set(reaches.join(), { reaches });
        }
      }
    }
    return [...scenes.values()];
  }

  #isGranted(reaches: readonly Reach[]): boolean {
    return reaches.some((reach, at) => {
      const known = this.statements[at];
      return reach !== "no" && known?.policy === 0 && known.statement.effect === "Allow";
    });
  }

  /** Only statements about the action need to be told apart. */
  #resourcesFor(reaches: readonly Reach[]): readonly Kind[] | undefined {
    const key = reaches.join();
    if (this.#resources.has(key)) return this.#resources.get(key);
    const elements = this.statements.map(({ resources }, at): Element =>
      reaches[at] === "no" ? { ...resources, otherwise: "no" } : resources,
    );
    const kinds = kindsOf({ universe: undefined, asked: this.#askedResources, elements });
    this.#resources.set(key, kinds);
    return kinds;
  }
}

function spaceStatement(statement: Statement, policy: number, version: LanguageVersion): SpaceStatement {
  const { action, resource, conditions } = statement;
  const text = `${version} ${resource?.negated === true} ${JSON.stringify(resource?.values)}`;
  return {
    policy,
    statement,
    conditions: conditions.map((clause) => literalOf(clause, version)),
    perhaps: { kind: "opaque", text, holds: true },
    actions: {
      negated: action?.negated === true,
      patterns: (action?.values ?? []).map((value) => globPattern(value.toLowerCase())),
      otherwise: action === undefined ? "no" : undefined,
    },
    resources: {
      negated: resource?.negated === true,
      patterns: (resource?.values ?? []).flatMap((value) => arnPattern(value, version) ?? []),
      otherwise: resource === undefined ? "yes" : undefined,
    },
  };
}

function callerReaches(
  statements: readonly SpaceStatement[],
  { principals, callers }: SpaceParts,
): readonly (readonly Reach[])[] | undefined {
  if (principals === "none") return [statements.map(() => "yes")];
  const all = callers ?? callersFor(statements.flatMap(({ statement }) => statement.principal ?? []));
  if (all === undefined) return undefined;
  const kinds = new Map<string, readonly Reach[]>();
  for (const caller of all) {
    const reaches = statements.map(({ statement }) => callerReach(statement.principal, caller));
    kinds.set(reaches.join(), reaches);
  }
  return [...kinds.values()];
}

const callerReach = (element: PrincipalElement | undefined, caller: Caller): Reach =>
  element !== undefined && gripOf(element, caller) !== undefined ? "yes" : "no";

function least(action: Reach, resource: Reach = "no", caller: Reach = "no"): Reach {
  return action === "no" || caller === "no" ? "no" : resource;
}
