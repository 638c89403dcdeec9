import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onObject, type KeyedInput } from "../access.ts";
import type { Bucket } from "../bucket/row.ts";
import { findVersion, type ObjectInput } from "../object/object.ts";
import { isMarker } from "../version/row.ts";
import { accountOf, listsCount } from "./decision.ts";

/** The question whether a version may be deleted. Whose it is matters only to those whom a list lets in. */
export async function askToDelete(input: ObjectInput & KeyedInput, bucket: Bucket, context: Context): Promise<Access> {
  const { Key: key, VersionId } = input;
  const action = VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
  const byList = bucket.acl !== undefined && listsCount(bucket) && accountOf(context.principal) !== bucket.owner;
  const found = byList ? await findVersion(input, bucket, context) : undefined;
  const existing = found && !isMarker(found) ? found : undefined;
  return onObject(action, context, { bucket, key, input, existing });
}
