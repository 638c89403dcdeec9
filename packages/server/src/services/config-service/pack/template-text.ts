/** Templates as text: YAML, or JSON, which is YAML as well. Short forms of functions (`!Ref Name`) are written out. */
import type { Node } from "yaml";
import { findOwn } from "../../../kernel/lookup.ts";
import { templateInvalid } from "../errors.ts";

export type Value = string | number | boolean | null | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [name: string]: Value;
}

const DEPTH_MAX = 50;

/** @throws {AwsError} `ConformancePackTemplateValidationException` */
export async function readTemplate(text: string): Promise<Value> {
  const yaml = await import("yaml");
  const document = yaml.parseDocument(text, { logLevel: "silent" });
  const [flaw] = document.errors;
  if (flaw !== undefined) throw templateInvalid(`Template is not well-formed: ${flaw.message.split("\n")[0] ?? ""}`);
  const valueOf = (node: unknown, depth: number): Value => {
    if (depth > DEPTH_MAX) throw templateInvalid("Template is nested too deeply");
    // Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html (no aliases)
    if (yaml.isAlias(node)) throw templateInvalid("YAML aliases are not allowed in templates");
    if (!yaml.isNode(node)) return null;
    return written(node, plain(node, depth));
  };
  const plain = (node: Node, depth: number): Value => {
    if (yaml.isSeq(node)) return node.items.map((item) => valueOf(item, depth + 1));
    if (yaml.isMap(node)) {
      return Object.fromEntries(node.items.map(({ key, value }) => [nameOf(key), valueOf(value, depth + 1)]));
    }
    return yaml.isScalar(node) ? scalarOf(node.value) : null;
  };
  const nameOf = (key: unknown): string => (yaml.isScalar(key) ? String(key.value) : "");
  return valueOf(document.contents, 0);
}

function scalarOf(value: unknown): Value {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "bigint" ? String(value) : null;
}

/** `!Sub text` is `{ "Fn::Sub": text }`. */
function written({ tag }: Node, value: Value): Value {
  if (tag === undefined || !/^![A-Za-z]+$/.test(tag)) return value;
  const name = tag.slice(1);
  return { [name === "Ref" || name === "Condition" ? name : `Fn::${name}`]: value };
}

export const isMap = (value: Value | undefined): value is ValueMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What has that name in a map. */
export const memberOf = (value: Value | undefined, name: string): Value | undefined =>
  isMap(value) ? findOwn(value, name) : undefined;

/** Nothing for lists and maps. */
export const textOf = (value: Value | undefined): string =>
  typeof value === "object" || value === undefined ? "" : String(value);
