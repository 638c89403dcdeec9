/**
 * Whether one policy allows more than another, or anything of what is asked for. The answer `no` is sure; what cannot
 * be decided counts as yes, and says so.
 */
import type { PolicyDocument } from "../ast.ts";
import type { Caller } from "../caller.ts";
import type { SingleValued } from "./literal.ts";
import { Space, type Scene, type SpaceParts } from "./space.ts";
import { Cover } from "./cover.ts";
import { excludes, metStatements, termsUnder, type Term } from "./term.ts";

/** Statements by their places in the policy, in order; `undefined`: nothing can be said of any of them. */
export type Culprits = readonly number[] | undefined;

interface Question {
  readonly principals: "named" | "none";
  readonly isSingleValued: SingleValued;
}

export interface Comparison extends Question {
  readonly updated: PolicyDocument;
  readonly existing: PolicyDocument;
}

/** The statements of `updated` that allow something that `existing` does not. */
export function newAccess({ updated, existing, principals, isSingleValued }: Comparison): Culprits {
  return culpritsIn({ documents: [updated, existing], principals }, isSingleValued, (term, scene, space) => {
    const allows = metStatements(space, scene.reaches, { policy: 1, effect: "Allow" });
    const denials = metStatements(space, scene.reaches, { policy: 1, effect: "Deny" });
    const cover = new Cover(
      allows.map(({ literals }) => literals),
      isSingleValued,
    );
    return !cover.holds(term) || !denials.every(({ literals }) => excludes(term, literals, isSingleValued));
  });
}

export interface Asked extends Question {
  readonly policy: PolicyDocument;
  /** Actions or patterns of them; every one where left out. */
  readonly actions?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly callers?: readonly Caller[] | undefined;
  /** Whether what is allowed under these conditions counts; it does where left out. */
  readonly counts?: (term: Term) => boolean;
}

/** The statements that allow some of what is asked for. */
export function grantedAccess({ policy, isSingleValued, counts = () => true, ...asked }: Asked): Culprits {
  return culpritsIn({ documents: [policy], ...asked }, isSingleValued, counts);
}

type Accuses = (term: Term, scene: Scene, space: Space) => boolean;

/** The statements of the first policy with an allow that stands and that `accuses` holds against. */
function culpritsIn(parts: SpaceParts, isSingleValued: SingleValued, accuses: Accuses): Culprits {
  const space = new Space(parts);
  const scenes = space.scenes();
  if (scenes === undefined) return undefined;
  const culprits = new Set<number>();
  for (const scene of scenes) {
    const denials = metStatements(space, scene.reaches, { policy: 0, effect: "Deny" });
    for (const { of, literals } of metStatements(space, scene.reaches, { policy: 0, effect: "Allow" })) {
      const { index } = of.statement;
      if (culprits.has(index)) continue;
      const terms = termsUnder(literals, denials, isSingleValued);
      if (terms === undefined || terms.some((term) => accuses(term, scene, space))) culprits.add(index);
    }
  }
  return [...culprits].toSorted((one, other) => one - other);
}
