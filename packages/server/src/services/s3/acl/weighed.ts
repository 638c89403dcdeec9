/** Questions about objects as they are where lists count, and where an object may be another's than the bucket. */
import { parsePolicy } from "../../../identity/policy/parse.ts";
import type { Access, ResourcePolicy } from "../../../service/access.ts";
import type { Bucket } from "../bucket/row.ts";
import {
  ANONYMOUS,
  bucketGrants,
  deletionGrants,
  isOwnersAction,
  objectGrants,
  ownerOfObject,
  type AclAsker,
  type Owned,
} from "./decision.ts";

interface Asked {
  readonly bucket: Bucket;
  readonly key: string;
  /** The object that is there, where its owner has a say. */
  readonly existing: Owned | undefined;
}

export function weighedByLists(access: Access, { bucket, key, existing }: Asked, asker: AclAsker): Access {
  const { action } = access;
  if (existing === undefined || !isOwnersAction(action)) {
    const grants =
      existing && isDeletion(action) ? deletionGrants(existing, bucket, asker) : bucketGrants(action, bucket, asker);
    return grants.length > 0 ? { ...access, grants } : access;
  }
  const owner = ownerOfObject(existing, bucket);
  const grants = objectGrants(action, { ...existing, key }, bucket, asker);
  const weighed = grants.length > 0 ? { ...access, grants } : access;
  if (owner === bucket.owner) return weighed;
  const resourcePolicy = denialsOf(access.resourcePolicy);
  if (owner !== ANONYMOUS) return { ...weighed, owner, resourcePolicy };
  return { ...weighed, resourcePolicy: grants.length > 0 ? resourcePolicy : NOBODYS_TO_GIVE };
}

const isDeletion = (action: string): boolean => action === "s3:DeleteObject" || action === "s3:DeleteObjectVersion";

/**
 * A bucket's policy allows nothing with objects that are another's; what it denies counts all the same.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-auth-workflow-object-operation.html
 */
function denialsOf(policy: ResourcePolicy | undefined): ResourcePolicy | undefined {
  if (policy === undefined) return undefined;
  const { document: text } = policy;
  const { statements, version } = parsePolicy(text);
  const denials = statements.filter(({ effect }) => effect === "Deny");
  const written = denials.map(({ span }) => text.slice(span.start, span.end)).join(",");
  return denials.length === 0
    ? undefined
    : { ...policy, document: `{"Version":"${version}","Statement":[${written}]}` };
}

/** An object that nobody in particular put there, whose list lets nobody in. */
const NOBODYS_TO_GIVE: ResourcePolicy = {
  name: "ownership of an object that was put anonymously",
  document: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "NotTheOwner", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }],
  }),
};
