/** The ids of a request, as its answer has them. */
import type { Context } from "../../../service/context.ts";

/**
 * Sixteen capitals and digits, also of what no request began.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/get-request-ids.html
 */
export const requestIdOf = ({ requestId }: Pick<Context, "requestId">): string =>
  requestId.replaceAll("-", "").slice(0, 16).toUpperCase();

export const hostIdOf = (requestId: string): string =>
  Buffer.from(requestId.repeat(4), "latin1").toString("base64").slice(0, 76);
