/** Password hashes that Node.js does not have, in the texts that are usual for them. */

/** Beyond them bcrypt reads nothing. */
const BCRYPT_BYTES_MAX = 72;

/** Whether the password has this hash: `$2b$12$…`. */
export async function fitsBcrypt(password: string, hash: string): Promise<boolean> {
  const { bcryptVerify } = await import("hash-wasm");
  return bcryptVerify({ password: Buffer.from(password, "utf8").subarray(0, BCRYPT_BYTES_MAX), hash });
}

/** Whether the password has this hash: `$argon2id$v=19$…`. */
export async function fitsArgon2(password: string, hash: string): Promise<boolean> {
  const { argon2Verify } = await import("hash-wasm");
  return argon2Verify({ password, hash });
}
