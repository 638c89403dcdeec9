import { expect, test } from "vitest";
import { readOrc } from "../../../../../test/orc-reader.ts";
import { Seeded } from "../../../../../test/store/seeded.ts";
import type { OrcColumn } from "./column.ts";
import { writeOrc } from "./file.ts";

type Row = Readonly<Record<string, unknown>>;

/** What a reader gives of the columns: times in milliseconds. */
const rowsOf = (columns: readonly OrcColumn[]): readonly Row[] =>
  Array.from({ length: columns[0]?.values.length ?? 0 }, (_, at) =>
    Object.fromEntries(
      columns.map(({ name, values }) => {
        const value = values[at];
        return [name, value instanceof Date ? value.getTime() : value];
      }),
    ),
  );

const listOf = <Value>(count: number, valueAt: (at: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, at) => valueAt(at));

test.each([
  ["no rows", []],
  ["one", [7]],
  ["two that are the same", [7, 7]],
  ["a run of the shortest kind", [7, 7, 7]],
  ["more than the longest run", listOf(131, () => -5)],
  ["more than may stand as they are", listOf(300, (at) => (at * 7919) % 1000)],
  ["what goes up by one", listOf(500, (at) => at)],
  ["what goes down by as much as a run may", listOf(500, (at) => 40_000 - at * 128)],
  ["what goes up by more than a run may", listOf(500, (at) => at * 128)],
  ["sizes up to those of the largest objects", [0, 2 ** 31, 2 ** 32 + 1, 50 * 1024 ** 4]],
  ["negative ones", [-1, -128, -(2 ** 31), -(2 ** 40)]],
  ["runs between others", [1, 5, 5, 5, 5, 2, 9, 8, 7, 6, 100]],
])("numbers come back: %s", (_what, values) => {
  const column = { name: "size", type: "bigint", values } as const;
  expect(readOrc(writeOrc([column]))).toEqual({ columns: ["size:bigint"], rows: rowsOf([column]) });
});

test("times come back to the millisecond, those before what they are counted from as well", () => {
  const at = [0, 1, 10, 100, 999, 1000, -1, -999].map((ms) => new Date(Date.UTC(2015, 0, 1) + ms));
  const column = { name: "at", type: "timestamp", values: [...at, new Date("2026-11-22T12:34:56.789Z")] } as const;
  expect(readOrc(writeOrc([column])).rows).toEqual(rowsOf([column]));
});

test("what is not there is not there, whatever is", () => {
  const columns: readonly OrcColumn[] = [
    { name: "key", type: "string", values: ["", "雲/箱.txt", undefined, "a\nb", undefined] },
    { name: "flag", type: "boolean", values: [undefined, true, undefined, false, undefined] },
    { name: "never", type: "timestamp", values: [undefined, undefined, undefined, undefined, undefined] },
  ];
  expect(readOrc(writeOrc(columns))).toEqual({
    columns: ["key:string", "flag:boolean", "never:timestamp"],
    rows: rowsOf(columns),
  });
});

test("more than a block of bytes that nothing makes smaller comes back", () => {
  const chance = new Seeded(1);
  const values = listOf(400, () => listOf(1024, () => String.fromCodePoint(33 + chance.below(90))).join(""));
  const column = { name: "key", type: "string", values } as const;
  const bytes = writeOrc([column]);
  expect(bytes.byteLength).toBeGreaterThan(256 * 1024);
  expect(readOrc(bytes).rows).toEqual(rowsOf([column]));
});

test("columns of any values come back", () => {
  const chance = new Seeded(2);
  const any = <Value>(valueOf: () => Value) => listOf(1000, () => (chance.below(4) === 0 ? undefined : valueOf()));
  const columns: readonly OrcColumn[] = [
    { name: "text", type: "string", values: any(() => "x".repeat(chance.below(3))) },
    { name: "number", type: "bigint", values: any(() => chance.below(5) - 2) },
    { name: "wide", type: "bigint", values: any(() => (chance.below(2 ** 30) - 2 ** 29) * 2 ** 18) },
    { name: "flag", type: "boolean", values: any(() => chance.below(10) > 0) },
    { name: "at", type: "timestamp", values: any(() => new Date(Date.UTC(2020, 0, 1) + chance.below(2 ** 30))) },
  ];
  expect(readOrc(writeOrc(columns)).rows).toEqual(rowsOf(columns));
});
