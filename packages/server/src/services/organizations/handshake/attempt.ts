/**
 * Invitations that an organization has sent within a day. Those that were accepted do not count, those that were
 * cancelled do.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { tooManyInvitations } from "../errors.ts";
import { DAY_MS, INVITATIONS_PER_DAY_MAX } from "../limits.ts";
import type { Handshake } from "./row.ts";

interface Attempt {
  readonly organizationId: string;
  readonly atMs: number;
  /** Of the handshake. */
  readonly id: string;
}

const attempts = table<Attempt>("organizations.invitation-attempt", "global", ({ organizationId, atMs, id }) => [
  organizationId,
  atMs,
  id,
]);

/** How many such rows there are. */
interface AttemptCount {
  readonly organizationId: string;
  readonly attempts: number;
}

const attemptCounts = table<AttemptCount>("organizations.invitation-attempt-count", "global", ({ organizationId }) => [
  organizationId,
]);

/** @throws {AwsError} `HandshakeConstraintViolationException` */
export async function noteAttempt({ organizationId, requestedAtMs: atMs, id }: Handshake, { tx }: Context) {
  const known = await tx.get(attemptCounts, organizationId);
  const before = [organizationId, atMs - DAY_MS];
  const over = await tx.clear(attempts, { prefix: [organizationId], before, limit: INVITATIONS_PER_DAY_MAX });
  const count = (known?.attempts ?? 0) - over;
  if (count >= INVITATIONS_PER_DAY_MAX) throw tooManyInvitations();
  tx.put(attempts, { organizationId, atMs, id });
  tx.put(attemptCounts, { organizationId, attempts: count + 1 });
}

/** It was accepted. */
export async function forgetAttempt({ organizationId, requestedAtMs, id }: Handshake, { tx }: Context): Promise<void> {
  const known = await tx.get(attemptCounts, organizationId);
  if (known === undefined || (await tx.get(attempts, organizationId, requestedAtMs, id)) === undefined) return;
  tx.delete(attempts, organizationId, requestedAtMs, id);
  tx.put(attemptCounts, { organizationId, attempts: known.attempts - 1 });
}

export async function dropAttempts(organizationId: string, { tx }: Context): Promise<void> {
  await tx.clear(attempts, { prefix: [organizationId], limit: INVITATIONS_PER_DAY_MAX });
  tx.delete(attemptCounts, organizationId);
}
