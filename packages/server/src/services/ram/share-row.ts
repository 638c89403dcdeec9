/** Resource shares as rows. */
import type { ResourceShare } from "@aws-sdk/client-ram";
import { formatArn, parseAccountId, parseArn, type AccountId, type Arn, type Region } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { malformedShareArn, notYours, unknownShare } from "./errors.ts";
import { placeOf, type RamPlace } from "./kit.ts";
import { ALL_ROWS } from "./limits.ts";
import { formatTags } from "./tag-list.ts";

/** The permission under which a share has resources of one type. */
export interface SharePermission {
  readonly arn: Arn;
  readonly version: number;
  readonly resourceType: string;
  readonly updatedAtMs: number;
}

export interface Share extends RamPlace {
  readonly id: string;
  readonly name: string;
  readonly status: "ACTIVE" | "DELETED";
  /** Whether accounts outside the owner's organization may be principals. */
  readonly allowsExternal: boolean;
  /** Whether accounts keep it that leave the organization: they are invited, as if they were outside. */
  readonly isRetained: boolean;
  readonly tags: Tags;
  /** One for each type of resource at most. */
  readonly permissions: readonly SharePermission[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export const shares = table<Share>("ram.resource-share", "global", ({ account, region, id }) => [account, region, id]);

/** The parts of a share's ARN. */
interface ShareName {
  readonly partition: string;
  readonly region: string;
  readonly account: AccountId;
  readonly id: string;
}

export const shareArn = ({ partition, region, account, id }: ShareName): Arn =>
  formatArn({ partition, service: "ram", region, account, resource: `resource-share/${id}` });

/** All of an account in a region, those deleted a short while ago included. */
export const sharesOf = (account: AccountId, region: Region, tx: Transaction): Promise<Share[]> =>
  tx.scan(shares, { prefix: [account, region], limit: ALL_ROWS });

/** @throws {AwsError} `MalformedArnException` */
export function parseShareArn(text: string): ShareName {
  const parts = parseArn(text);
  const account = parseAccountId(parts?.account ?? "");
  const id = /^resource-share\/([^/]+)$/.exec(parts?.resource ?? "")?.[1];
  if (parts?.service !== "ram" || account === undefined || id === undefined) throw malformedShareArn();
  return { partition: parts.partition, account, region: parts.region, id };
}

/**
 * The share of that ARN, whoever has it, in the region of the call.
 *
 * @throws {AwsError} `MalformedArnException`
 */
export async function findShare(
  text: string,
  { tx, region }: Pick<Context, "tx" | "region">,
): Promise<Share | undefined> {
  const named = parseShareArn(text);
  return named.region === region ? tx.get(shares, named.account, named.region, named.id) : undefined;
}

/** @throws {AwsError} `MalformedArnException`, `UnknownResourceException` */
export async function requireShare(text: string, context: Pick<Context, "tx" | "region">): Promise<Share> {
  const share = await findShare(text, context);
  if (share === undefined) throw unknownShare(text);
  return share;
}

/** @throws {AwsError} likewise; `OperationNotPermittedException` for the share of another */
export async function requireOwnShare(
  text: string,
  context: Pick<Context, "tx" | "region" | "account">,
): Promise<Share> {
  const share = await requireShare(text, context);
  if (share.account !== context.account) throw notYours(text);
  if (share.status === "DELETED") throw unknownShare(text);
  return share;
}

/** Puts a change; the time of it is the share's. */
export function putShare(share: Share, context: Pick<Context, "tx" | "now">): Share {
  const changed = { ...share, updatedAtMs: context.now().getTime() };
  context.tx.put(shares, changed);
  return changed;
}

/** As `CreateResourceShare` and `UpdateResourceShare` answer. */
export const formatShare = (share: Share): ResourceShare => ({
  resourceShareArn: shareArn(share),
  name: share.name,
  owningAccountId: share.account,
  allowExternalPrincipals: share.allowsExternal,
  status: share.status,
  creationTime: new Date(share.createdAtMs),
  lastUpdatedTime: new Date(share.updatedAtMs),
  ...(Object.keys(share.tags).length > 0 && { tags: formatTags(share.tags) }),
  resourceShareConfiguration: { retainSharingOnAccountLeaveOrganization: share.isRetained },
});

export const newShare = (
  fields: Pick<Share, "name" | "allowsExternal" | "isRetained" | "tags">,
  context: Context,
): Share => {
  const nowMs = context.now().getTime();
  const place = placeOf(context);
  return {
    ...place,
    ...fields,
    id: context.newId(),
    status: "ACTIVE",
    permissions: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
};
