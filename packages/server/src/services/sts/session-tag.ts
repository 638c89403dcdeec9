/**
 * Tags that a session carries, and hands on along a chain of roles where they are transitive.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
import type { Tag } from "@aws-sdk/client-sts";
import type { Principal, Session } from "../../identity/principal.ts";
import type { Tags } from "../../kernel/tags.ts";
import { duplicateTagKeys, reservedTagKey, transitiveKeyConflict, transitiveKeyUnknown } from "./errors.ts";

type Given = Pick<Tag, "Key" | "Value">;

/** @throws {AwsError} `InvalidParameterValue` where two keys are one but for their case, or one is reserved. */
export function requireTags(given: readonly Given[]): Tags {
  const seen = new Set<string>();
  const tags: [key: string, value: string][] = [];
  for (const { Key = "", Value = "" } of given) {
    const folded = Key.toLowerCase();
    if (folded.startsWith("aws:")) throw reservedTagKey(Key);
    if (seen.has(folded)) throw duplicateTagKeys();
    seen.add(folded);
    tags.push([Key, Value]);
  }
  return Object.fromEntries(tags);
}

type SessionTags = Pick<Session, "tags" | "transitiveTagKeys">;

/** What the caller's own session hands on: keys that must not be set anew. */
export function inheritedTags(principal: Principal): Tags {
  if (principal.type !== "role-session") return {};
  const { tags, transitiveTagKeys } = principal.session;
  return Object.fromEntries(Object.entries(tags).filter(([key]) => includes(transitiveTagKeys, key)));
}

/**
 * The tags of a new session: those given, and those inherited.
 * @throws {AwsError} `InvalidParameterValue` where a transitive key is not given, or is inherited.
 */
export function sessionTags(given: Tags, transitiveKeys: readonly string[], inherited: Tags): SessionTags {
  if (transitiveKeys.some((key) => !includes(Object.keys(given), key))) throw transitiveKeyUnknown();
  if (Object.keys(inherited).some((key) => includes(Object.keys(given), key))) throw transitiveKeyConflict();
  return { tags: { ...given, ...inherited }, transitiveTagKeys: [...transitiveKeys, ...Object.keys(inherited)] };
}

/** Keys are compared without regard to case. */
const includes = (keys: readonly string[], wanted: string): boolean =>
  keys.some((key) => key.toLowerCase() === wanted.toLowerCase());
