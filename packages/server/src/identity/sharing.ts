/** What services must know of resources that accounts share with each other. The RAM service answers it. */
import type { AccountId, Arn, Region } from "../kernel/arn.ts";
import type { Transaction } from "../kernel/table.ts";
import type { ResourcePolicy } from "../service/access.ts";

/** A resource that others may use through a share. */
export interface SharedResource {
  readonly arn: Arn;
  /** In RAM's words: `ec2:Subnet`. */
  readonly type: string;
  readonly owner: AccountId;
  /** What the shares' permissions allow, conditions apart: `ec2:RunInstances`. */
  readonly actions: readonly string[];
}

/** Which shared resources are meant. */
export interface SharedKind {
  readonly type: string;
  readonly region: Region;
}

export interface ShareFacts {
  /**
   * The policy that shares put on a resource, for the question about it (`Access.resourcePolicy`); `undefined` where no
   * share has it. A service whose resource has a policy of its own besides asks with the statements of both.
   */
  policyOf(resource: Arn, tx: Transaction): Promise<ResourcePolicy | undefined>;
  /** What others share with `account`, or with roles and users of it: for the lists of the service that has them. */
  sharedWith(account: AccountId, kind: SharedKind, tx: Transaction): Promise<readonly SharedResource[]>;
  /** `undefined` where nobody shares the resource with `account`, nor with roles or users of it. */
  findShared(resource: Arn, account: AccountId, tx: Transaction): Promise<SharedResource | undefined>;
}

/** With it RAM asks the services what there is to share: their `shareable`. */
export interface Sharing extends ShareFacts {
  /** Whether a service that is built has such a resource and lets it be shared. `tx` sees where the resource is. */
  isShareable(resource: { readonly arn: Arn; readonly type: string }, tx: Transaction): Promise<boolean>;
}
