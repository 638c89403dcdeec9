/** Refresh tokens: the session's name, sealed. */
import type { Context } from "../../../service/context.ts";
import type { Session } from "../sign-in/session-row.ts";

const PURPOSE = "cognito-idp refresh token";

interface Named {
  readonly id: string;
  /** Which of the session's refresh tokens: with rotation there are several, one after the other. */
  readonly number: number;
}

export const formatRefreshToken = ({ id, refresh }: Session, { keys }: Pick<Context, "keys">): string =>
  keys.seal(`${refresh} ${id}`, PURPOSE);

export function parseRefreshToken(token: string, { keys }: Pick<Context, "keys">): Named | undefined {
  const bytes = keys.open(token, PURPOSE);
  if (bytes === undefined) return undefined;
  const [number = "", id = ""] = Buffer.from(bytes).toString("utf8").split(" ");
  return { id, number: Number(number) };
}
