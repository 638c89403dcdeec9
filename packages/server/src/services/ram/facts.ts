/** What the rest of the cloud must know of shares. */
import type { Directory } from "../../identity/directory.ts";
import type { SharedKind, SharedResource, ShareFacts } from "../../identity/sharing.ts";
import { parseArn, partitionOf, type AccountId, type Arn } from "../../kernel/arn.ts";
import type { Transaction } from "../../kernel/table.ts";
import { associationsOf, isPrincipal } from "./association-row.ts";
import { enforcedPolicy, sharesOfResource, templateFor } from "./policy-text.ts";
import { reaches, resourcesOf, sharesReaching } from "./reach.ts";
import type { Share } from "./share-row.ts";
import type { Around } from "./sharing-organization.ts";

export function shareFacts(directory: Directory): ShareFacts {
  const around = (resource: Arn, tx: Transaction): Around => ({
    directory,
    tx,
    partition: parseArn(resource)?.partition ?? "aws",
  });
  return {
    async policyOf(resource, tx) {
      const document = await enforcedPolicy(resource, around(resource, tx));
      return document === undefined ? undefined : { name: `resource shares of ${resource}`, document };
    },
    sharedWith: (account, kind, tx) =>
      sharedWith(account, kind, { directory, tx, partition: partitionOf(kind.region) }),
    findShared: (resource, account, tx) => findShared(resource, account, around(resource, tx)),
  };
}

async function sharedWith(account: AccountId, { type, region }: SharedKind, around: Around) {
  const found = new Map<Arn, SharedResource>();
  for (const { share } of await sharesReaching({ account, region }, around)) {
    for (const { entity: arn, resourceType } of await resourcesOf(share, around)) {
      if (resourceType === type) found.set(arn, await withShare(found.get(arn), { arn, share, type }, around));
    }
  }
  return [...found.values()];
}

async function findShared(arn: Arn, consumer: AccountId, around: Around): Promise<SharedResource | undefined> {
  let found: SharedResource | undefined;
  for (const share of await sharesOfResource(arn, around)) {
    const type = (await resourcesOf(share, around)).find(({ entity }) => entity === arn)?.resourceType;
    const isReached = share.account !== consumer && (await isReachedBy(share, consumer, around));
    if (type !== undefined && isReached) found = await withShare(found, { arn, share, type }, around);
  }
  return found;
}

async function isReachedBy(share: Share, consumer: AccountId, around: Around): Promise<boolean> {
  for (const row of (await associationsOf(share, around.tx)).filter(isPrincipal)) {
    if (await reaches(row, { share, consumer }, around)) return true;
  }
  return false;
}

interface Held {
  readonly arn: Arn;
  readonly type: string;
  readonly share: Share;
}

/** The resource with what one more share allows. */
async function withShare(
  known: SharedResource | undefined,
  { arn, type, share }: Held,
  around: Around,
): Promise<SharedResource> {
  const template = await templateFor(share, arn, around);
  const actions = [...new Set([...(known?.actions ?? []), ...(template?.Action ?? [])])];
  return { arn, type, owner: share.account, actions };
}
