/** A policy as it was read: typed, with the place of everything that an explanation may point at. */
import type { Operator } from "./operator.ts";
import type { Position, Span } from "./source.ts";

/** `2008-10-17` is also what a policy without a version speaks. */
export type LanguageVersion = "2008-10-17" | "2012-10-17";

export interface PolicyDocument {
  readonly version: LanguageVersion;
  /** Whether the text names its version. */
  readonly versioned: boolean;
  readonly id: string | undefined;
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** Its place among the statements, from 0. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  /** As it is spelled; AWS takes no other spelling than `Allow` and `Deny`. */
  readonly effectText: string;
  readonly principal: PrincipalElement | undefined;
  readonly action: ListElement | undefined;
  readonly resource: ListElement | undefined;
  readonly conditions: readonly ConditionClause[];
  readonly span: Span;
  readonly start: Position;
  readonly end: Position;
}

/** `Action`, `NotAction`, `Resource` or `NotResource`. */
export interface ListElement {
  readonly negated: boolean;
  readonly values: readonly string[];
}

export type PrincipalKind = "AWS" | "Service" | "Federated" | "CanonicalUser";

export interface PrincipalEntry {
  readonly kind: PrincipalKind;
  readonly value: string;
  /** The value with its quotation marks, so that it can be rewritten in place. */
  readonly span: Span;
}

/** `Principal` or `NotPrincipal`. */
export interface PrincipalElement {
  readonly negated: boolean;
  /** Written as a bare `"*"`. */
  readonly everyone: boolean;
  readonly entries: readonly PrincipalEntry[];
}

/** One operator with one key. Several of them are all to be met. */
export interface ConditionClause {
  readonly operator: Operator;
  readonly key: string;
  readonly values: readonly string[];
  readonly at: Position;
}

/** What is wrong with a text as a policy, whatever kind it is of. */
export type FaultCode =
  | "json"
  | "not-a-policy"
  | "unknown-field"
  | "duplicate-field"
  | "wrong-type"
  | "both-forms"
  | "version"
  | "no-statement"
  | "no-effect"
  | "effect"
  | "principal-kind"
  | "operator";

export interface Fault {
  readonly code: FaultCode;
  /** The name of the field, or the text, that is at fault. */
  readonly subject: string;
  readonly at: Position;
}
