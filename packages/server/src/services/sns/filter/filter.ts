/** Filter policies as they are compiled: which messages a subscription wants. */

/** One thing that a value may be. */
export type Test =
  | { readonly kind: "exact"; readonly value: string | number | boolean | null }
  | { readonly kind: "ignoring-case" | "prefix" | "suffix"; readonly text: string }
  | { readonly kind: "anything-but"; readonly values: readonly (string | number)[] }
  | { readonly kind: "anything-but-prefix"; readonly texts: readonly string[] }
  | { readonly kind: "numeric"; readonly range: NumericRange }
  | { readonly kind: "cidr"; readonly cidr: string }
  | { readonly kind: "exists"; readonly wanted: boolean };

export interface NumericRange {
  readonly above?: { readonly value: number; readonly isIncluded: boolean };
  readonly below?: { readonly value: number; readonly isIncluded: boolean };
}

/** A field that is to pass one of its tests. */
export interface FieldRule {
  /** The names on the way to it; one only for attributes. */
  readonly path: readonly string[];
  readonly tests: readonly Test[];
}

/** What all must hold of a message for one of the ways in which it may fit. */
export type Filter = readonly (readonly FieldRule[])[];
