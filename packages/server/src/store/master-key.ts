/** The one secret of a cloud. Every key that encrypts something is derived from it, each for one use. */
import { hkdfSync } from "node:crypto";
import { existsSync, linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newSecretBytes, newUuid } from "../kernel/ids.ts";
import { systemErrorCode } from "./system-error.ts";

const MASTER_KEY_BYTES = 32;

/** The master key is not what it must be. */
export class MasterKeyError extends Error {
  override readonly name = "MasterKeyError";
  readonly remedy = "give 32 bytes in base64, or put back the key file that the directory was made with";
}

/** A key for a cloud that ends with its process. */
export function newMasterKey(): Uint8Array {
  return newSecretBytes(MASTER_KEY_BYTES);
}

/** @throws {MasterKeyError} where `base64` is not a key. */
export const parseMasterKey = (base64: string): Uint8Array => requireMasterKey(Buffer.from(base64.trim(), "base64"));

/** @throws {MasterKeyError} where `key` has another length. */
export function requireMasterKey(key: Uint8Array): Uint8Array {
  if (key.length !== MASTER_KEY_BYTES) throw new MasterKeyError(`a master key has 32 bytes: found ${key.length}`);
  return key;
}

/** The key kept in `directory`, made on first use, for its owner's eyes only. @throws {MasterKeyError} */
export function masterKeyIn(directory: string): Uint8Array {
  const path = join(directory, "master.key");
  if (!existsSync(path)) make(path);
  return parseMasterKey(readFileSync(path, "utf8"));
}

/** The name appears with the whole key behind it, and never in another's place. */
function make(path: string): void {
  const draft = `${path}.${newUuid()}`;
  writeFileSync(draft, `${Buffer.from(newMasterKey()).toString("base64")}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
}

const NO_SECRET = new Uint8Array();

/** A key of its own for `use`; with a `secret` the master key alone does not give it. */
export function deriveKey(masterKey: Uint8Array, use: string, secret: Uint8Array = NO_SECRET): Uint8Array {
  const source = secret === NO_SECRET ? masterKey : Buffer.concat([masterKey, secret]);
  return new Uint8Array(hkdfSync("sha256", source, NO_SECRET, use, MASTER_KEY_BYTES));
}
