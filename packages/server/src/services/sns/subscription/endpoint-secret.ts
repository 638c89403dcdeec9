/**
 * Passwords in the addresses of web endpoints: they are not shown, and do not lie in rows as they are.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html (user name and password)
 */
import { hash } from "node:crypto";
import { assert } from "../../../kernel/assert.ts";
import type { Context } from "../../../service/context.ts";
import type { Subscription } from "./row.ts";

type Hidden = Pick<Subscription, "endpoint" | "endpointKey" | "sealedUrl">;

const PURPOSE = "sns endpoint";
const MASK = "****";
const PASSWORD = /^(https?:\/\/[^/?#@:]*:)([^/?#@]+)(?=@)/;

/** The endpoint as anybody may see it. */
export const maskedEndpoint = (endpoint: string): string => endpoint.replace(PASSWORD, `$1${MASK}`);

export function hideSecret(endpoint: string, { keys }: Pick<Context, "keys">): Hidden {
  if (!PASSWORD.test(endpoint)) return { endpoint };
  return {
    endpoint: maskedEndpoint(endpoint),
    endpointKey: hash("sha256", endpoint, "base64url"),
    sealedUrl: keys.seal(endpoint, PURPOSE),
  };
}

/** Where the endpoint is reached. */
export function urlOf({ endpoint, sealedUrl }: Hidden, { keys }: Pick<Context, "keys">): string {
  if (sealedUrl === undefined) return endpoint;
  const opened = keys.open(sealedUrl, PURPOSE);
  assert(opened !== undefined, "what was sealed here opens here");
  return Buffer.from(opened).toString("utf8");
}
