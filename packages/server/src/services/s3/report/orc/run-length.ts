/**
 * How streams of ORC say that values are the same, or the next in a row: version 1 of its run-length encodings.
 * Source: https://orc.apache.org/specification/ORCv1/ (Run Length Encoding)
 */
import { ByteSink } from "./byte-sink.ts";

const RUN_MIN = 3;
const RUN_MAX = 130;
const LITERALS_MAX = 128;
const DELTA_MIN = -128;
const DELTA_MAX = 127;

/** Values that are the same, or each greater by `delta` than the one before. */
interface Run {
  readonly count: number;
  readonly delta: number;
}

type FindRun = (values: ArrayLike<number>, from: number) => Run;

interface Writing {
  readonly findRun: FindRun;
  readonly run: (run: Run, first: number, sink: ByteSink) => void;
  readonly literal: (value: number, sink: ByteSink) => void;
}

/** Runs where there are some, and between them values as they are. */
function encode(values: ArrayLike<number>, { findRun, run, literal }: Writing): Uint8Array {
  const sink = new ByteSink();
  let literalsFrom = 0;
  const endLiterals = (end: number): void => {
    for (let at = literalsFrom; at < end; at += LITERALS_MAX) {
      const count = Math.min(LITERALS_MAX, end - at);
      sink.byte(256 - count);
      for (let next = at; next < at + count; next++) literal(values[next] ?? 0, sink);
    }
  };
  for (let at = 0; at < values.length;) {
    const found = findRun(values, at);
    if (found.count < RUN_MIN) {
      at++;
      continue;
    }
    endLiterals(at);
    sink.byte(found.count - RUN_MIN);
    run(found, values[at] ?? 0, sink);
    at += found.count;
    literalsFrom = at;
  }
  endLiterals(values.length);
  return sink.take();
}

/** As far as each value is greater by `delta` than the one before. */
function runBy(delta: number, values: ArrayLike<number>, from: number): Run {
  let count = 1;
  while (count < RUN_MAX && from + count < values.length) {
    if ((values[from + count] ?? 0) - (values[from + count - 1] ?? 0) !== delta) break;
    count++;
  }
  return { count, delta };
}

function steadyRun(values: ArrayLike<number>, from: number): Run {
  const delta = (values[from + 1] ?? 0) - (values[from] ?? 0);
  const isNarrow = delta >= DELTA_MIN && delta <= DELTA_MAX;
  return isNarrow ? runBy(delta, values, from) : { count: 1, delta };
}

const encodeBytes = (values: Uint8Array): Uint8Array =>
  encode(values, {
    findRun: (all, from) => runBy(0, all, from),
    run: (_run, first, sink) => sink.byte(first),
    literal: (value, sink) => sink.byte(value),
  });

/** Eight of them in a byte, the first one highest. */
export function encodeBits(bits: readonly boolean[]): Uint8Array {
  const packed = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [at, bit] of bits.entries()) {
    if (bit) packed[at >> 3] = (packed[at >> 3] ?? 0) | (0x80 >> (at & 7));
  }
  return encodeBytes(packed);
}

/** Of numbers that may be negative; they may have more bits than bit operations know. */
const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);

type Signedness = "signed" | "unsigned";

/** Of whole numbers below 2^52. */
export function encodeIntegers(values: readonly number[], signedness: Signedness): Uint8Array {
  const written = (value: number): number => (signedness === "signed" ? zigzag(value) : value);
  return encode(values, {
    findRun: steadyRun,
    run({ delta }, first, sink) {
      sink.byte(delta & 0xff);
      sink.varint(written(first));
    },
    literal: (value, sink) => sink.varint(written(value)),
  });
}
