import type { AccountId, Arn } from "../kernel/arn.ts";

/** Condition keys of a request, by name as documented (`s3:prefix`); compared without regard to case. */
export type ConditionKeys = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A policy text that belongs to a resource, and the name it goes by in explanations. */
export interface ResourcePolicy {
  /** `bucket policy of payroll`, `trust policy of role support`. */
  readonly name: string;
  readonly document: string;
}

/** One question to IAM: may the caller do `action` to `resource`? */
export interface Access {
  /** `iam:CreateUser`. */
  readonly action: string;
  readonly resource: Arn | "*";
  /** The account that the resource belongs to; the call's own where left out. */
  readonly owner?: AccountId | undefined;
  /** `undefined`: the resource has none. */
  readonly resourcePolicy?: ResourcePolicy | undefined;
  /**
   * How an allow in `resourcePolicy` counts. `usual`: with or instead of an identity policy, as the
   * evaluation logic says. `required`: without it nothing is allowed, as for keys and trust policies.
   */
  readonly resourcePolicyRole?: "usual" | "required";
  /** Feeds `aws:ResourceTag/…`. */
  readonly resourceTags?: Readonly<Record<string, string>> | undefined;
  /** Feeds `aws:RequestTag/…` and `aws:TagKeys`. */
  readonly requestTags?: Readonly<Record<string, string>> | undefined;
  /** Only the keys of tags are named (untagging): feeds `aws:TagKeys`. */
  readonly tagKeys?: readonly string[] | undefined;
  /** Further condition keys, those of the service. */
  readonly keys?: ConditionKeys | undefined;
  /** What the resource's policies call the caller's account as a `CanonicalUser`. */
  readonly canonicalUser?: string | undefined;
  /** Allows that stand outside policies and already match this caller: an ACL grant, a KMS grant. */
  readonly grants?: readonly { readonly layer: "acl" | "grant"; readonly name: string }[];
  /** What has to be answered with yes as well: about the bucket behind an access point. */
  readonly also?: Access | undefined;
  /** What a refusal tells besides, by the fields of its error. */
  readonly refusedWith?: Readonly<Record<string, string>> | undefined;
}
