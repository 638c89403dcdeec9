/**
 * An inventory as clients get it, written in one pass however long it is.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-job-output-get.html
 */
import type { ByteStream } from "../../../kernel/bytes.ts";
import { isoSeconds } from "../../../kernel/iso-seconds.ts";
import { encodeToken } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { archives, type Archive } from "../archive/row.ts";
import { inventoried } from "./inventory.ts";
import { requireMarker } from "../job/order.ts";
import type { InventoryTask, Output } from "../job/row.ts";
import { vaultArn } from "../kit.ts";
import type { Place } from "../place.ts";

interface Wanted {
  readonly vault: string;
  readonly task: InventoryTask;
}

/** The output; its blob is kept. */
export async function writeInventory(wanted: Wanted, place: Place, context: Context): Promise<Output> {
  const chosen: Chosen = { nextMarker: undefined };
  const lines = wanted.task.format === "CSV" ? csv : json;
  const blob = await context.blobs.write(inChunks(lines(wanted, choose(wanted, place, chosen), place)));
  context.blobs.keep(blob);
  return { kind: "inventory", blob, nextMarker: chosen.nextMarker };
}

interface Chosen {
  /** Known when all were given. */
  nextMarker: string | undefined;
}

async function* choose({ vault, task }: Wanted, { tx }: Place, chosen: Chosen): AsyncGenerator<Archive> {
  const selection = {
    vault,
    atMs: task.atMs,
    fromMs: task.startDate === undefined ? undefined : Date.parse(task.startDate),
    beforeMs: task.endDate === undefined ? undefined : Date.parse(task.endDate),
    after: task.marker === undefined ? undefined : requireMarker(task.marker, vault),
  };
  let left = task.limit === undefined ? Number.POSITIVE_INFINITY : Number(task.limit);
  let last: Archive | undefined;
  for await (const archive of inventoried(selection, tx)) {
    if (left === 0) {
      chosen.nextMarker = last && encodeToken(archives.keyOf(last));
      return;
    }
    yield archive;
    last = archive;
    left -= 1;
  }
}

type Lines = (wanted: Wanted, chosen: AsyncIterable<Archive>, place: Place) => AsyncIterable<string>;

const json: Lines = async function* ({ vault, task }, chosen, place) {
  const head = { VaultARN: vaultArn(place, vault), InventoryDate: isoSeconds(task.atMs) };
  yield `${JSON.stringify(head).slice(0, -1)},"ArchiveList":[`;
  let comma = "";
  for await (const { id, description, createdAtMs, size, treeHash } of chosen) {
    yield comma;
    yield JSON.stringify({
      ArchiveId: id,
      ArchiveDescription: description,
      CreationDate: new Date(createdAtMs).toISOString(),
      Size: size,
      SHA256TreeHash: treeHash,
    });
    comma = ",";
  }
  yield "]}";
};

const csv: Lines = async function* (_wanted, chosen) {
  yield "ArchiveId,ArchiveDescription,CreationDate,Size,SHA256TreeHash\n";
  for await (const { id, description, createdAtMs, size, treeHash } of chosen) {
    const fields = [id, quoted(description), new Date(createdAtMs).toISOString(), String(size), treeHash];
    yield `${fields.join(",")}\n`;
  }
};

/** A quote is escaped by a backslash; a backslash is not escaped. */
const quoted = (text: string): string => `"${text.replaceAll('"', String.raw`\"`)}"`;

const CHUNK_CHARACTERS = 64 * 1024;

async function* inChunks(lines: AsyncIterable<string>): ByteStream {
  let held = "";
  for await (const line of lines) {
    held += line;
    if (held.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(held);
    held = "";
  }
  if (held !== "") yield Buffer.from(held);
}
