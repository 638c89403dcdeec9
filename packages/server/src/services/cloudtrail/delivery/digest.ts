/**
 * Digests: every hour a file that lists the log files of the hour with their sums, signed, and chained to the one before.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 * Differs: AWS delivers empty digests for regions in which nothing happens; here a region's digests begin with its first
 * log file. The trail's home has them from the start.
 */
import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { HOUR_MS } from "../../../kernel/duration.ts";
import { compactSeconds, isoSeconds } from "../../../kernel/iso-seconds.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { signingKey, type SigningKey } from "../public-key.ts";
import { isLogging, trails, type Trail } from "../trail-row.ts";
import { chains, type Chain, type DigestedFile } from "./digest-row.ts";
import { folderOf, type LogFile } from "./log-file.ts";
import { keyOf } from "./pending.ts";
import { putFile } from "./put-file.ts";
import { attempt } from "./status.ts";

const DIGEST = "digest";

/** Begins the chain of the trail's home where digests are wanted and it has not begun. */
export async function followValidation(trail: Trail, context: Context): Promise<void> {
  if (!trail.isValidated || !isLogging(trail)) return;
  await requireChain(trail, trail, context);
}

interface Place {
  readonly account: string;
  readonly region: string;
}

async function requireChain(trail: Trail, { account, region }: Place, context: Context): Promise<Chain> {
  const key = keyOf(trail);
  const there = await context.tx.get(chains, key, account, region);
  if (there !== undefined) return there;
  const startMs = context.now().getTime();
  const chain = { trail: key, account, region, startMs, files: [] };
  context.tx.put(chains, chain);
  digestAt(chain, context);
  return chain;
}

const digestAt = ({ trail, account, region, startMs }: Chain, context: Context): void =>
  context.at(startMs + HOUR_MS, DIGEST, `${trail}/${account}/${region}`);

/** A log file that was delivered. */
export async function noteFile(trail: Trail, file: LogFile, context: Context): Promise<void> {
  if (!trail.isValidated) return;
  const { key, sum, oldestMs, newestMs } = file;
  const chain = await requireChain(trail, file, context);
  const noted: DigestedFile = { key, bucket: trail.bucket.name, sum, oldestMs, newestMs };
  context.tx.put(chains, { ...chain, files: [...chain.files, noted] });
}

export const digest: Job = async (context, timerKey) => {
  const { tx } = context;
  const [owner = "", home = "", name = "", account = "", region = ""] = timerKey.split("/");
  const trail = await tx.get(trails, owner, home, name);
  const chain = await tx.get(chains, `${owner}/${home}/${name}`, account, region);
  if (trail === undefined || chain === undefined) return;
  const endMs = chain.startMs + HOUR_MS;
  const next = await writeDigest(trail, chain, endMs, context);
  // the last of a chain is for the hour in which it was ended
  if (!trail.isValidated || !isLogging(trail)) return tx.delete(chains, chain.trail, account, region);
  tx.put(chains, next);
  digestAt(next, context);
};

/** What the chain is afterwards: where the bucket refused, the files wait for the next digest. */
async function writeDigest(trail: Trail, chain: Chain, endMs: number, context: Context): Promise<Chain> {
  const key = await signingKey(trail.region, context);
  const made = formatDigest(trail, chain, { endMs, key });
  const isDone = await attempt({ trail: chain.trail, kind: "digests", atMs: endMs }, context.tx, () =>
    putFile(made.file, trail, context),
  );
  if (!isDone) return { ...chain, startMs: endMs };
  return { ...chain, startMs: endMs, files: [], previous: made.next };
}

interface Closing {
  readonly endMs: number;
  readonly key: SigningKey;
}

function formatDigest(trail: Trail, chain: Chain, { endMs, key }: Closing) {
  const { account, region, previous, files } = chain;
  const bucket = trail.bucket.name;
  const folder = folderOf(trail, { account, region, kind: "CloudTrail-Digest" }, new Date(endMs));
  const stamp = compactSeconds(endMs);
  const object = `${folder}/${account}_CloudTrail-Digest_${region}_${trail.name}_${trail.region}_${stamp}.json.gz`;
  const text = JSON.stringify({
    awsAccountId: account,
    digestStartTime: isoSeconds(chain.startMs),
    digestEndTime: isoSeconds(endMs),
    digestS3Bucket: bucket,
    digestS3Object: object,
    digestPublicKeyFingerprint: key.fingerprint,
    digestSignatureAlgorithm: "SHA256withRSA",
    newestEventTime: timeOrNull(files.map(({ newestMs }) => newestMs).toSorted(descending)[0]),
    oldestEventTime: timeOrNull(
      files
        .map(({ oldestMs }) => oldestMs)
        .toSorted(descending)
        .at(-1),
    ),
    previousDigestS3Bucket: previous?.bucket ?? null,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous?.sum ?? null,
    previousDigestHashAlgorithm: previous === undefined ? null : "SHA-256",
    previousDigestSignature: previous?.signature ?? null,
    logFiles: files.map(formatFile),
  });
  const sum = hash("sha256", text, "hex");
  const signed = [isoSeconds(endMs), `${bucket}/${object}`, sum, previous?.signature ?? "null"].join("\n");
  const signature = key.sign(signed);
  const metadata = { signature, "signature-algorithm": "SHA256withRSA" };
  return {
    file: { key: object, body: gzipSync(text), metadata, isDigest: true } as const,
    next: { bucket, key: object, sum, signature },
  };
}

const descending = (one: number, other: number): number => other - one;

const timeOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : isoSeconds(ms));

const formatFile = ({ key, bucket, sum, oldestMs, newestMs }: DigestedFile) => ({
  s3Bucket: bucket,
  s3Object: key,
  hashValue: sum,
  hashAlgorithm: "SHA-256",
  newestEventTime: isoSeconds(newestMs),
  oldestEventTime: isoSeconds(oldestMs),
});
