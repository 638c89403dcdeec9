/** Handshakes as rows: what one account asks of another, and what came of it. */
import type {
  ActionType,
  Handshake as HandshakeShape,
  HandshakeParty,
  HandshakeResource,
  HandshakeState,
} from "@aws-sdk/client-organizations";
import type { AccountId, Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import { handshakeNotFound } from "../errors.ts";
import { arnIn } from "../kit.ts";
import { HANDSHAKE_SHOWN_MS } from "../limits.ts";
import type { Organization } from "../organization/row.ts";

export interface Handshake {
  readonly id: string;
  readonly organizationId: string;
  readonly managementAccount: AccountId;
  readonly partition: string;
  readonly action: ActionType;
  readonly parties: readonly HandshakeParty[];
  readonly resources: readonly HandshakeResource[];
  readonly state: HandshakeState;
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
  /** Since when it is over; rows of earlier versions do not say. */
  readonly endedAtMs?: number | undefined;
  /** The account that may accept or decline; none where an address was invited that no account has. */
  readonly recipient?: AccountId | undefined;
  /** The handshake that waits for this one. */
  readonly parentId?: string | undefined;
  /** How many of those that it waits for were not accepted yet; rows of earlier versions do not say. */
  readonly missing?: number | undefined;
  /** What an invited account is to be tagged with. */
  readonly tags?: Tags | undefined;
  /** The transfer that it is about. */
  readonly transferId?: string | undefined;
}

export const handshakes = table<Handshake>("organizations.handshake", "global", ({ id }) => [id]);

/** A handshake among those that someone sent, or that someone was sent. */
export interface HandshakeOf {
  /** The id of an organization, or of an account. */
  readonly party: string;
  readonly id: string;
}

export const handshakesOf = table<HandshakeOf>("organizations.handshake-of", "global", ({ party, id }) => [party, id]);

export function dropHandshake({ id, organizationId, recipient }: Handshake, tx: Transaction): void {
  tx.delete(handshakes, id);
  tx.delete(handshakesOf, organizationId, id);
  if (recipient !== undefined) tx.delete(handshakesOf, recipient, id);
}

const WAITING: readonly HandshakeState[] = ["OPEN", "REQUESTED"];

export const isWaiting = ({ state }: Pick<Handshake, "state">): boolean => WAITING.includes(state);

/** The handshake as it stands at `nowMs`: what nobody answered in time has expired. */
export function atTime(handshake: Handshake, nowMs: number): Handshake {
  const { expiresAtMs } = handshake;
  if (!isWaiting(handshake) || nowMs < expiresAtMs) return handshake;
  return { ...handshake, state: "EXPIRED", endedAtMs: expiresAtMs };
}

/** Until when a handshake that is over is shown. */
export const shownUntilMs = ({ endedAtMs, expiresAtMs }: Handshake): number =>
  (endedAtMs ?? expiresAtMs) + HANDSHAKE_SHOWN_MS;

/** Whether it, as it stands at `nowMs`, is still shown. */
export const isShown = (handshake: Handshake, nowMs: number): boolean =>
  isWaiting(handshake) || nowMs < shownUntilMs(handshake);

/** The handshake as it stands, where it is still shown. */
export async function findHandshake(
  id: string,
  { tx, now }: { readonly tx: Transaction; readonly now: number },
): Promise<Handshake | undefined> {
  const found = await tx.get(handshakes, id);
  const handshake = found && atTime(found, now);
  return handshake !== undefined && isShown(handshake, now) ? handshake : undefined;
}

/** @throws {AwsError} `HandshakeNotFoundException` */
export async function requireHandshake(
  id: string,
  at: { readonly tx: Transaction; readonly now: number },
): Promise<Handshake> {
  const handshake = await findHandshake(id, at);
  if (!handshake) throw handshakeNotFound();
  return handshake;
}

export const handshakeArn = (
  handshake: Pick<Handshake, "id" | "organizationId" | "action" | "partition" | "managementAccount">,
): Arn => arnIn(handshake, `handshake/${handshake.organizationId}/${handshake.action.toLowerCase()}/${handshake.id}`);

/** What every handshake says of the organization that it is about. */
export const organizationResource = ({ id, email, featureSet }: Organization): HandshakeResource => ({
  Type: "ORGANIZATION",
  Value: id,
  Resources: [
    { Type: "MASTER_EMAIL", Value: email },
    { Type: "MASTER_NAME", Value: "master" },
    { Type: "ORGANIZATION_FEATURE_SET", Value: featureSet },
  ],
});

export const formatHandshake = (handshake: Handshake): HandshakeShape => ({
  Id: handshake.id,
  Arn: handshakeArn(handshake),
  Parties: [...handshake.parties],
  State: handshake.state,
  RequestedTimestamp: new Date(handshake.requestedAtMs),
  ExpirationTimestamp: new Date(handshake.expiresAtMs),
  Action: handshake.action,
  Resources: [...handshake.resources],
});
