/**
 * The keys that digests are signed with: each region has its own, and a new one after some time.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, type KeyObject } from "node:crypto";
import { assert } from "../../kernel/assert.ts";
import { DAY_MS } from "../../kernel/duration.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { keyTimesInvalid, listTokenInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { onAll } from "./trail-name.ts";

/** A key pair. It is good for digests that end in its time. */
interface StoredKey {
  readonly region: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** DER in the form of PKCS #1, base64. */
  readonly publicKey: string;
  readonly fingerprint: string;
  /** DER in the form of PKCS #8, sealed. */
  readonly sealed: string;
}

const keys = table<StoredKey>("cloudtrail.key", "global", ({ region, fromMs }) => [region, fromMs]);

const SEAL = "cloudtrail digest key";
const KEY_BITS = 2048;
const VALID_DAYS = 30;
/** Of many years. */
const KEYS_MAX = 1000;

export interface SigningKey {
  readonly fingerprint: string;
  /** The signature, hexadecimal. */
  sign(text: string): string;
}

/** The key that a region's digests are signed with now. */
export async function signingKey(region: string, context: Context): Promise<SigningKey> {
  const nowMs = context.now().getTime();
  const [latest] = await context.tx.scan(keys, { prefix: [region], reverse: true, limit: 1 });
  const isGood = latest !== undefined && latest.fromMs <= nowMs && nowMs <= latest.untilMs;
  const { fingerprint, sealed } = isGood ? latest : makeKey(region, nowMs, context);
  const der = context.keys.open(sealed, SEAL);
  assert(der !== undefined, "keys are sealed here");
  const key = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  return { fingerprint, sign: (text) => sign("sha256", Buffer.from(text, "utf8"), key).toString("hex") };
}

function makeKey(region: string, nowMs: number, { tx, keys: sealer }: Context): StoredKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: KEY_BITS });
  const publicKey = pkcs1Of(privateKey);
  const made = {
    region,
    // what is signed now may be of an hour that began before
    fromMs: nowMs - DAY_MS,
    untilMs: nowMs + VALID_DAYS * DAY_MS,
    publicKey: publicKey.toString("base64"),
    fingerprint: hash("md5", publicKey, "hex"),
    sealed: sealer.seal(privateKey.export({ type: "pkcs8", format: "der" }), SEAL),
  };
  tx.put(keys, made);
  return made;
}

const pkcs1Of = (key: KeyObject): Buffer => createPublicKey(key).export({ type: "pkcs1", format: "der" });

/** Those that were good at some moment of the time asked for; of now where nothing is said. */
export const listPublicKeys = operation("ListPublicKeys", {
  authorize: () => onAll("ListPublicKeys"),

  async handle({ StartTime, EndTime, NextToken: token }, context) {
    const now = context.now();
    const startMs = (StartTime ?? EndTime ?? now).getTime();
    const endMs = (EndTime ?? now).getTime();
    if (startMs > endMs) throw keyTimesInvalid();
    if (token !== undefined) throw listTokenInvalid();
    const all = await context.tx.scan(keys, { prefix: [context.region], limit: KEYS_MAX });
    const good = all.filter(({ fromMs, untilMs }) => fromMs <= endMs && untilMs >= startMs);
    const PublicKeyList = good.map(({ publicKey, fromMs, untilMs, fingerprint }) => ({
      Value: Buffer.from(publicKey, "base64"),
      ValidityStartTime: new Date(fromMs),
      ValidityEndTime: new Date(untilMs),
      Fingerprint: fingerprint,
    }));
    return { PublicKeyList };
  },
});
