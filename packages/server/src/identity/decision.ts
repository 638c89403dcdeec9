/** The outcome of one question to IAM: a value that every explanation is a view of. */

export type Layer =
  | "identity"
  | "resource"
  | "boundary"
  | "session"
  | "scp"
  | "rcp"
  | "endpoint"
  | "grant"
  | "acl"
  | "root"
  /** The account that the resource belongs to was closed. */
  | "account"
  | "service";

/** One condition as it was met or not. */
export interface ConditionFact {
  readonly operator: string;
  readonly key: string;
  readonly expected: readonly string[];
  /** `undefined`: the request has no such key. */
  readonly actual: readonly string[] | undefined;
  readonly met: boolean;
}

/** A statement of a policy: `index` from 0, `line` from 1. */
export interface StatementRef {
  readonly sid: string | undefined;
  readonly index: number;
  readonly line: number;
  /** The statement as it is written; left out where it allowed. */
  readonly text?: string | undefined;
}

/** Why: points at the layer, and where one decided, at the policy and its statement. */
export interface Reason {
  readonly layer: Layer;
  /** `explicit-deny`: a statement denied. `no-allow`: the layer has to allow and does not. `allow`: a statement allowed. */
  readonly effect: "allow" | "explicit-deny" | "no-allow";
  /** The policy's ARN or name. */
  readonly policy?: string | undefined;
  /** For SCPs and RCPs: the root, unit or account whose level failed. */
  readonly level?: string | undefined;
  readonly statement?: StatementRef | undefined;
  readonly conditions?: readonly ConditionFact[] | undefined;
}

export interface Decision {
  readonly decision: "allow" | "deny";
  readonly action: string;
  readonly resource: string;
  /** The decisive reasons first. A denial's first reason gives the words of its error. */
  readonly because: readonly Reason[];
  /** For an implicit deny: the smallest statements that would allow the call, all of which are needed. */
  readonly remedies?: readonly Remedy[] | undefined;
  /** Of a denial: the caller is neither of the resource's account nor of its organization. */
  readonly toStranger?: boolean | undefined;
}

/** A statement, as policy JSON, and the layer that lacks it. */
export interface Remedy {
  readonly layer: Layer;
  /** As in a reason. */
  readonly level?: string | undefined;
  readonly statement: object;
}
