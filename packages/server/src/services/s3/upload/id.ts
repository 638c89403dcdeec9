/**
 * Ids of uploads: those of one key follow each other as the uploads were begun, and which key one belongs to shows,
 * also when its upload has long ended.
 */
import { createHash } from "node:crypto";
import type { Context } from "../../../service/context.ts";
import { uploads } from "./row.ts";
import { sequenceAt } from "../version/id.ts";

interface Place {
  readonly bucket: string;
  readonly key: string;
}

const SEQUENCE_DIGITS = 14;
const MARK_DIGITS = 8;

/** An id that is greater than those of all uploads of the key under way. */
export async function newUploadId(place: Place, context: Pick<Context, "tx" | "now" | "newId">): Promise<string> {
  const [last] = await context.tx.scan(uploads, { prefix: [place.bucket, place.key], reverse: true, limit: 1 });
  const now = sequenceAt(context.now().getTime());
  const sequence = last ? Math.max(now, Number.parseInt(last.id.slice(0, SEQUENCE_DIGITS), 16) + 1) : now;
  const random = context.newId().replaceAll("-", "");
  return sequence.toString(16).padStart(SEQUENCE_DIGITS, "0") + markOf(place) + random;
}

export const isUploadIdOf = (place: Place, id: string): boolean =>
  id.slice(SEQUENCE_DIGITS, SEQUENCE_DIGITS + MARK_DIGITS) === markOf(place);

const markOf = ({ bucket, key }: Place): string =>
  createHash("sha256").update(`${bucket}/${key}`).digest("hex").slice(0, MARK_DIGITS);
