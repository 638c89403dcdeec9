/** The id that S3 knows an account by, in listings and access control lists. */
import { createHash } from "node:crypto";
import type { Owner } from "@aws-sdk/client-s3";
import type { AccountId } from "../../../kernel/arn.ts";
import type { ObjectOwner } from "./decision.ts";

/**
 * The canonical user id of `account`: 64 hexadecimal digits, always the same.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
 */
export const canonicalIdOf = (account: AccountId): string =>
  createHash("sha256").update(`canonical user ${account}`).digest("hex");

/** The id of nobody. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html (anonymous writes) */
const ANONYMOUS_ID = "65a011a29cdf8ec533ec3d1ccaae921c";

export const canonicalIdOfOwner = (owner: ObjectOwner): string =>
  owner === "anonymous" ? ANONYMOUS_ID : canonicalIdOf(owner);

/** S3 no longer gives display names. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Owner.html */
export const ownerOf = (owner: ObjectOwner): Owner => ({ ID: canonicalIdOfOwner(owner) });
