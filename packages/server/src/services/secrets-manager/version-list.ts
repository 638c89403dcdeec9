/** The versions of a secret as a list shows them. */
import { pageOf, type Page } from "../../kernel/page.ts";
import { onSecret } from "./access.ts";
import { tokenInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { arnOf, requireSecret, type Secret } from "./secret-row.ts";
import { versionsOf, type Version } from "./version-row.ts";

const VERSIONS_PER_PAGE = 100;
const TIME_DIGITS = 16;

export const listSecretVersionIds = operation("ListSecretVersionIds", {
  authorize: ({ SecretId }, context) => onSecret("ListSecretVersionIds", SecretId, context),

  async handle({ SecretId, IncludeDeprecated = false, MaxResults, NextToken }, context) {
    const secret = await requireSecret(SecretId, context);
    const all = await versionsOf(secret, context.tx);
    const wanted = all.filter(({ id }) => IncludeDeprecated || secret.stages[id] !== undefined);
    const { rows, next }: Page<Version> = pageOf(wanted, {
      token: NextToken,
      limit: MaxResults ?? VERSIONS_PER_PAGE,
      orderOf: ({ createdAtMs, id }) => [String(createdAtMs).padStart(TIME_DIGITS, "0"), id],
      invalidToken: tokenInvalid,
    });
    return {
      ARN: arnOf(secret),
      Name: secret.name,
      Versions: rows.map((version) => shown(version, secret)),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

function shown({ id, createdAtMs, accessedAtMs, value }: Version, { stages }: Secret) {
  const labels = stages[id];
  const key = value === "pending" ? undefined : (value.kmsKeyId ?? "DefaultEncryptionKey");
  return {
    VersionId: id,
    CreatedDate: new Date(createdAtMs),
    ...(labels && { VersionStages: [...labels] }),
    ...(accessedAtMs !== undefined && { LastAccessedDate: new Date(accessedAtMs) }),
    ...(key !== undefined && { KmsKeyIds: [key] }),
  };
}
