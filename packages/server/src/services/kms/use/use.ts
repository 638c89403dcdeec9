/** What every cryptographic operation does besides: it checks the key, and notes when it was last used. */
import type { KeyLastUsageData, KeyLastUsageTrackingOperation, KeyUsageType } from "@aws-sdk/client-kms";
import { DAY_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { ConditionKeys } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { eventIdOf } from "../../../kernel/event-id.ts";
import { onKeyNamed } from "../access.ts";
import { grantTokenInvalid, recipientUnsupported } from "../errors.ts";
import { isGrantToken } from "../grant/token.ts";
import { homeOf, type Key } from "../key/row.ts";
import { requireEnabled, requireUsage } from "../key/state.ts";
import { operation } from "../kit.ts";
import { requireKey } from "../key/named.ts";

interface Use {
  readonly keyId: string;
  readonly operation: KeyLastUsageTrackingOperation;
  readonly atMs: number;
  readonly requestId: string;
}

const uses = table<Use>("kms.use", "region", ({ keyId }) => [keyId]);

/** Written anew at most so often, so that decrypting stays a read. */
const NOTED_EVERY_MS = 60_000;

export interface UseRequest {
  readonly GrantTokens?: readonly string[] | undefined;
  readonly Recipient?: object | undefined;
}

/**
 * A key that may be used so now.
 * @throws {AwsError} `DisabledException`, `KMSInvalidStateException`, `InvalidKeyUsageException`
 */
export function requireUsable(key: Key, wanted: Wanted, context: Context): Promise<void> {
  const { usage, action, request } = wanted;
  if (request.Recipient !== undefined) throw recipientUnsupported();
  requireGrantTokens(request, context);
  requireEnabled(key);
  requireUsage(key, usage, action);
  return noteUse(key, action, context);
}

/** @throws {AwsError} `InvalidGrantTokenException` for one that was never given out. */
export function requireGrantTokens({ GrantTokens = [] }: Pick<UseRequest, "GrantTokens">, context: Context): void {
  if (!GrantTokens.every((token) => isGrantToken(token, context))) throw grantTokenInvalid();
}

export interface Wanted {
  readonly usage: KeyUsageType;
  readonly action: KeyLastUsageTrackingOperation;
  readonly request: UseRequest;
}

/** Of a key that is gone: one of the same id may be made in its place. */
export const forgetUse = (key: Key, tx: Transaction): void => homeOf(key, tx).delete(uses, key.id);

async function noteUse(key: Key, action: KeyLastUsageTrackingOperation, context: Context): Promise<void> {
  const home = homeOf(key, context.tx);
  const atMs = context.now().getTime();
  const last = await home.get(uses, key.id);
  if (last !== undefined && last.operation === action && atMs - last.atMs < NOTED_EVERY_MS) return;
  home.put(uses, { keyId: key.id, operation: action, atMs, requestId: context.requestId });
}

/**
 * The condition key on how long nobody has used a key; of one that nobody ever used, since it was made.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
export async function unusedKeys(key: Key, context: Context): Promise<ConditionKeys> {
  const last = await homeOf(key, context.tx).get(uses, key.id);
  const unusedMs = context.now().getTime() - (last?.atMs ?? key.createdAtMs);
  return { "kms:TrailingDaysWithoutKeyUsage": String(Math.floor(unusedMs / DAY_MS)) };
}

export const getKeyLastUsage = operation("GetKeyLastUsage", {
  authorize: ({ KeyId }, context) => onKeyNamed("GetKeyLastUsage", KeyId, context),

  /** Differs: uses of one kind within a minute count as the first of them. */
  async handle({ KeyId }, context) {
    const key = await requireKey(KeyId, context);
    const use = await context.tx.get(uses, key.id);
    const createdAt = new Date(key.createdAtMs);
    return {
      KeyId: key.id,
      KeyLastUsage: use ? formatUse(use, key) : {},
      TrackingStartDate: createdAt,
      KeyCreationDate: createdAt,
    };
  },
});

const formatUse = (
  { operation: Operation, atMs, requestId: KmsRequestId }: Use,
  { account }: Key,
): KeyLastUsageData => ({
  Operation,
  Timestamp: new Date(atMs),
  CloudTrailEventId: eventIdOf(KmsRequestId, account),
  KmsRequestId,
});
