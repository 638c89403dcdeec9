import { expect, test } from "vitest";
import { PieceReader } from "./piece-reader.ts";

async function* stream(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece, "latin1");
}

test.each([
  [["12345678", "\r\n"]],
  [["12345678", "\n"]],
  [["1234", "5678\r\n"]],
  [["12345\r\n"]],
  [["1234", "5"]],
  [["123"]],
])("a line of more bytes than it may have, or without an end, is none: %j", async (pieces) => {
  expect(await new PieceReader(stream(...pieces)).line(4)).toBeUndefined();
});

test.each([[["123\r\nrest"]], [["12", "3\r", "\nre", "st"]], [["123\r\n", "rest"]]])(
  "a line ends where it does, whatever pieces it comes in: %j",
  async (pieces) => {
    const reader = new PieceReader(stream(...pieces));
    expect(await reader.line(4)).toBe("123");
    let rest = "";
    for await (const piece of reader.take(10)) rest += Buffer.from(piece).toString("latin1");
    expect(rest).toBe("rest");
    expect(await reader.atEnd()).toBe(true);
  },
);
