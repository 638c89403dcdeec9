/**
 * Tags and a source identity that a token asks for.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
 */
import type { JWTPayload } from "jose";
import type { ClaimedSession } from "./federation.ts";
import { isRecord } from "./json-object.ts";
import { malformedClaim } from "./refusals.ts";

const TAGS = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY = "https://aws.amazon.com/source_identity";

/** @throws {IdentityRefused} */
export function claimedSession(claims: JWTPayload): ClaimedSession {
  const asked = claims[TAGS];
  const sourceIdentity = claims[SOURCE_IDENTITY];
  if (sourceIdentity !== undefined && typeof sourceIdentity !== "string") throw malformedClaim(SOURCE_IDENTITY);
  if (asked === undefined)
    return { ...claimedTags(flatTags(claims), claims[`${TAGS}/transitive_tag_keys`]), sourceIdentity };
  if (!isRecord(asked)) throw malformedClaim(TAGS);
  return { ...claimedTags(asked["principal_tags"], asked["transitive_tag_keys"]), sourceIdentity };
}

/** The flat form: one claim for each tag, `https://aws.amazon.com/tags/principal_tags/team`. */
function flatTags(claims: JWTPayload): Readonly<Record<string, unknown>> {
  const start = `${TAGS}/principal_tags/`;
  return Object.fromEntries(
    Object.entries(claims).flatMap(([name, value]) =>
      name.startsWith(start) ? [[name.slice(start.length), value]] : [],
    ),
  );
}

function claimedTags(tags: unknown, transitive: unknown): Pick<ClaimedSession, "tags" | "transitiveTagKeys"> {
  if (tags !== undefined && !isRecord(tags)) throw malformedClaim(`${TAGS}/principal_tags`);
  return {
    tags: Object.entries(tags ?? {}).map(([Key, value]) => ({ Key, Value: requireOne(value) })),
    transitiveTagKeys: requireTexts(transitive),
  };
}

/** A tag has one value, in a list or by itself. */
function requireOne(value: unknown): string {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const [only, ...more] = values;
  if (typeof only !== "string" || more.length > 0) throw malformedClaim(`${TAGS}/principal_tags`);
  return only;
}

function requireTexts(value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return texts.map((text) => {
    if (typeof text !== "string") throw malformedClaim(`${TAGS}/transitive_tag_keys`);
    return text;
  });
}
