/** What a function shows to put its evaluations: sealed, so that nobody makes one up. */
import { SECOND_MS } from "../../../kernel/duration.ts";
import { openText, sealText } from "../../../kernel/sealed-text.ts";
import type { Context } from "../../../service/context.ts";
import { resultTokenInvalid } from "../errors.ts";
import type { Rule } from "../rule/row.ts";

const PURPOSE = "config result token";
/** Assumed: AWS does not say. */
const VALID_SECONDS = 3600;

interface Token {
  readonly account: string;
  readonly region: string;
  readonly rule: string;
  readonly invokedAtMs: number;
}

export function formatToken({ account, region, name }: Rule, context: Context): string {
  const token: Token = { account, region, rule: name, invokedAtMs: context.now().getTime() };
  return sealText(context.keys, JSON.stringify(token), PURPOSE);
}

/** @throws {AwsError} `InvalidResultTokenException` */
export function requireToken(text: string, context: Context): Token {
  const opened = openText(context.keys, text, PURPOSE);
  if (opened === undefined) throw resultTokenInvalid();
  const token: Token = JSON.parse(opened);
  const isOld = token.invokedAtMs + VALID_SECONDS * SECOND_MS < context.now().getTime();
  if (isOld || token.account !== context.account || token.region !== context.region) throw resultTokenInvalid();
  return token;
}
