/**
 * All requests there can be, as policies see them: parted by actions, resources and callers into finitely many kinds
 * that every statement treats alike. Conditions are left as they are, to be compared with one another.
 */
import type { LanguageVersion, ListElement, PolicyDocument, PrincipalElement, Statement } from "../ast.ts";
import { gripOf, type Caller } from "../caller.ts";
import { parseGlob } from "../glob.ts";
import { callersFor } from "./callers.ts";
import { cellsOf } from "./cells.ts";
import { literalOf, type Literal } from "./literal.ts";
import { arnPattern, globPattern, type Pattern } from "./pattern.ts";

export interface SpaceStatement {
  /** The place of its policy among those of the space. */
  readonly policy: number;
  readonly statement: Statement;
  readonly conditions: readonly Literal[];
  /** Whether the resource is one of the statement's, where variables leave that to the request. */
  readonly perhaps: Literal;
}

/** Whether a statement is about a request, its conditions apart. */
export type Reach = "no" | "perhaps" | "yes";

/** A kind of requests in one dimension: what each statement says of it. */
export interface Kind {
  readonly reaches: readonly Reach[];
  /** Whether it is among what was asked for besides. */
  readonly asked: boolean;
  /** One of the actions or resources. */
  readonly example: string;
}

export interface Space {
  readonly statements: readonly SpaceStatement[];
  readonly actions: readonly Kind[];
  readonly resources: readonly Kind[];
  readonly callers: readonly Kind[];
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

/** `undefined`: the policies are too entangled to be taken apart. */
export function spaceOf(parts: SpaceParts): Space | undefined {
  const statements = parts.documents.flatMap((document, policy) =>
    document.statements.map((statement) => spaceStatement(statement, policy, document.version)),
  );
  const versions = parts.documents.map(({ version }) => version);
  const actions = actionKinds(statements, parts.actions ?? ["*"]);
  const resources = resourceKinds(statements, versions, parts.resources ?? ["*"]);
  const callers = callerKinds(statements, parts);
  if (actions === undefined || resources === undefined || callers === undefined) return undefined;
  return { statements, actions, resources, callers };
}

function spaceStatement(statement: Statement, policy: number, version: LanguageVersion): SpaceStatement {
  const text = `${version} ${statement.resource?.negated === true} ${JSON.stringify(statement.resource?.values)}`;
  return {
    policy,
    statement,
    conditions: statement.conditions.map((clause) => literalOf(clause, version)),
    perhaps: { kind: "opaque", text, holds: true },
  };
}

/** What every request's action looks like. */
const ANY_ACTION = globPattern("*:*");

function actionKinds(statements: readonly SpaceStatement[], asked: readonly string[]): readonly Kind[] | undefined {
  return kindsOf({
    universe: [ANY_ACTION],
    asked: asked.map((action) => globPattern(action.toLowerCase())),
    elements: statements.map(({ statement }) => ({
      negated: statement.action?.negated === true,
      patterns: (statement.action?.values ?? []).map((action) => globPattern(action.toLowerCase())),
      otherwise: statement.action === undefined ? "no" : undefined,
    })),
  });
}

function resourceKinds(
  statements: readonly SpaceStatement[],
  versions: readonly LanguageVersion[],
  asked: readonly string[],
): readonly Kind[] | undefined {
  return kindsOf({
    universe: [],
    asked: asked.flatMap((resource) => arnPattern(resource, "2012-10-17") ?? []),
    elements: statements.map(({ statement, policy }) => ({
      negated: statement.resource?.negated === true,
      patterns: resourcePatterns(statement.resource, versions[policy] ?? "2012-10-17"),
      otherwise: statement.resource === undefined ? "yes" : undefined,
    })),
  });
}

const resourcePatterns = (element: ListElement | undefined, version: LanguageVersion): readonly Pattern[] =>
  (element?.values ?? []).flatMap((resource) => arnPattern(resource, version) ?? []);

interface Element {
  readonly negated: boolean;
  readonly patterns: readonly Pattern[];
  /** The answer where the statement has no such element. */
  readonly otherwise: Reach | undefined;
}

interface Dimension {
  /** What everything in the dimension matches; empty: there is no such. */
  readonly universe: readonly Pattern[];
  readonly asked: readonly Pattern[];
  readonly elements: readonly Element[];
}

function kindsOf({ universe, asked, elements }: Dimension): readonly Kind[] | undefined {
  const patterns = [...universe, ...asked, ...elements.flatMap((element) => element.patterns)];
  const cells = cellsOf(patterns);
  if (cells === undefined) return undefined;
  const starts: number[] = [];
  let next = universe.length + asked.length;
  for (const element of elements) {
    starts.push(next);
    next += element.patterns.length;
  }
  const kinds = new Map<string, Kind>();
  for (const { matching, example } of cells) {
    const held = new Set(matching);
    if (universe.some((_, at) => !held.has(at))) continue;
    const isAsked = asked.some((_, at) => held.has(universe.length + at));
    const reaches = elements.map((element, at) => reachOf(element, (place) => held.has((starts[at] ?? 0) + place)));
    const key = `${isAsked} ${reaches.join()}`;
    if (!kinds.has(key)) kinds.set(key, { reaches, asked: isAsked, example });
  }
  return [...kinds.values()];
}

function reachOf({ negated, patterns, otherwise }: Element, isMatching: (place: number) => boolean): Reach {
  if (otherwise !== undefined) return otherwise;
  let reach: Reach = "no";
  for (const [place, { variable }] of patterns.entries()) {
    if (!isMatching(place)) continue;
    if (!variable) return negated ? "no" : "yes";
    reach = "perhaps";
  }
  if (!negated) return reach;
  return reach === "no" ? "yes" : "perhaps";
}

function callerKinds(statements: readonly SpaceStatement[], parts: SpaceParts): readonly Kind[] | undefined {
  if (parts.principals === "none") return [{ reaches: statements.map(() => "yes"), asked: true, example: "" }];
  const elements = statements.flatMap(({ statement }) => statement.principal ?? []);
  const callers = parts.callers ?? callersFor(elements);
  if (callers === undefined) return undefined;
  const kinds = new Map<string, Kind>();
  for (const caller of callers) {
    const reaches = statements.map(({ statement }) => callerReach(statement.principal, caller));
    const key = reaches.join();
    if (!kinds.has(key)) kinds.set(key, { reaches, asked: true, example: caller.own[0] ?? "" });
  }
  return [...kinds.values()];
}

const callerReach = (element: PrincipalElement | undefined, caller: Caller): Reach =>
  element !== undefined && gripOf(element, caller) !== undefined ? "yes" : "no";

/** Requests of one action kind, one resource kind and one caller kind, to all statements. */
export interface Scene {
  readonly reaches: readonly Reach[];
  readonly asked: boolean;
}

/** More combinations than these are too many. */
const SCENES_MAX = 500_000;

/** Every combination that the statements tell apart, each once; `undefined`: there would be too many. */
export function scenesOf({ actions, resources, callers }: Space): readonly Scene[] | undefined {
  if (actions.length * resources.length * callers.length > SCENES_MAX) return undefined;
  const scenes = new Map<string, Scene>();
  for (const action of actions) {
    for (const resource of resources) {
      for (const caller of callers) {
        const reaches = action.reaches.map((reach, at) => least(reach, resource.reaches[at], caller.reaches[at]));
        const asked = action.asked && resource.asked;
        const key = `${asked} ${reaches.join()}`;
        if (!scenes.has(key)) scenes.set(key, { reaches, asked });
      }
    }
  }
  return [...scenes.values()];
}

function least(action: Reach, resource: Reach = "no", caller: Reach = "no"): Reach {
  if (action === "no" || caller === "no") return "no";
  return resource;
}

/** What the statements of a space say of one action, done to each kind of resource by each kind of caller. */
export function scenesOfAction({ statements, resources, callers }: Space, action: string): readonly Scene[] {
  const lower = action.toLowerCase();
  const reaches = statements.map(({ statement }): Reach => {
    const matches = statement.action?.values.some((pattern) => parseGlob(pattern.toLowerCase()).test(lower)) === true;
    return statement.action !== undefined && matches !== statement.action.negated ? "yes" : "no";
  });
  const kind: Kind = { reaches, asked: true, example: action };
  return scenesOf({ statements, actions: [kind], resources, callers }) ?? [];
}
