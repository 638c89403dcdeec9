/**
 * Unpacks bzip2: blocks of text sorted by what follows each character, moved to front, and packed by six tables.
 * Source: https://en.wikipedia.org/wiki/Bzip2
 */
import { collectAtMost } from "../../../kernel/bytes.ts";
import { notImplemented } from "../errors.ts";
import { truncatedInput } from "./errors.ts";
import { BitReader } from "./bit-reader.ts";
import { HuffmanTable } from "./huffman-table.ts";

const BLOCK_MAGIC = "314159265359";
const END_MAGIC = "177245385090";
const HEADER = /^BZh[1-9]$/;
const BLOCK_BYTES = 100_000;
const GROUP_SYMBOLS = 50;
/** Differs: larger ones are refused, since they are unpacked in memory. */
const PACKED_BYTES_MAX = 256 * 1024 * 1024;

/** @throws {AwsError} `TruncatedInput` */
export async function* bunzip2(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const packed = await collectAtMost(owned(stream), PACKED_BYTES_MAX);
  if (packed === undefined) throw notImplemented("CompressionType: BZIP2");
  const bits = new BitReader(packed);
  // a file may be several of them on end
  while (bits.hasMore) {
    const header = String.fromCharCode(bits.read(8), bits.read(8), bits.read(8), bits.read(8));
    if (!HEADER.test(header)) throw truncatedInput();
    const blockBytesMax = Number(header.charAt(3)) * BLOCK_BYTES;
    while (isBlock(bits)) yield readBlock(bits, blockBytesMax);
    bits.align();
  }
}

/** Whoever gives a piece may want its memory back. */
async function* owned(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) yield Uint8Array.from(piece);
}

/** Whether a block follows; what else there may be is the end. */
function isBlock(bits: BitReader): boolean {
  const magic = [0, 1, 2, 3, 4, 5].map(() => bits.read(8).toString(16).padStart(2, "0")).join("");
  // a sum of the block, or of all of them: authenticated already where the object lies
  bits.read(32);
  if (magic !== BLOCK_MAGIC && magic !== END_MAGIC) throw truncatedInput();
  return magic === BLOCK_MAGIC;
}

function readBlock(bits: BitReader, bytesMax: number): Uint8Array {
  // an old way of scrambling that nothing writes any more
  if (bits.read(1) === 1) throw truncatedInput();
  const origin = bits.read(24);
  const symbols = readUsedSymbols(bits);
  const { tables, selectors } = readTables(bits, symbols.length + 2);
  const sorted = readSorted(bits, { symbols, tables, selectors, bytesMax });
  if (origin >= sorted.length) throw truncatedInput();
  return expandRuns(unsort(sorted, origin));
}

/** Which bytes there are, in sixteen groups of sixteen. */
function readUsedSymbols(bits: BitReader): readonly number[] {
  const groups = bits.read(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) === 0) continue;
    const members = bits.read(16);
    for (let member = 0; member < 16; member++) if (members & (0x8000 >> member)) used.push(group * 16 + member);
  }
  return used;
}

interface Tables {
  readonly tables: readonly HuffmanTable[];
  /** Which table each group of fifty symbols uses. */
  readonly selectors: readonly number[];
}

function readTables(bits: BitReader, alphabet: number): Tables {
  const count = bits.read(3);
  const selectorCount = bits.read(15);
  const order = [...Array.from({ length: count }).keys()];
  const selectors: number[] = [];
  for (let at = 0; at < selectorCount; at++) {
    let place = 0;
    while (bits.read(1) === 1) place++;
    const [chosen] = order.splice(place, 1);
    if (chosen === undefined) throw truncatedInput();
    order.unshift(chosen);
    selectors.push(chosen);
  }
  return { tables: order.map(() => new HuffmanTable(readLengths(bits, alphabet))), selectors };
}

/** Each length is told by how it differs from the one before. */
function readLengths(bits: BitReader, alphabet: number): readonly number[] {
  const lengths: number[] = [];
  let length = bits.read(5);
  for (let symbol = 0; symbol < alphabet; symbol++) {
    while (bits.read(1) === 1) length += bits.read(1) === 1 ? -1 : 1;
    lengths.push(length);
  }
  return lengths;
}

interface Packed extends Tables {
  readonly symbols: readonly number[];
  readonly bytesMax: number;
}

/** The last column of the sorted table: symbols are places in a list whose members move to the front when named. */
function readSorted(bits: BitReader, { symbols, tables, selectors, bytesMax }: Packed): Uint8Array {
  const sorted = new Uint8Array(bytesMax);
  const list = [...symbols];
  const end = symbols.length + 1;
  let [size, run, weight] = [0, 0, 1];
  const endRun = (): void => {
    if (size + run > bytesMax) throw truncatedInput();
    sorted.fill(list[0] ?? 0, size, size + run);
    size += run;
    [run, weight] = [0, 1];
  };
  for (let count = 0; ; count++) {
    const table = tables[selectors[Math.floor(count / GROUP_SYMBOLS)] ?? -1];
    if (table === undefined || run > bytesMax) throw truncatedInput();
    const symbol = table.read(bits);
    // the first two symbols are the digits, one and two, of how often the front comes again
    if (symbol < 2) {
      run += weight << symbol;
      weight <<= 1;
      continue;
    }
    endRun();
    if (symbol === end) return sorted.subarray(0, size);
    const [byte = 0] = list.splice(symbol - 1, 1);
    list.unshift(byte);
    if (size >= bytesMax) throw truncatedInput();
    sorted[size++] = byte;
  }
}

/** Follows each character to the one behind it. */
function unsort(sorted: Uint8Array, origin: number): Uint8Array {
  const starts = new Uint32Array(257);
  for (const byte of sorted) starts[byte + 1] = (starts[byte + 1] ?? 0) + 1;
  for (let byte = 1; byte < 257; byte++) starts[byte] = (starts[byte] ?? 0) + (starts[byte - 1] ?? 0);
  const behind = new Uint32Array(sorted.length);
  for (const [at, byte] of sorted.entries()) {
    const place = starts[byte] ?? 0;
    behind[place] = at;
    starts[byte] = place + 1;
  }
  const text = new Uint8Array(sorted.length);
  let place = behind[origin] ?? 0;
  for (let at = 0; at < text.length; at++) {
    text[at] = sorted[place] ?? 0;
    place = behind[place] ?? 0;
  }
  return text;
}

const RUN_BYTES = 4;

/** Behind four of a kind stands how many more there are. */
function expandRuns(text: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let [start, alike] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    alike = at > start && alike > 0 && text[at] === text[at - 1] ? alike + 1 : 1;
    if (alike < RUN_BYTES || at + 1 >= text.length) continue;
    parts.push(text.subarray(start, at + 1), new Uint8Array(text[at + 1] ?? 0).fill(text[at] ?? 0));
    start = ++at + 1;
    alike = 0;
  }
  return Buffer.concat([...parts, text.subarray(start)]);
}
