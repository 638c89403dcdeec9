/**
 * The tokens that confirm subscriptions, and bring back those that were ended: a token says which, whatever topic is
 * named beside it.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
 */
import { HOUR_MS } from "../../../kernel/duration.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { TOKEN_HOURS } from "../limits.ts";
import type { Subscription } from "./row.ts";
import { homeOf, type Topic } from "../topic/row.ts";

interface TokenRow {
  readonly token: string;
  readonly topicName: string;
  /** As it was when the token was given out. */
  readonly subscription: Subscription;
  readonly untilMs: number;
}

const tokens = table<TokenRow>("sns.token", "region", ({ token }) => [token]);
const ends = table<Pick<TokenRow, "token" | "untilMs">>("sns.token-end", "region", ({ untilMs, token }) => [
  untilMs,
  token,
]);

const TOKEN_BYTES = 144;
const TRIMMED_AT_ONCE = 20;

export async function newToken(
  topic: Topic,
  subscription: Subscription,
  { tx, nowMs }: { readonly tx: Transaction; readonly nowMs: number },
): Promise<string> {
  const home = homeOf(topic, tx);
  for (const over of await home.scan(ends, { before: [nowMs], limit: TRIMMED_AT_ONCE })) {
    home.delete(ends, over.untilMs, over.token);
    home.delete(tokens, over.token);
  }
  const token = Buffer.from(newSecretBytes(TOKEN_BYTES)).toString("hex");
  const untilMs = nowMs + TOKEN_HOURS * HOUR_MS;
  home.put(tokens, { token, topicName: topic.name, subscription, untilMs });
  home.put(ends, { token, untilMs });
  return token;
}

/** `tx` sees the topic's account and region. */
export async function findToken(token: string, tx: Transaction, nowMs: number): Promise<TokenRow | undefined> {
  const row = await tx.get(tokens, token);
  return row !== undefined && row.untilMs > nowMs ? row : undefined;
}
