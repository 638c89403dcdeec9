/**
 * Grant tokens: a new grant counts for whoever shows one before it counts everywhere. Here it counts at once; a token
 * still has to be one that was given out.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html
 */
import { openText, sealText } from "../../../kernel/sealed-text.ts";
import type { Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";

const PURPOSE = "kms.grant-token";

/** The grant that a token stands for. */
export interface TokenGrant {
  readonly keyArn: Arn;
  readonly grantId: string;
}

export const grantToken = ({ keyArn, grantId }: TokenGrant, { keys }: Pick<Context, "keys">): string =>
  sealText(keys, JSON.stringify([keyArn, grantId]), PURPOSE);

export const isGrantToken = (token: string, context: Pick<Context, "keys">): boolean =>
  readGrantToken(token, context) !== undefined;

/** `undefined` where the token was never given out. */
export function readGrantToken(token: string, { keys }: Pick<Context, "keys">): TokenGrant | undefined {
  const text = openText(keys, token, PURPOSE);
  if (text === undefined) return undefined;
  const [keyArn, grantId] = JSON.parse(text) as [Arn, string];
  return { keyArn, grantId };
}
