/**
 * What a job has ready, whole or in part.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-job-output-get.html
 */
import { SizedStream } from "../../../kernel/bytes.ts";
import type { BlobRef, ByteRange, Context } from "../../../service/context.ts";
import { onVault } from "../access.ts";
import { piecesOf, readPieces, treeHashOf } from "../archive/body.ts";
import { invalidValue, jobNotReady } from "../errors.ts";
import { requireJob, type ArchiveTask, type FoundJob, type InventoryTask } from "./row.ts";
import { streaming } from "../kit.ts";
import { isTreeHashAligned } from "../archive/tree-hash.ts";

export const getJobOutput = streaming("GetJobOutput", {
  authorize: (input, context) => onVault("GetJobOutput", input, context),

  async receive(input, context) {
    const found = await requireJob(input, context);
    const { state, task, id } = found.job;
    if (state.kind !== "Succeeded") throw jobNotReady(id);
    const { output } = state;
    if (task.kind === "inventory" && output.kind === "inventory") return inventory(task, output.blob, input, context);
    if (task.kind === "archive" && output.kind === "body")
      return archive(task, output.bodyId, { input, found }, context);
    throw jobNotReady(id);
  },

  handle: (_input, _context, output) => Promise.resolve(output),
});

interface OutputInput {
  readonly range?: string | undefined;
}

function inventory({ format }: InventoryTask, blob: BlobRef, input: OutputInput, { blobs }: Context) {
  const range = requireRange(input.range, blob.size);
  return {
    body: new SizedStream(bytesOf(range, blob.size), blobs.read(blob, range)),
    contentType: format === "CSV" ? "text/csv" : "application/json",
    ...formatRange(range, blob.size),
  };
}

interface Asked {
  readonly input: OutputInput;
  readonly found: FoundJob;
}

async function archive(task: ArchiveTask, bodyId: string, { input, found }: Asked, { blobs }: Context) {
  const size = task.range.end - task.range.start + 1;
  const range = requireRange(input.range, size);
  const start = task.range.start + (range?.start ?? 0);
  const end = task.range.start + (range?.end ?? size - 1);
  const pieces = await piecesOf(bodyId, found.place.tx);
  const mayHash = isTreeHashAligned({ ...task.range, of: task.size });
  return {
    body: new SizedStream(end - start + 1, readPieces(pieces, { start, end }, blobs)),
    checksum: mayHash ? await treeHashOf(pieces, { start, end, of: task.size }, blobs) : undefined,
    contentType: "application/octet-stream",
    archiveDescription: task.description === "" ? undefined : task.description,
    ...formatRange(range, size),
  };
}

/**
 * The bytes that are asked for out of those there are; `undefined` where all are.
 *
 * @throws {AwsError} `InvalidParameterValueException`
 */
function requireRange(text: string | undefined, size: number): ByteRange | undefined {
  if (text === undefined) return undefined;
  const [, from = "", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(text) ?? [];
  const start = Number(from);
  const end = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (from === "" || start > end) throw invalidValue("Range", text);
  return { start, end };
}

const bytesOf = (range: ByteRange | undefined, size: number): number => (range ? range.end - range.start + 1 : size);

const formatRange = (range: ByteRange | undefined, size: number) => ({
  status: range ? 206 : 200,
  acceptRanges: "bytes",
  ...(range && { contentRange: `bytes ${range.start}-${range.end}/${size}` }),
});
