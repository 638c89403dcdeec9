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
  /** The account that may accept or decline; none where an address was invited that no account has. */
  readonly recipient?: AccountId | undefined;
  /** The handshake that waits for this one. */
  readonly parentId?: string | undefined;
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

const handshakesOf = table<HandshakeOf>("organizations.handshake-of", "global", ({ party, id }) => [party, id]);

export function putHandshake(handshake: Handshake, tx: Transaction): void {
  const { id, organizationId, recipient } = handshake;
  tx.put(handshakes, handshake);
  tx.put(handshakesOf, { party: organizationId, id });
  if (recipient !== undefined) tx.put(handshakesOf, { party: recipient, id });
}

const WAITING: readonly HandshakeState[] = ["OPEN", "REQUESTED"];

export const isWaiting = ({ state }: Pick<Handshake, "state">): boolean => WAITING.includes(state);

/** The handshake as it stands at `nowMs`: what nobody answered in time has expired. */
const atTime = (handshake: Handshake, nowMs: number): Handshake =>
  isWaiting(handshake) && nowMs >= handshake.expiresAtMs ? { ...handshake, state: "EXPIRED" } : handshake;

/** Whether it is still shown at `nowMs`. */
const isShown = ({ expiresAtMs }: Handshake, nowMs: number): boolean => nowMs < expiresAtMs + HANDSHAKE_SHOWN_MS;

/** @throws {AwsError} `HandshakeNotFoundException` */
export async function requireHandshake(
  id: string,
  { tx, now }: { readonly tx: Transaction; readonly now: number },
): Promise<Handshake> {
  const handshake = await tx.get(handshakes, id);
  if (!handshake || !isShown(handshake, now)) throw handshakeNotFound();
  return atTime(handshake, now);
}

/** More than anybody has at a time. */
const HANDSHAKES_AT_ONCE = 100_000;

/** All that `party` sent or was sent, as they stand. */
export async function handshakesWith(
  party: string,
  { tx, now }: { readonly tx: Transaction; readonly now: number },
): Promise<readonly Handshake[]> {
  const rows = await tx.scan(handshakesOf, { prefix: [party], limit: HANDSHAKES_AT_ONCE });
  const found = await Promise.all(rows.map(({ id }) => tx.get(handshakes, id)));
  return found
    .filter((handshake) => handshake !== undefined)
    .filter((handshake) => isShown(handshake, now))
    .map((handshake) => atTime(handshake, now));
}

/** Cancels those of `party` that still wait, and that are `meant`. */
export async function cancelWaiting(
  party: string,
  meant: (handshake: Handshake) => boolean,
  at: { readonly tx: Transaction; readonly now: number },
): Promise<void> {
  for (const handshake of await handshakesWith(party, at)) {
    if (isWaiting(handshake) && meant(handshake)) putHandshake({ ...handshake, state: "CANCELED" }, at.tx);
  }
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
