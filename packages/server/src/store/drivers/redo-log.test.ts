import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Write } from "../driver.ts";
import { RedoLog } from "./redo-log.ts";

const ALL_BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
const FIRST: readonly Write[] = [
  { key: ALL_BYTES, value: '1{"text":"雲箱 🗻 é"}' },
  { key: "gone", value: undefined },
];
const SECOND: readonly Write[] = [{ key: "empty", value: "" }];
const THIRD: readonly Write[] = [{ key: "long", value: "x".repeat(200_000) }];

function newPath(): string {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-log-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "log");
}

function readAt(path: string, generation: number): Write[] {
  const log = new RedoLog({ path, sync: false, generation });
  const writes = log.read();
  log.close();
  return writes;
}

/** A log at `path` with `pieces`. */
function write(path: string, generation: number, ...pieces: (readonly Write[])[]): void {
  const log = new RedoLog({ path, sync: true, generation });
  for (const piece of pieces) log.append(piece);
  log.close();
}

test("what was appended is read again in its order, whatever bytes keys have and whatever letters values", () => {
  const path = newPath();
  write(path, 7, FIRST, SECOND, THIRD);
  expect(readAt(path, 7)).toEqual([...FIRST, ...SECOND, ...THIRD]);
});

test("what is appended after a reading follows what was read", () => {
  const path = newPath();
  write(path, 0, FIRST);
  const log = new RedoLog({ path, sync: false, generation: 0 });
  expect(log.read()).toEqual(FIRST);
  log.append(SECOND);
  log.close();
  expect(readAt(path, 0)).toEqual([...FIRST, ...SECOND]);
});

test("a piece that is cut off anywhere does not count, those before it do, and another takes its place", () => {
  const path = newPath();
  write(path, 1, FIRST);
  const firstEnd = statSync(path).size;
  write(path, 1, FIRST, SECOND);
  const whole = readFileSync(path);
  for (let end = 0; end < whole.byteLength; end++) {
    writeFileSync(path, whole.subarray(0, end));
    const log = new RedoLog({ path, sync: false, generation: 1 });
    const kept = end < firstEnd ? [] : FIRST;
    expect([end, log.read()]).toEqual([end, kept]);
    log.append(THIRD);
    log.close();
    expect([end, readAt(path, 1)]).toEqual([end, [...kept, ...THIRD]]);
  }
});

test("a piece with a wrong bit anywhere does not count, nor what follows it", () => {
  const path = newPath();
  write(path, 1, FIRST, SECOND);
  const whole = readFileSync(path);
  for (let at = 0; at < whole.byteLength; at++) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
    writeFileSync(path, damaged);
    expect([[], FIRST]).toContainEqual(readAt(path, 1));
  }
});

test("once all was taken in, none of it is read, however little is written over it", () => {
  const path = newPath();
  const log = new RedoLog({ path, sync: false, generation: 1 });
  log.append(THIRD);
  log.append(FIRST);
  log.begin(2);
  expect(log.bytes).toBe(0);
  log.append(SECOND);
  log.close();
  expect(readAt(path, 2)).toEqual(SECOND);
  expect(readAt(path, 1)).toEqual([]);
  expect(readAt(path, 3)).toEqual([]);
});

test("what lies beyond its end is given back to the disk", () => {
  const path = newPath();
  const log = new RedoLog({ path, sync: false, generation: 1 });
  log.append(THIRD);
  log.begin(2);
  log.shrink(1000);
  expect(statSync(path).size).toBe(1000);
  log.append(SECOND);
  log.shrink(1_000_000);
  log.close();
  expect(readAt(path, 2)).toEqual(SECOND);
});

test("a file that is empty, short or something else holds nothing", () => {
  const path = newPath();
  write(path, 0, FIRST);
  truncateSync(path, 0);
  expect(readAt(path, 0)).toEqual([]);
  writeFileSync(path, "no log, ".repeat(100));
  expect(readAt(path, 0)).toEqual([]);
});

test("it is for its owner alone", () => {
  const path = newPath();
  write(path, 0, FIRST);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
