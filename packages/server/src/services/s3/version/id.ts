/**
 * Ids of versions: opaque and unpredictable, and yet the version's place among those of its key can be read back from
 * one, so that a version is found by one look. Which ids are none shows, too.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html (unique, URL-ready, opaque)
 */
import { createHash } from "node:crypto";
import type { Context } from "../../../service/context.ts";

/** What a version is called that has no id. */
export const NULL_VERSION = "null";

const RANDOM_BYTES = 16;
const SEQUENCE_BYTES = 8;
/** 32 characters. */
const ID_SHAPE = /^[A-Za-z0-9._]{32}$/;
const SEQUENCE_BITS = 53n;

/** Microseconds of a time in milliseconds: many versions fit into a second. */
const STEPS_PER_MS = 1000;

/** An id that holds `sequence`. */
export function newVersionId(sequence: number, context: Pick<Context, "newId">): string {
  const random = Buffer.from(context.newId().replaceAll("-", ""), "hex");
  const place = Buffer.alloc(SEQUENCE_BYTES);
  place.writeBigUInt64BE(BigInt(sequence) ^ maskOf(random));
  return Buffer.concat([place, random]).toString("base64").replaceAll("+", ".").replaceAll("/", "_");
}

/** What an id holds; `undefined` for what never was one. */
export function sequenceOf(versionId: string): number | undefined {
  if (!ID_SHAPE.test(versionId)) return undefined;
  const bytes = Buffer.from(versionId.replaceAll(".", "+").replaceAll("_", "/"), "base64");
  const sequence = bytes.readBigUInt64BE() ^ maskOf(bytes.subarray(SEQUENCE_BYTES, SEQUENCE_BYTES + RANDOM_BYTES));
  return sequence >> SEQUENCE_BITS === 0n ? Number(sequence) : undefined;
}

const maskOf = (random: Uint8Array): bigint => createHash("sha256").update(random).digest().readBigUInt64BE();

/** The sequence of a version made at that time, where no other one of its key is as new. */
export const sequenceAt = (ms: number): number => ms * STEPS_PER_MS;
