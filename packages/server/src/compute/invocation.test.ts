import { expect, test } from "vitest";
import { LineSplitter } from "./invocation.ts";

test("text that comes in any pieces is told line by line, and a long line by the piece", () => {
  const splitter = new LineSplitter();
  const take = (text: string) => splitter.take(Buffer.from(text));
  expect(take("o")).toEqual([]);
  expect(take("ne\ntwo\nth")).toEqual(["one\n", "two\n"]);
  expect(take("ree")).toEqual([]);
  expect(take("\n")).toEqual(["three\n"]);
  expect(splitter.rest()).toEqual([]);
  expect(take("\u{1F600}".repeat(300_000))).toEqual(["\u{1F600}".repeat(300_000)]);
  expect(take("end")).toEqual([]);
  expect(splitter.rest()).toEqual(["end\n"]);
});

test("a line that comes letter by letter costs no more than its length", { timeout: 10_000 }, () => {
  const splitter = new LineSplitter();
  const letter = Buffer.from(".");
  for (let n = 0; n < 500_000; n++) splitter.take(letter);
  expect(splitter.rest()).toEqual([`${".".repeat(500_000)}\n`]);
});
