/**
 * Secrets that services keep for their users, each by its service-linked role.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html
 */
import { linkedServiceOf } from "../../kernel/service-linked-role.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";

const TAG = "aws:secretsmanager:owningService";

/** What the name `events!connection/…` says, where a service made it. */
export function owningServiceOf(name: string, { principal }: Pick<Context, "principal">): string | undefined {
  const isLinked = principal.type === "role-session" && linkedServiceOf(principal.roleArn) !== undefined;
  return isLinked ? /^([a-z-]+)!/.exec(name)?.[1] : undefined;
}

export const ownerTags = (owningService: string): Tags => ({ [TAG]: owningService });
