import type { Directory } from "../identity/directory.ts";
import type { AccountId, Arn, Region } from "../kernel/arn.ts";
import type { Transaction } from "../kernel/table.ts";

/** A resource as those see it who look for what its policy lets others do. */
export interface PoliciedResource {
  readonly arn: Arn;
  readonly owner: AccountId;
  /** What its policy calls the owner as a `CanonicalUser`, where it can. */
  readonly canonicalOwner?: string;
  /** As its readers see it, with ARNs; `undefined`: it has none. */
  readonly policy: string | undefined;
  /** Shut out: a public policy lets in nobody from outside of the account. */
  readonly publicAccess: "possible" | "shut out";
  /** What is allowed beside the policy, and denied where the policy denies it: a key's grants. */
  readonly grants?: readonly PoliciedGrant[];
  /** What a bucket's access control list lets others do, as far as it counts. */
  readonly listed?: readonly ListedGrant[];
}

/** An entry of an access control list: for anybody, or for the account of a canonical id. */
export interface ListedGrant {
  readonly to: "anybody" | { readonly canonicalUser: string };
  readonly permission: "READ" | "WRITE" | "READ_ACP" | "WRITE_ACP" | "FULL_CONTROL";
}

export interface PoliciedGrant {
  /** As a policy names somebody: an ARN, or the id of who is gone. */
  readonly to: string;
  /** `kms:Decrypt` */
  readonly actions: readonly string[];
}

/** Where resources are looked for. */
export interface PoliciedPlace {
  /** Sees the account and the region. */
  readonly tx: Transaction;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  /** Shows the principals of policies that are kept with unique ids. */
  readonly directory: Pick<Directory, "showPrincipals">;
}

/** A type of resource that has a policy of its own: a service says how its resources are found. */
export interface Policied {
  /** In CloudFormation's words: `AWS::S3::Bucket`. */
  readonly type: string;
  /** All of an account in a region; those of a service that is global are in every region. */
  list(place: PoliciedPlace): Promise<readonly PoliciedResource[]>;
  /** One of those; `undefined` where there is none of that ARN. */
  find(arn: Arn, place: PoliciedPlace): Promise<PoliciedResource | undefined>;
}

/** The resources with policies of all services that are built. */
export interface PoliciedResources {
  types(): Promise<readonly Policied[]>;
}
