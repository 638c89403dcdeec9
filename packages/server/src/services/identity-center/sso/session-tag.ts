/**
 * Attributes of a user as its instance passes them on, as tags of sessions.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/configure-abac-attributes.html
 */
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { accessAttributes } from "../access-attribute-row.ts";
import type { SignedIn } from "../portal-session.ts";
import { ENTERPRISE, type UserAttributes } from "../user-row.ts";

export async function sessionTagsOf({ instance, user }: SignedIn, { tx }: Context): Promise<Tags> {
  const { attributes = [] } = (await tx.get(accessAttributes, instance.id)) ?? {};
  return Object.fromEntries(
    attributes.flatMap(({ key, source }) => {
      const value = valueOf(user.attributes, source);
      return value === undefined || value === "" ? [] : [[key, value] as const];
    }),
  );
}

/** `${path:name.familyName}` as the user has it, or a text that is the same for all. */
function valueOf(attributes: UserAttributes, source: string): string | undefined {
  const path = /^\$\{(?:path|user):(.+)\}$/.exec(source)?.[1];
  return path === undefined ? source : read(attributes, path);
}

function read(attributes: UserAttributes, path: string): string | undefined {
  const [first = "", second] = path.split(".");
  if (first === "enterprise" && second !== undefined)
    return textAt(attributes.Extensions?.[ENTERPRISE], path.split(".").slice(1));
  // what stands in brackets says which of several; users have one of each
  const parts = path
    .replaceAll(/\[[^\]]*\]/g, ".0")
    .split(".")
    .map(capitalized);
  return textAt(attributes, parts);
}

function textAt(value: unknown, parts: readonly string[]): string | undefined {
  const [part, ...rest] = parts;
  if (part === undefined) return typeof value === "string" ? value : undefined;
  if (Array.isArray(value) && !/^\d+$/.test(part)) return textAt(value[0], parts);
  return typeof value === "object" && value !== null
    ? textAt(Object.entries(value).find(([name]) => name === part)?.[1], rest)
    : undefined;
}

const capitalized = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
