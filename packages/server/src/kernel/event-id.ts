import { hash } from "node:crypto";

/** The id of the event by which an account's trails tell of a call: the same in every telling of it. */
export const eventIdOf = (requestId: string, recipient: string): string => uuidOf(`${requestId} ${recipient}`);

/** What several accounts' events of one call have in common. */
export const sharedEventIdOf = (requestId: string): string => uuidOf(requestId);

function uuidOf(text: string): string {
  const digits = hash("sha256", text, "hex");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
