import { describe, expect, test } from "vitest";
import { AwsError } from "../kernel/aws-error.ts";
import { escapeXml, parseXml } from "./xml.ts";

describe("reading", () => {
  test("gives elements with their attributes, children and text", () => {
    const root = parseXml('<?xml version="1.0"?>\n<a x="1" p:y=\'2 > 1\'><!-- <no> --><p:b>t</p:b>u<c/></a>\n');
    expect(root.name).toBe("a");
    expect(Object.fromEntries(root.attributes ?? [])).toEqual({ x: "1", "p:y": "2 > 1" });
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ["b", "t"],
      ["c", ""],
    ]);
    expect(root.text).toBe("u");
  });

  test("resolves the five entities and numbered characters, and takes literal sections as they are", () => {
    expect(parseXml("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;<![CDATA[<b>&amp;]]></a>").text).toBe(
      "<>&\"'A\u{1F600}<b>&amp;",
    );
  });

  test("makes every line end one character", () => {
    expect(parseXml("<a>1\r\n2\r3&#xD;</a>").text).toBe("1\n2\n3\r");
  });

  test("takes a byte order mark for nothing", () => {
    expect(parseXml("\u{FEFF}<a/>").name).toBe("a");
  });
});

describe("what is hostile or broken is refused", () => {
  const bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>';
  test.each([
    ["a document type with entities", bomb],
    ["an external entity", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ["an empty document type", "<!DOCTYPE a><a/>"],
    ["an element declaration", "<!ELEMENT a ANY><a/>"],
    ["an entity that nobody declared", "<a>&x;</a>"],
    ["an ampersand alone", "<a>a & b</a>"],
    ["a character that XML has not", "<a>&#0;</a>"],
    ["half a surrogate pair", "<a>&#xD800;</a>"],
    ["a character beyond Unicode", "<a>&#x110000;</a>"],
    ["nothing", ""],
    ["only blanks", "  \n"],
    ["text alone", "abc"],
    ["text after the root", "<a/>b"],
    ["two roots", "<a/><b/>"],
    ["an element left open", "<a><b></b>"],
    ["elements that overlap", "<a><b></a></b>"],
    ["an end without a start", "</a>"],
    ["a tag left open", "<a"],
    ["a comment left open", "<a><!-- "],
    ["a literal section left open", "<a><![CDATA[ x </a>"],
    ["a name that is none", "<1a/>"],
    ["an attribute without quotes", "<a x=1/>"],
    ["an attribute twice", '<a x="1" x="2"/>'],
    ["an attribute with markup", '<a x="<"/>'],
    ["a quote left open", '<a x="1></a>'],
  ])("%s", (_, source) => {
    expect(() => parseXml(source)).toThrow(AwsError);
  });

  test("a nest deeper than any structure", () => {
    expect(() => parseXml("<a>".repeat(100_000))).toThrow("nested too deeply");
  });

  test("a million attributes, in time", () => {
    const startedMs = performance.now();
    const many = Array.from({ length: 20_000 }, (_, index) => ` a${index}="x"`).join("");
    expect(parseXml(`<a${many}/>`).attributes?.size).toBe(20_000);
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});

test("what is written can be read again", () => {
  const text = `<&>"' \r\n\u0085\u2028é\u{1F600}`;
  expect(parseXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`).text).toBe(text);
});
