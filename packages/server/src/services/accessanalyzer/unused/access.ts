/**
 * What of users' and roles' access was not used for so long.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html#access-analyzer-unused-access
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { UnusedAccess } from "../analyzer/row.ts";
import type { UnusedAccessDetail, UnusedService } from "../finding/row.ts";
import type { RoleFacts, ServiceUse, UserFacts } from "./identity.ts";
import type { Discovery } from "../finding/reconcile.ts";

/** Used, or at least there, since then. */
export type IsRecent = (use: { readonly createdAtMs: number; readonly lastUsedAtMs?: number | undefined }) => boolean;

export const recentSince =
  ({ ageDays }: UnusedAccess, nowMs: number): IsRecent =>
  ({ createdAtMs, lastUsedAtMs }) =>
    nowMs - (lastUsedAtMs ?? createdAtMs) < ageDays * DAY_MS;

/** `undefined`: the role is in use. */
export const unusedRole = (role: RoleFacts, isRecent: IsRecent): Discovery | undefined =>
  isRecent(role) ? undefined : discovery("role", { kind: "role", ...lastUse(role) });

export function unusedCredentials({ accessKeys, password }: UserFacts, isRecent: IsRecent): readonly Discovery[] {
  const keys = accessKeys
    .filter((key) => !isRecent(key))
    .map((key) =>
      discovery(`access-key ${key.accessKeyId}`, {
        kind: "access-key",
        accessKeyId: key.accessKeyId,
        ...lastUse(key),
      }),
    );
  if (password === undefined || isRecent(password)) return keys;
  return [...keys, discovery("password", { kind: "password", ...lastUse(password) })];
}

/** `undefined`: all of it was used, or the identity is too young to tell. */
export function unusedPermissions(
  services: readonly ServiceUse[],
  { createdAtMs }: { readonly createdAtMs: number },
  isRecent: IsRecent,
): Discovery | undefined {
  const unused = services.flatMap((service) => unusedService(service, createdAtMs, isRecent) ?? []);
  return unused.length === 0 ? undefined : discovery("permissions", { kind: "permissions", services: unused });
}

function unusedService(service: ServiceUse, createdAtMs: number, isRecent: IsRecent): UnusedService | undefined {
  const { namespace, lastUsedAtMs, actions } = service;
  if (!isRecent({ createdAtMs, lastUsedAtMs })) return { namespace, actions: [], ...lastUse(service) };
  const unused = actions.filter((action) => !isRecent({ createdAtMs, lastUsedAtMs: action.lastUsedAtMs }));
  if (unused.length === 0) return undefined;
  const shown = unused.map((action) => ({ action: action.action, ...lastUse(action) }));
  return { namespace, actions: shown, ...lastUse(service) };
}

const discovery = (identity: string, detail: UnusedAccessDetail): Discovery => ({ identity, detail });

const lastUse = ({ lastUsedAtMs }: { readonly lastUsedAtMs?: number | undefined }) =>
  lastUsedAtMs === undefined ? {} : { lastUsedAtMs };

/** A tag without a value stands for all values. Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AnalysisRuleCriteria.html */
export const isExcluded = ({ exclusions }: UnusedAccess, tags: Tags): boolean =>
  exclusions.some(({ resourceTags = [] }) =>
    resourceTags.some((wanted) =>
      Object.entries(wanted).every(([key, value]) => Object.hasOwn(tags, key) && (value === "" || tags[key] === value)),
    ),
  );
