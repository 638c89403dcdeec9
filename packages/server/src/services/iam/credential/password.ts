/** Passwords at rest: salted and hashed, never readable again. */
import { scrypt, timingSafeEqual } from "node:crypto";
import { newSecretBytes } from "../../../kernel/ids.ts";

/** Salt and hash, both base64. */
export interface HashedPassword {
  readonly salt: string;
  readonly hash: string;
}

const HASH_BYTES = 32;

export async function hashPassword(password: string, salt: Uint8Array = newSecretBytes(16)): Promise<HashedPassword> {
  const hash = await derive(password, salt);
  return { salt: Buffer.from(salt).toString("base64"), hash: hash.toString("base64") };
}

export async function isPassword(password: string, { salt, hash }: HashedPassword): Promise<boolean> {
  return timingSafeEqual(await derive(password, Buffer.from(salt, "base64")), Buffer.from(hash, "base64"));
}

const derive = (password: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, (failure, hash) => (failure ? reject(failure) : resolve(hash)));
  });
