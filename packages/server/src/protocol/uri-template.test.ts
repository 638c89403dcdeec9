import { describe, expect, test } from "vitest";
import { Malformed } from "./malformed.ts";
import { matchPath, parseUriTemplate } from "./uri-template.ts";

const match = (uri: string, path: string) => matchPath(parseUriTemplate(uri), path);

describe("a path fits a template", () => {
  test.each([
    ["/", "/", {}],
    ["/2015-03-31/functions/", "/2015-03-31/functions", {}],
    ["/2015-03-31/functions", "/2015-03-31/functions/", {}],
    ["/functions/{Name}/code", "/functions/a%2Fb/code", { Name: "a/b" }],
    ["/{Key+}", "/a/b//c/", { Key: "a/b//c/" }],
    ["/{Key+}", "//a", { Key: "/a" }],
    ["/{Key+}", "/..%2F../x", { Key: "../../x" }],
    ["/{Key+}", "/a+b%20c", { Key: "a+b c" }],
    ["/tags/{Arn+}/end", "/tags/a/b/end", { Arn: "a/b" }],
    ["/{A}/x/{B}", "/1/x/2", { A: "1", B: "2" }],
  ])("%s and %s", (uri, path, labels) => {
    expect(match(uri, path)).toEqual(labels);
  });
});

describe("a path does not fit", () => {
  test.each([
    ["/{Key+}", "/"],
    ["/{Name}", "/"],
    ["/{Name}", "/a/b"],
    ["/a/{Name}/b", "/a//b"],
    ["/functions", "/function"],
    ["/tags/{Arn+}/end", "/tags/end"],
    ["/a/{Key+}", "/a"],
  ])("%s and %s", (uri, path) => {
    expect(match(uri, path)).toBeUndefined();
  });
});

test("a label's percent signs must be right", () => {
  expect(() => match("/{Key+}", "/%zz")).toThrow(Malformed);
});
