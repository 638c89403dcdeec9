/**
 * Passwords that users had elsewhere, by their hashes: good until the user first signs in, and has one of the pool's own.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html (importing users with password hashes)
 */
import { createHash, pbkdf2, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { PasswordHashingAlgorithmType } from "@aws-sdk/client-cognito-identity-provider";
import { assert } from "../../../kernel/assert.ts";
import { fitsArgon2, fitsBcrypt } from "../../../kernel/password-hash.ts";
import { openText, sealText } from "../../../kernel/sealed-text.ts";
import type { Context } from "../../../service/context.ts";
import { hashMalformed, hashOutOfBounds, hashUnverified } from "../errors.ts";
import {
  ARGON2_ITERATIONS_MAX,
  ARGON2_LANES_MAX,
  ARGON2_MEMORY_KIB_MAX,
  BCRYPT_COST_MAX,
  PBKDF2_ITERATIONS_MAX,
  SCRYPT_BLOCK_MAX,
  SCRYPT_COST_MAX,
  SCRYPT_LANES_MAX,
} from "../limits.ts";

/** A hash as it is kept. */
export interface ImportedPassword {
  readonly algorithm: PasswordHashingAlgorithmType;
  readonly sealed: string;
}

interface Algorithm {
  /** The numbers that cost time and memory come first, each in a group of its own. */
  readonly form: RegExp;
  /** What the algorithm knows at all. */
  readonly isSound: (...numbers: readonly number[]) => boolean;
  /** The most of each number. */
  readonly most: readonly number[];
  /** @param parts what the groups have found */
  readonly fits: (password: string, hash: string, parts: readonly string[]) => Promise<boolean>;
}

const ALGORITHMS: Readonly<Record<PasswordHashingAlgorithmType, Algorithm>> = {
  BCRYPT: {
    form: /^\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}$/,
    isSound: (cost = 0) => cost >= 4,
    most: [BCRYPT_COST_MAX],
    fits: fitsBcrypt,
  },
  SCRYPT: {
    form: /^(\d{1,9})\$(\d{1,3})\$(\d{1,3})\$((?:[\da-f]{2})+)\$((?:[\da-f]{2})+)$/i,
    isSound: (cost = 0, block = 0, lanes = 0) =>
      cost > 1 && Number.isInteger(Math.log2(cost)) && block > 0 && lanes > 0,
    most: [SCRYPT_COST_MAX, SCRYPT_BLOCK_MAX, SCRYPT_LANES_MAX],
    fits: fitsScrypt,
  },
  ARGON2ID: {
    form: /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}$/,
    isSound: (memory = 0, iterations = 0, lanes = 0) => lanes > 0 && iterations > 0 && memory >= 8 * lanes,
    most: [ARGON2_MEMORY_KIB_MAX, ARGON2_ITERATIONS_MAX, ARGON2_LANES_MAX],
    fits: fitsArgon2,
  },
  PBKDF2_SHA256: {
    form: /^\$pbkdf2-sha256\$(\d{1,9})\$([A-Za-z0-9+/.]+)\$([A-Za-z0-9+/.]+)$/,
    isSound: (iterations = 0) => iterations > 0,
    most: [PBKDF2_ITERATIONS_MAX],
    fits: fitsPbkdf2,
  },
};

async function fitsScrypt(password: string, _hash: string, parts: readonly string[]): Promise<boolean> {
  const [cost = 0, blockSize = 0, parallelization = 0] = parts.map(Number);
  const [salt, wanted] = parts.slice(3).map((text) => Buffer.from(text, "hex"));
  assert(salt !== undefined && wanted !== undefined, "a hash has a salt");
  const settings = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize };
  const found = await new Promise<Buffer>((resolve, reject) =>
    scrypt(password, salt, wanted.length, settings, (error, key) => (error ? reject(error) : resolve(key))),
  );
  return timingSafeEqual(found, wanted);
}

async function fitsPbkdf2(password: string, _hash: string, parts: readonly string[]): Promise<boolean> {
  const [iterations = "", ...texts] = parts;
  // some write a dot where others write a plus
  const [salt, wanted] = texts.map((text) => Buffer.from(text.replaceAll(".", "+"), "base64"));
  assert(salt !== undefined && wanted !== undefined, "a hash has a salt");
  const found = await promisify(pbkdf2)(password, salt, Number(iterations), wanted.length, "sha256");
  return timingSafeEqual(found, wanted);
}

const PURPOSE = "cognito-idp imported password";

/** @throws {AwsError} `InvalidParameterException` where the hash is none of the algorithm, or costs too much to check */
export function importedPassword(
  algorithm: PasswordHashingAlgorithmType,
  hash: string,
  { keys }: Pick<Context, "keys">,
): ImportedPassword {
  const { form, isSound, most } = ALGORITHMS[algorithm];
  const [, ...parts] = form.exec(hash) ?? [];
  const numbers = parts.slice(0, most.length).map(Number);
  if (!isSound(...numbers)) throw hashMalformed(algorithm);
  if (most.some((max, at) => (numbers[at] ?? 0) > max)) throw hashOutOfBounds(algorithm);
  return { algorithm, sealed: sealText(keys, hash, PURPOSE) };
}

const SECONDS_MAX = 30;

/** Whether that is the password: takes a while, so the call waits for it outside of its transaction. */
export function isImportedPassword(
  { algorithm, sealed }: ImportedPassword,
  password: string,
  context: Context,
): boolean {
  const about = createHash("sha256").update(`${sealed} ${password}`).digest("base64url");
  const answer = context.aside(`an imported password ${about}`, {
    secondsMax: SECONDS_MAX,
    attemptsMax: 1,
    tooLate: hashUnverified,
    async ask({ keys }) {
      const hash = openText(keys, sealed, PURPOSE);
      assert(hash !== undefined, "a hash was sealed here");
      const { form, fits } = ALGORITHMS[algorithm];
      return String(await fits(password, hash, form.exec(hash)?.slice(1) ?? []));
    },
  });
  return answer === "true";
}
