/** One request to a subscriber's web server, and what its answer means. */
import { SECOND_MS } from "../../../kernel/duration.ts";
import { OutwardError } from "../../../kernel/outward-error.ts";
import type { Context } from "../../../service/context.ts";

/** Source: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html (15 seconds) */
const TIMEOUT_MS = 15 * SECOND_MS;
const ANSWER_BYTES_MAX = 4096;

export interface Parcel {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface WebAnswer {
  readonly outcome: "taken" | "refused" | "failed";
  readonly statusCode: number;
  /** What the server said, or why it said nothing. */
  readonly response: string;
}

const TOO_MANY = 429;
const NO_ANSWER = 0;

/**
 * Answers of the receiver's own fault are worth another attempt, those that say the request is wrong are not.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html#how-messages-moved-into-dead-letter-queue
 */
export async function send({ headers, text }: Parcel, url: string, { outward }: Context): Promise<WebAnswer> {
  const body = Buffer.from(text, "utf8");
  const asked = { url, method: "POST", headers, body, timeoutMs: TIMEOUT_MS, bytesMax: ANSWER_BYTES_MAX };
  try {
    const { status, body: said } = await outward.request(asked);
    return { outcome: outcomeOf(status), statusCode: status, response: Buffer.from(said).toString("utf8") };
  } catch (error) {
    if (!(error instanceof OutwardError)) throw error;
    const outcome = error.why === "refused" ? "refused" : "failed";
    return { outcome, statusCode: NO_ANSWER, response: error.message };
  }
}

function outcomeOf(status: number): WebAnswer["outcome"] {
  if (status >= 200 && status < 300) return "taken";
  return status < 300 || status >= 500 || status === TOO_MANY ? "failed" : "refused";
}
