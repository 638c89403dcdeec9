/** What access from outside of a zone of trust a resource's policy gives. */
import { isConfined } from "../../../identity/policy/algebra/confinement.ts";
import type { SingleValued } from "../../../identity/policy/algebra/literal.ts";
import { Space, type Scene } from "../../../identity/policy/algebra/space.ts";
import { metStatements, termsUnder, type Term } from "../../../identity/policy/algebra/term.ts";
import type { PolicyDocument, Statement } from "../../../identity/policy/ast.ts";
import { parseGlob } from "../../../identity/policy/glob.ts";
import { readPolicy } from "../../../identity/policy/parse.ts";
import type { PoliciedGrant } from "../../../service/policied.ts";
import { externalPrincipals, type ExternalPrincipal } from "./principal.ts";
import type { ExternalAccess } from "../finding/row.ts";
import { shownConditions, staysInside } from "./trusted-condition.ts";
import type { Zone } from "../analyzer/zone.ts";

export interface Analysed {
  /** In CloudFormation's words. */
  readonly type: string;
  readonly policy: string | undefined;
  readonly grants?: readonly PoliciedGrant[] | undefined;
  readonly publicAccess: "possible" | "shut out";
  readonly canonicalOwner?: string | undefined;
  /** Every action that can be done to the resource: `s3:GetObject`. */
  readonly actions: readonly string[];
  readonly controls: ExternalAccess["controls"];
  readonly isSingleValued: SingleValued;
}

/** One for each principal and set of conditions of a statement, the same of several statements as one. */
export function externalAccess(resource: Analysed, zone: Zone): readonly ExternalAccess[] {
  const text = withGrants(resource);
  const document = text === undefined ? undefined : readPolicy(text).document;
  if (document === undefined) return [];
  const found = document.statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => accessThrough(statement, document, resource, zone));
  if (resource.publicAccess === "shut out" && found.some(({ isPublic }) => isPublic)) return [];
  return merged(found);
}

/** The grants as statements of the policy; what constrains a grant, the encryption context, whoever calls says. */
function withGrants({ policy, grants = [] }: Analysed): string | undefined {
  if (grants.length === 0) return policy;
  const document: { readonly Statement?: object | readonly object[] } = JSON.parse(policy ?? "{}");
  const granted = grants.map(({ to, actions }) => ({
    Effect: "Allow",
    Principal: { AWS: to },
    Action: actions,
    Resource: "*",
  }));
  return JSON.stringify({ Version: "2012-10-17", ...document, Statement: [document.Statement ?? [], granted].flat(2) });
}

function accessThrough(
  statement: Statement,
  document: PolicyDocument,
  resource: Analysed,
  zone: Zone,
): readonly ExternalAccess[] {
  if (statement.principal === undefined) return [];
  const { canonicalOwner } = resource;
  return externalPrincipals(statement.principal, { zone, canonicalOwner }).flatMap((principal) => {
    const { callers } = principal;
    const space = new Space({ documents: [document], principals: "named", callers });
    const granted = actionsOf(statement, resource.actions).map((action) => ({
      action,
      terms: outsideTerms(space, { statement, action, zone, resource }),
    }));
    return describe(granted, principal, resource);
  });
}

/** The actions of a statement: as written where they are whole, else those of the resource that they stand for. */
function actionsOf({ action }: Statement, all: readonly string[]): readonly string[] {
  const patterns = (action?.values ?? []).map((text) => ({ text, glob: parseGlob(text.toLowerCase()) }));
  if (action?.negated === true) {
    return all.filter((name) => !patterns.some(({ glob }) => glob.test(name.toLowerCase())));
  }
  const expanded = patterns.flatMap(({ text, glob }) =>
    glob.reach === "exact" ? [nameOf(text, all)] : all.filter((name) => glob.test(name.toLowerCase())),
  );
  return [...new Set(expanded)];
}

const nameOf = (text: string, all: readonly string[]): string =>
  all.find((name) => name.toLowerCase() === text.toLowerCase()) ?? text;

interface Granted {
  readonly action: string;
  /** When it is allowed from outside; none: never. */
  readonly terms: readonly Term[];
}

interface AskedAction {
  readonly statement: Statement;
  readonly action: string;
  readonly zone: Zone;
  readonly resource: Analysed;
}

/** When a statement allows the action from outside, with what denials leave of it; too hard to say: always. */
function outsideTerms(space: Space, { statement, action, zone, resource }: AskedAction): readonly Term[] {
  const scenes = space.scenesOfAction(action);
  if (scenes === undefined) return [[]];
  return scenes.flatMap((scene) =>
    standing(space, scene, statement.index, resource.isSingleValued).filter((term) => !staysInside(term, zone)),
  );
}

function standing(space: Space, { reaches }: Scene, index: number, isSingleValued: SingleValued): readonly Term[] {
  const denials = metStatements(space, reaches, { policy: 0, effect: "Deny" });
  const allow = metStatements(space, reaches, { policy: 0, effect: "Allow" }).find(
    ({ of }) => of.statement.index === index,
  );
  // too hard to say: it counts as standing
  return allow === undefined ? [] : (termsUnder(allow.literals, denials, isSingleValued) ?? [allow.literals]);
}

function describe(
  granted: readonly Granted[],
  { shown, isAnybody }: ExternalPrincipal,
  { type, controls }: Analysed,
): readonly ExternalAccess[] {
  return granted.flatMap(({ action, terms }): readonly ExternalAccess[] =>
    terms.length === 0
      ? []
      : [
          {
            kind: "external",
            principal: shown,
            actions: [action],
            conditions: shownConditions(terms),
            isPublic: isAnybody && !terms.every(isConfined),
            sources: type === "AWS::S3::Bucket" ? ["POLICY"] : [],
            controls,
          },
        ],
  );
}

/** The same principal under the same conditions is one, with all its actions. */
function merged(all: readonly ExternalAccess[]): readonly ExternalAccess[] {
  const byKey = new Map<string, ExternalAccess>();
  for (const one of all) {
    const key = JSON.stringify([one.principal, one.conditions, one.isPublic]);
    const actions = new Set([...(byKey.get(key)?.actions ?? []), ...one.actions]);
    byKey.set(key, { ...one, actions: [...actions].toSorted() });
  }
  return [...byKey.values()];
}
