import { expect, test } from "vitest";
import { JSON_DEPTH_MAX, JsonError, readJson, type JsonNode } from "./json.ts";

/** What `JSON.parse` would give. */
function plain(node: JsonNode): unknown {
  if (node.kind === "object") return Object.fromEntries(node.members.map(({ name, value }) => [name, plain(value)]));
  if (node.kind === "array") return node.items.map(plain);
  return node.kind === "string" ? node.text : JSON.parse(node.text);
}

test.each([
  `{}`,
  `[]`,
  `  [ 1 , -2.5e+3, true, false, null, "x" ]  `,
  `{"a": {"b": [{"c": "d"}]}, "e": ""}`,
  String.raw`"\" \\ \/ \b \f \n \r \t \u00e9 \ud83d\ude00"`,
  `"雲箱"`,
])("%s reads as JSON.parse reads it", (text) => {
  expect(plain(readJson(text))).toEqual(JSON.parse(text));
});

test.each([
  ``,
  `{`,
  `{"a"}`,
  `{"a":}`,
  `{"a":1,}`,
  `[1,]`,
  `[1 2]`,
  `"x`,
  `"\\x"`,
  `"\\u12g4"`,
  `"\n"`,
  `01`,
  `+1`,
  `.5`,
  `NaN`,
  `tru`,
  `{} {}`,
  `'x'`,
  `{a: 1}`,
  `// comment`,
])("%j is no JSON", (text) => {
  expect(() => readJson(text)).toThrow(JsonError);
});

test("the place of every value is kept", () => {
  const text = `{ "a": [ "b", 12 ] }`;
  const root = readJson(text);
  const [member] = root.kind === "object" ? root.members : [];
  const items = member?.value.kind === "array" ? member.value.items : [];
  expect(items.map(({ start, end }) => text.slice(start, end))).toEqual([`"b"`, "12"]);
});

test("nesting is bounded", () => {
  expect(readJson("[".repeat(JSON_DEPTH_MAX) + "]".repeat(JSON_DEPTH_MAX)).kind).toBe("array");
  expect(() => readJson("[".repeat(100_000))).toThrow("nested too deeply");
});
