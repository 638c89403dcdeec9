/**
 * Annotations: named texts beside an object, each with a row of its own. They belong to one version and end with it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/annotations-overview.html
 */
import { whenThere, type Soon } from "../../../kernel/soon.ts";
import { table } from "../../../kernel/table.ts";
import type { BlobRef, Context } from "../../../service/context.ts";
import { operationAborted } from "../errors.ts";
import { ANNOTATIONS_PER_OBJECT_MAX } from "../limits.ts";
import type { Sum } from "../body/intake.ts";

/** As an object's row has them; absent where it has none. */
export interface Annotated {
  readonly annotations?: { readonly anchor: string; readonly count: number } | undefined;
}

export interface Annotation {
  /** The version's own, that its row names. */
  readonly anchor: string;
  readonly name: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly modifiedAtMs: number;
  readonly checksum: Sum;
  /** Encrypted as the object is. */
  readonly blob: BlobRef;
}

export const annotations = table<Annotation>("s3.annotation", "global", ({ anchor, name }) => [anchor, name]);

export const annotationsOf = (
  { annotations: has }: Annotated,
  { tx }: Pick<Context, "tx">,
): Soon<readonly Annotation[]> =>
  has ? tx.scan(annotations, { prefix: [has.anchor], limit: ANNOTATIONS_PER_OBJECT_MAX }) : [];

/** Those of a version that ends. */
export function dropAnnotations(of: Annotated, context: Pick<Context, "tx" | "blobs">): Soon<void> {
  return whenThere(annotationsOf(of, context), (texts) => {
    for (const { anchor, name, blob } of texts) {
      context.blobs.drop(blob);
      context.tx.delete(annotations, anchor, name);
    }
  });
}

/** Puts `texts` beside a version that has none yet; their blobs are referred to once more. */
export function giveAnnotations(
  texts: readonly Annotation[],
  context: Pick<Context, "tx" | "blobs" | "newId">,
): Annotated {
  if (texts.length === 0) return {};
  const anchor = context.newId();
  for (const text of texts) {
    context.blobs.keep(text.blob);
    context.tx.put(annotations, { ...text, anchor });
  }
  return { annotations: { anchor, count: texts.length } };
}

/** What texts are encrypted under besides the cloud's own key. */
interface Secrets {
  readonly from: Uint8Array | undefined;
  readonly to: Uint8Array | undefined;
}

/** Texts on their way to another secret: as they were read, and as they were written anew. */
export interface Carried {
  readonly read: readonly Annotation[];
  readonly written: readonly Annotation[];
}

/** The same texts, encrypted as another object is: outside of transactions. */
export async function carry(
  read: readonly Annotation[],
  { from, to }: Secrets,
  { blobs }: Pick<Context, "blobs">,
): Promise<Carried> {
  if (from === undefined && to === undefined) return { read, written: read };
  const written: Annotation[] = [];
  for (const text of read)
    written.push({ ...text, blob: await blobs.write(blobs.read(text.blob, undefined, from), to) });
  return { read, written };
}

/** @throws {AwsError} `OperationAborted` where annotations came or went while they were carried. */
export function requireUnchanged({ read }: Carried, now: readonly Annotation[]): void {
  if (listOf(read) !== listOf(now)) throw operationAborted();
}

const listOf = (texts: readonly Annotation[]): string => JSON.stringify(texts.map(({ name, blob }) => [name, blob]));
