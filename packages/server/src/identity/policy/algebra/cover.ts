/** Whether alternatives together hold wherever a term does, although none of them does alone. */
import { contraryOf, implies, isContradiction, type KeyLiteral, type Literal, type SingleValued } from "./literal.ts";
import { includes, type Term } from "./term.ts";

/** So many cases are told apart. */
const CASES_MAX = 400;

export class Cover {
  readonly #alternatives: readonly Term[];
  readonly #isSingleValued: SingleValued;
  #cases = 0;

  constructor(alternatives: readonly Term[], isSingleValued: SingleValued) {
    this.#alternatives = alternatives;
    this.#isSingleValued = isSingleValued;
  }

  /** `false` also where that is too hard to say. */
  holds(term: Term): boolean {
    if (this.#cases++ > CASES_MAX) return false;
    if (this.#alternatives.some((alternative) => includes(term, alternative, this.#isSingleValued))) return true;
    if (this.#alternatives.length < 2) return false;
    const cases = splitValues(term) ?? this.#splitConditions(term);
    return cases?.every((each) => isContradiction(each, this.#isSingleValued) || this.holds(each)) === true;
  }

  /** A condition of an alternative that the term leaves open is either met or not. */
  #splitConditions(term: Term): readonly Term[] | undefined {
    const open = this.#alternatives.flat().find((literal) => this.#isOpen(literal, term));
    return (
      open && [
        [...term, open],
        [...term, contraryOf(open)],
      ]
    );
  }

  #isOpen(literal: Literal, term: Term): boolean {
    const contrary = contraryOf(literal);
    return !term.some(
      (known) => implies(known, literal, this.#isSingleValued) || implies(known, contrary, this.#isSingleValued),
    );
  }
}

/** A condition of several values is one of several conditions of one value each. */
function splitValues(term: Term): readonly Term[] | undefined {
  const at = term.findIndex((literal) => literal.kind === "key" && valuesOf(literal) > 1);
  const literal = term[at];
  if (literal?.kind !== "key" || literal.set.kind !== "texts") return undefined;
  const { set } = literal;
  return set.patterns.map((pattern) => {
    const one: KeyLiteral = { ...literal, set: { ...set, patterns: [pattern] } };
    return [...term.slice(0, at), one, ...term.slice(at + 1)];
  });
}

/** Only where some value has to be one of them, and a key that is absent or empty does not do. */
const valuesOf = ({ set, quantifier, outside, absent, empty }: KeyLiteral): number =>
  set.kind === "texts" && quantifier === "some" && !outside && !absent && !empty ? set.patterns.length : 0;
