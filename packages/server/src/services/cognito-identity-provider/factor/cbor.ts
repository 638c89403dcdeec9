/** As much of CBOR as authenticators speak. Source: https://www.rfc-editor.org/rfc/rfc8949 */

export type CborValue = number | string | boolean | null | Uint8Array | CborValue[] | Map<number | string, CborValue>;

const DEPTH_MAX = 8;

/** A value and where it ends; `undefined` where the bytes are no CBOR, or of a kind that authenticators do not use. */
export interface CborItem {
  readonly value: CborValue;
  readonly end: number;
}

export function readCbor(bytes: Uint8Array, start = 0, depth = 0): CborItem | undefined {
  const head = readHead(bytes, start);
  if (!head || depth > DEPTH_MAX) return undefined;
  const { major, argument, end } = head;
  switch (major) {
    case 0:
      return { value: argument, end };
    case 1:
      return { value: -1 - argument, end };
    case 2:
    case 3:
      return readText(bytes, head);
    case 4:
      return readList(bytes, head, depth);
    case 5:
      return readMap(bytes, head, depth);
    case 7:
      return readSimple(argument, end);
    default:
      return undefined;
  }
}

interface Head {
  readonly major: number;
  readonly argument: number;
  readonly end: number;
}

function readHead(bytes: Uint8Array, start: number): Head | undefined {
  const first = bytes[start];
  if (first === undefined) return undefined;
  const major = first >> 5;
  const short = first & 31;
  if (short < 24) return { major, argument: short, end: start + 1 };
  // longer than four bytes is longer than anything that was sent
  const size = { 24: 1, 25: 2, 26: 4 }[short];
  if (size === undefined || start + 1 + size > bytes.length) return undefined;
  const argument = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUIntBE(start + 1, size);
  return { major, argument, end: start + 1 + size };
}

function readText(bytes: Uint8Array, { major, argument, end }: Head): CborItem | undefined {
  if (end + argument > bytes.length) return undefined;
  const piece = bytes.slice(end, end + argument);
  return { value: major === 2 ? piece : Buffer.from(piece).toString("utf8"), end: end + argument };
}

function readList(bytes: Uint8Array, { argument, end }: Head, depth: number): CborItem | undefined {
  const values: CborValue[] = [];
  let at = end;
  for (let count = 0; count < argument; count++) {
    const item = readCbor(bytes, at, depth + 1);
    if (!item) return undefined;
    values.push(item.value);
    at = item.end;
  }
  return { value: values, end: at };
}

function readMap(bytes: Uint8Array, { argument, end }: Head, depth: number): CborItem | undefined {
  const values = new Map<number | string, CborValue>();
  let at = end;
  for (let count = 0; count < argument; count++) {
    const key = readCbor(bytes, at, depth + 1);
    const item = key && readCbor(bytes, key.end, depth + 1);
    if (!item || (typeof key.value !== "number" && typeof key.value !== "string")) return undefined;
    values.set(key.value, item.value);
    at = item.end;
  }
  return { value: values, end: at };
}

function readSimple(argument: number, end: number): CborItem | undefined {
  if (argument === 20 || argument === 21) return { value: argument === 21, end };
  return argument === 22 ? { value: null, end } : undefined;
}
