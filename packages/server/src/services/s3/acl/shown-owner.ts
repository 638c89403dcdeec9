import type { Owner } from "@aws-sdk/client-s3";
import type { Bucket } from "../bucket/row.ts";
import { ownerOf } from "./owner.ts";
import { ownerOfObject, type Owned } from "./decision.ts";

/** Whose an object is, as listings show it. */
export type ShowOwner = (object: Owned) => Owner;

/** The id of the bucket's owner, which nearly all have, is worked out once. */
export function ownersIn(bucket: Bucket): ShowOwner {
  const usual = ownerOf(bucket.owner);
  return (object) => {
    const owner = ownerOfObject(object, bucket);
    return owner === bucket.owner ? usual : ownerOf(owner);
  };
}
