/**
 * Questions about an upload: besides the policies, who began it has a say.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions (AbortMultipartUpload, ListParts)
 */
import type { Principal } from "../../../identity/principal.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onObject } from "../access.ts";
import { ANONYMOUS } from "../acl/decision.ts";
import { canonicalIdOf, canonicalIdOfOwner } from "../acl/owner.ts";
import { requirePaidBucket } from "../bucket/requester-pays.ts";
import { uploads, type Upload, type UploadInput } from "./row.ts";

export async function askAboutUpload(action: string, input: UploadInput, context: Context): Promise<Access> {
  const bucket = await requirePaidBucket(input, context);
  const access = onObject(action, context, { bucket, key: input.Key });
  const upload = await context.tx.get(uploads, input.Bucket, input.Key, input.UploadId);
  if (!upload || !isInitiator(context.principal, upload)) return access;
  return { ...access, grants: [...(access.grants ?? []), { layer: "acl", name: `initiator of upload ${upload.id}` }] };
}

/** Of what a user began, the user's account is the initiator as well. Nobody in particular is not somebody again. */
function isInitiator(principal: Principal, { initiator }: Upload): boolean {
  if (principal.type === "anonymous") return false;
  if (principal.type === "root" && principal.account === initiator.account) return true;
  return initiatorOf(principal).id === initiator.id;
}

export function initiatorOf(principal: Principal): Upload["initiator"] {
  if (principal.type === "anonymous") return { id: canonicalIdOfOwner(ANONYMOUS), account: undefined };
  if (principal.type === "service") return { id: principal.service, account: undefined };
  const id = principal.type === "root" ? canonicalIdOf(principal.account) : principal.arn;
  return { id, account: principal.account, ...(principal.type === "user" && { name: principal.userName }) };
}

/** Accounts have no names any more; users have. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Initiator.html */
export const formatInitiator = ({ initiator: { id, name } }: Upload) => ({
  ID: id,
  ...(name !== undefined && { DisplayName: name }),
});
