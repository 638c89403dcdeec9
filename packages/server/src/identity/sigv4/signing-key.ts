import { createHmac } from "node:crypto";
import { HmacKey } from "../../kernel/hmac-key.ts";

/** The key of one secret for one day, region and service. */
export function deriveSigningKey(
  secretAccessKey: string,
  scope: { readonly date: string; readonly region: string; readonly service: string },
): HmacKey {
  const parts = [scope.date, scope.region, scope.service, "aws4_request"];
  const start: Uint8Array = Buffer.from(`AWS4${secretAccessKey}`, "utf8");
  return new HmacKey(parts.reduce((key, part) => createHmac("sha256", key).update(part, "utf8").digest(), start));
}
