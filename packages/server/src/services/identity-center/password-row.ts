/** How users prove who they are: a password, and the code that lets them choose one. */
import { scrypt, timingSafeEqual } from "node:crypto";
import { newSecretBytes } from "../../kernel/ids.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { User } from "./user-row.ts";

interface PasswordRow {
  readonly storeId: string;
  readonly userId: string;
  /** Salt and hash, both base64. */
  readonly salt: string;
  readonly hash: string;
}

const passwords = table<PasswordRow>("sso.password", "global", ({ storeId, userId }) => [storeId, userId]);

interface OneTimeCode {
  readonly storeId: string;
  readonly userId: string;
  /** Sealed. */
  readonly code: string;
  readonly expiresAtMs: number;
  readonly attemptsLeft: number;
}

const codes = table<OneTimeCode>("sso.one-time-code", "global", ({ storeId, userId }) => [storeId, userId]);

const HASH_BYTES = 32;
const CODE_DIGITS = 6;
const CODE_MS = 600_000;
const CODE_ATTEMPTS_MAX = 5;
const PURPOSE = "sso.one-time-code";

const derive = (password: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, (failure, hash) => (failure ? reject(failure) : resolve(hash)));
  });

/** Wrong passwords in a row. */
interface Failures {
  readonly storeId: string;
  readonly userId: string;
  readonly count: number;
  readonly lastAtMs: number;
}

const failures = table<Failures>("sso.password-failures", "global", ({ storeId, userId }) => [storeId, userId]);

/** After so many wrong passwords none is looked at for a while. */
const FAILURES_MAX = 5;
const LOCKED_MS = 60_000;

/** Takes as long for a user who is not there, has no password, or has to wait. */
export async function isPassword(user: User | undefined, password: string, context: Context): Promise<boolean> {
  const { tx } = context;
  const row = user && (await tx.get(passwords, user.storeId, user.id));
  const hash = await derive(password, Buffer.from(row?.salt ?? "", "base64"));
  if (!row) return false;
  const { storeId, userId } = row;
  const { count = 0, lastAtMs = 0 } = (await tx.get(failures, storeId, userId)) ?? {};
  const nowMs = context.now().getTime();
  if (count >= FAILURES_MAX && nowMs - lastAtMs < LOCKED_MS) return false;
  const isRight = timingSafeEqual(hash, Buffer.from(row.hash, "base64"));
  if (isRight) tx.delete(failures, storeId, userId);
  else tx.put(failures, { storeId, userId, count: count + 1, lastAtMs: nowMs });
  return isRight;
}

export async function setPassword({ storeId, id: userId }: User, password: string, { tx }: Context): Promise<void> {
  const salt = newSecretBytes(16);
  const hash = await derive(password, salt);
  tx.put(passwords, {
    storeId,
    userId,
    salt: Buffer.from(salt).toString("base64"),
    hash: hash.toString("base64"),
  });
  tx.delete(codes, storeId, userId);
  tx.delete(failures, storeId, userId);
}

/** Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/password-requirements.html */
export const isStrong = (password: string): boolean =>
  password.length >= 8 &&
  password.length <= 64 &&
  [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].every((kind) => kind.test(password));

/** A new code for the user, in the place of the one before. */
export function newCode({ storeId, id: userId }: User, context: Context): string {
  const number = Buffer.from(newSecretBytes(6)).readUIntBE(0, 6) % 10 ** CODE_DIGITS;
  const code = number.toString().padStart(CODE_DIGITS, "0");
  context.tx.put(codes, {
    storeId,
    userId,
    code: context.keys.seal(code, PURPOSE),
    expiresAtMs: context.now().getTime() + CODE_MS,
    attemptsLeft: CODE_ATTEMPTS_MAX,
  });
  return code;
}

/** Whether it is the user's code; each wrong one leaves fewer attempts. */
export async function isCode({ storeId, id }: User, typed: string, context: Context): Promise<boolean> {
  const row = await context.tx.get(codes, storeId, id);
  if (!row || row.expiresAtMs <= context.now().getTime() || row.attemptsLeft === 0) return false;
  const code = context.keys.open(row.code, PURPOSE);
  const given = Buffer.from(typed.trim());
  if (code !== undefined && given.length === code.length && timingSafeEqual(given, code)) return true;
  context.tx.put(codes, { ...row, attemptsLeft: row.attemptsLeft - 1 });
  return false;
}
