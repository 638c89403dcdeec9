/**
 * The pages of a Parquet file, looked at before they are decoded: none has more values than it says, and all together
 * have no more than can be held.
 * Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
import type { SchemaTree } from "hyparquet";
import { parquetParsing } from "./errors.ts";
import { ByteWalk, readHeader, signed, type Fields } from "./parquet-header.ts";

/** What one part of a file may still take. */
export interface Budget {
  /** Each as often as it is deep. */
  values: number;
  bytes: number;
}

interface PagesOrder {
  /** The elements from the root to the column. */
  readonly path: readonly SchemaTree[];
  readonly unpack: (packed: Uint8Array, bytes: number) => Uint8Array;
  readonly budget: Budget;
}

/** The numbers of the format. Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
const PAGE = { type: 1, unpacked: 2, packed: 3, data: 5, dictionary: 7, dataV2: 8 } as const;
const DATA = { values: 1, encoding: 2 } as const;
const DATA_V2 = { values: 1, nulls: 2, encoding: 4, defined: 5, repeated: 6, isPacked: 7 } as const;
const DICTIONARY_VALUES = 1;
const TYPES = { data: 0, dictionary: 2, dataV2: 3 } as const;
const ENCODINGS = { plain: 0, rle: 3, deltas: 5, deltaLengths: 6, deltaTexts: 7, split: 9 } as const;

/** Where a page has its values, and how many. */
interface Values {
  readonly walk: ByteWalk;
  readonly count: number;
  readonly encoding: number;
  readonly version: 1 | 2;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const bitsOf = (level: number): number => 32 - Math.clz32(level);

function numberOf(fields: Fields, field: number, max = 2 ** 31): number {
  const number = fields.get(field);
  requireCount(number, max);
  return number;
}

function structOf(fields: Fields, field: number): Fields {
  const struct = fields.get(field);
  if (typeof struct !== "object") throw parquetParsing();
  return struct;
}

const repetitionOf = (path: readonly SchemaTree[]): number =>
  path.filter(({ element }) => element.repetition_type === "REPEATED").length;
const definitionOf = (path: readonly SchemaTree[]): number =>
  path.slice(1).filter(({ element }) => element.repetition_type !== "REQUIRED").length;

function requireCount(count: unknown, max: number): asserts count is number {
  if (typeof count !== "number" || !Number.isInteger(count) || count < 0 || count > max) throw parquetParsing();
}

/** @throws {AwsError} `ParquetParsingError` where a column's pages say what is not so */
export function requirePages(column: Uint8Array, order: PagesOrder): void {
  let at = 0;
  // as the library reads them: what is one byte is none
  while (at < column.byteLength - 1) {
    const { fields, endsAt } = readHeader(column, at);
    at = endsAt + numberOf(fields, PAGE.packed, column.byteLength - endsAt);
    requirePage(fields, column.subarray(endsAt, at), order);
  }
}

function requirePage(header: Fields, packed: Uint8Array, order: PagesOrder): void {
  const type = numberOf(header, PAGE.type);
  const bytes = numberOf(header, PAGE.unpacked, order.budget.bytes);
  if (type === TYPES.dictionary) take(order, numberOf(structOf(header, PAGE.dictionary), DICTIONARY_VALUES));
  else if (type === TYPES.data)
    requireValues(
      valuesOf(structOf(header, PAGE.data), () => order.unpack(packed, bytes), order),
      order,
    );
  else if (type === TYPES.dataV2)
    requireValues(valuesOfV2({ page: structOf(header, PAGE.dataV2), packed, bytes }, order), order);
  else throw parquetParsing();
}

function take({ budget, path }: PagesOrder, values: number): void {
  const depth = Math.max(1, path.length - 1);
  requireCount(values, Math.floor(budget.values / depth));
  budget.values -= values * depth;
}

/** Levels have their length before them. */
function valuesOf(page: Fields, unpack: () => Uint8Array, order: PagesOrder): Values {
  const [all, encoding] = [numberOf(page, DATA.values), numberOf(page, DATA.encoding)];
  take(order, all);
  const walk = new ByteWalk(unpack());
  const [repetition, definition] = [repetitionOf(order.path), definitionOf(order.path)];
  if (repetition > 0) readLevels(walk, { level: repetition, count: all });
  const count = definition === 0 ? all : readLevels(walk, { level: definition, count: all });
  return { walk, count, encoding, version: 1 };
}

/** Gives how many are the highest. */
function readLevels(walk: ByteWalk, { level, count }: { readonly level: number; readonly count: number }): number {
  walk.skip(4);
  const endsAt = walk.at + viewOf(walk.bytes).getUint32(walk.at - 4, true);
  requireCount(endsAt, walk.bytes.byteLength);
  const highest = requireRuns(walk, { width: bitsOf(level), count, wanted: level });
  walk.at = endsAt;
  return highest;
}

/** Levels stand before what is packed, and their lengths in the header. */
function valuesOfV2(
  { page, packed, bytes }: { readonly page: Fields; readonly packed: Uint8Array; readonly bytes: number },
  order: PagesOrder,
): Values {
  const all = numberOf(page, DATA_V2.values);
  take(order, all);
  const nulls = numberOf(page, DATA_V2.nulls, all);
  const repeated = numberOf(page, DATA_V2.repeated, Math.min(bytes, packed.byteLength));
  const defined = numberOf(page, DATA_V2.defined, Math.min(bytes, packed.byteLength) - repeated);
  const [repetition, definition] = [repetitionOf(order.path), definitionOf(order.path)];
  if (repetition > 0) requireRuns(new ByteWalk(packed), { width: bitsOf(repetition), count: all });
  if (definition > 0) requireRuns(new ByteWalk(packed, repeated), { width: bitsOf(definition), count: all });
  const rest = packed.subarray(repeated + (definition > 0 ? defined : 0));
  const body = page.get(DATA_V2.isPacked) === false ? rest : order.unpack(rest, bytes - repeated - defined);
  return { walk: new ByteWalk(body), count: all - nulls, encoding: numberOf(page, DATA_V2.encoding), version: 2 };
}

function requireValues({ walk, count, encoding, version }: Values, { path, budget }: PagesOrder): void {
  const { type, type_length: bytesEach = 1 } = path.at(-1)?.element ?? {};
  if (encoding === ENCODINGS.plain) return;
  if (encoding === ENCODINGS.split) requireCount(count * bytesEach, walk.left);
  else if (encoding === ENCODINGS.deltas || encoding === ENCODINGS.deltaLengths) requireDeltas(walk, count);
  else if (encoding === ENCODINGS.deltaTexts) requireTexts(walk, count, budget);
  else requireIndexes(walk, count, version === 1 ? type === "BOOLEAN" : encoding === ENCODINGS.rle);
}

function requireIndexes(walk: ByteWalk, count: number, isBoolean: boolean): void {
  if (isBoolean) walk.skip(4);
  requireRuns(walk, { width: isBoolean ? 1 : walk.byte(), count });
}

interface RunsOrder {
  readonly width: number;
  readonly count: number;
  readonly wanted?: number;
}

/**
 * Gives how many are what is wanted.
 * Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
function requireRuns(walk: ByteWalk, { width, count, wanted }: RunsOrder): number {
  if (width > 32) throw parquetParsing();
  // what has no bits may have no runs
  if (width === 0 && walk.left === 0) return 0;
  let [seen, found] = [0, 0];
  while (seen < count) {
    const head = walk.size();
    const length = head % 2 === 0 ? head / 2 : ((head - 1) / 2) * 8;
    // the last run of eights may be filled up
    requireCount(length, count - seen + (head % 2 === 0 ? 0 : FILLED_MAX));
    if (head % 2 === 0) {
      const bits = walk.at * 8;
      walk.skip((width + 7) >> 3);
      // all of its bytes, as the library takes it
      if (bitsAt(walk.bytes, bits, walk.at * 8 - bits) === wanted) found += length;
    } else {
      const looked = wanted === undefined ? 0 : Math.min(length, count - seen);
      for (let at = 0; at < looked; at++) if (bitsAt(walk.bytes, walk.at * 8 + at * width, width) === wanted) found++;
      walk.at += (length / 8) * width;
    }
    seen += length;
  }
  return found;
}

/** The lowest first. */
function bitsAt(bytes: Uint8Array, first: number, width: number): number {
  let value = 0;
  for (let bit = 0; bit < width; bit++) {
    const at = first + bit;
    if ((((bytes[Math.floor(at / 8)] ?? 0) >> (at % 8)) & 1) === 1) value += 2 ** bit;
  }
  return value;
}

/** With how many values writers fill up the last run. */
const FILLED_MAX = 512;

/** Of how many values each miniblock is a multiple. */
const MINIBLOCK_VALUES = 32;
/** Of a difference of two numbers of 32 bits: the library reads no more. */
const INT_BYTES_MAX = 5;

/** Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC */
function requireDeltas(walk: ByteWalk, count: number, into?: Int32Array): void {
  const [block, miniblocks] = [walk.size(), walk.size()];
  walk.number();
  let value = signed(into === undefined ? walk.number() : walk.size());
  if (into !== undefined) into[0] = value;
  const each = block / miniblocks;
  requireCount(block, 2 ** 31 - 1);
  requireCount(miniblocks, walk.bytes.byteLength);
  if (each === 0 || !Number.isInteger(each / MINIBLOCK_VALUES)) throw parquetParsing();
  for (let seen = 1; seen < count;) {
    const leastAt = walk.at;
    const least = signed(walk.number());
    const widthsAt = walk.at;
    if (into !== undefined) requireCount(widthsAt - leastAt, INT_BYTES_MAX);
    walk.skip(miniblocks);
    for (let mini = 0; mini < miniblocks && seen < count; mini++, seen += each) {
      const width = walk.bytes[widthsAt + mini];
      requireCount(width, into === undefined ? 64 : 32);
      if (into !== undefined) value = readDeltas(walk, { value, least, width }, into.subarray(seen, seen + each));
      walk.at += (each * width) / 8;
    }
  }
}

interface Deltas {
  readonly value: number;
  readonly least: number;
  readonly width: number;
}

/** Gives the last value. */
function readDeltas({ bytes, at: bytesAt }: ByteWalk, { value, least, width }: Deltas, into: Int32Array): number {
  let last = value;
  for (let at = 0; at < into.length; at++) {
    last = (last + least + bitsAt(bytes, bytesAt * 8 + at * width, width)) | 0;
    into[at] = last;
  }
  return last;
}

/** Each text begins as the one before it, as long as it says. */
function requireTexts(walk: ByteWalk, count: number, budget: Budget): void {
  const [prefixes, suffixes] = [new Int32Array(count), new Int32Array(count)];
  requireDeltas(walk, count, prefixes);
  requireDeltas(walk, count, suffixes);
  let before = 0;
  for (const [at, prefix] of prefixes.entries()) {
    requireCount(prefix, before);
    const suffix = suffixes[at];
    requireCount(suffix, walk.left);
    walk.at += suffix;
    before = prefix + suffix;
    requireCount(before, budget.bytes);
    if (prefix > 0) budget.bytes -= before;
  }
}
