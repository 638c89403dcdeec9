/** Calls that are made again under the same token, and done once. */
import { createHash } from "node:crypto";
import { DAY_MS } from "../../kernel/duration.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { tokenReused } from "./errors.ts";
import type { RamAction } from "./kit.ts";

interface Done<Made> {
  readonly token: string;
  readonly operation: RamAction;
  /** Of the input, the token included. */
  readonly digest: string;
  readonly made: Made;
}

const tokenTable = <Made>() => table<Done<Made>>("ram.client-token", "region", (row) => [row.token]);

/** (assumed) How long a call is known again. */
const TOKEN_MS = DAY_MS;

/** The job at the end of that time. */
export async function forgetToken({ tx }: Pick<Context, "tx">, token: string): Promise<void> {
  tx.delete(tokenTable(), token);
}

interface Asked {
  readonly operation: RamAction;
  readonly input: { readonly clientToken?: string | undefined };
}

/** The token, to be spread into the output: it is given back where it was given. */
export const echo = ({ clientToken }: Asked["input"]): { readonly clientToken?: string } =>
  clientToken === undefined ? {} : { clientToken };

/**
 * What `make` gives, a row; what it gave before where the same was asked under the same token.
 *
 * @throws {AwsError} `IdempotentParameterMismatchException` where something else was asked.
 */
export async function once<Made>(
  { operation, input }: Asked,
  context: Pick<Context, "tx" | "now" | "at">,
  make: () => Promise<Made>,
): Promise<Made> {
  const { clientToken: token } = input;
  if (token === undefined) return make();
  const { tx } = context;
  const tokens = tokenTable<Made>();
  const digest = createHash("sha256")
    .update(JSON.stringify([operation, input]))
    .digest("base64url");
  const done = await tx.get(tokens, token);
  if (done !== undefined && done.digest !== digest) throw tokenReused();
  if (done !== undefined) return done.made;
  const made = await make();
  tx.put(tokens, { token, operation, digest, made });
  context.at(context.now().getTime() + TOKEN_MS, "forget-token", token);
  return made;
}
