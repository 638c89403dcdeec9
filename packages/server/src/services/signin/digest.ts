import { createHash } from "node:crypto";

/** How secrets that are only compared lie in the store: who reads it signs in with nothing. */
export const digestOf = (secret: string): string => createHash("sha256").update(secret).digest("base64url");
