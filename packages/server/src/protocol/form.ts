/** Form bodies, whose dotted names make a tree: `Tags.member.1.Key=a`. */
import { AwsError } from "../kernel/aws-error.ts";
import { checkDepth } from "./malformed.ts";

export interface FormNode {
  text: string | undefined;
  children: Map<string, FormNode> | undefined;
}

/** As many as a body of AWS's own limits could need, and then some. */
const PAIRS_MAX = 100_000;

/** @throws {AwsError} `MalformedQueryString` */
export function parseForm(form: string): FormNode {
  const root: FormNode = { text: undefined, children: undefined };
  let pairs = 0;
  for (const pair of form.split("&")) {
    if (pair === "") continue;
    if (++pairs > PAIRS_MAX) throw malformedQuery();
    const [name, value] = splitPair(pair);
    nodeAt(root, name).text = value;
  }
  return root;
}

function nodeAt(root: FormNode, name: string): FormNode {
  // most parameters are simple
  if (!name.includes(".")) return childOf(root, name);
  const parts = name.split(".");
  checkDepth(parts.length);
  let node = root;
  for (const part of parts) node = childOf(node, part);
  return node;
}

function childOf(node: FormNode, name: string): FormNode {
  node.children ??= new Map();
  const known = node.children.get(name);
  if (known !== undefined) return known;
  const child: FormNode = { text: undefined, children: undefined };
  node.children.set(name, child);
  return child;
}

/** One parameter of a form, without parsing the rest; the first where there are several. */
export function findParameter(form: string, name: string): string | undefined {
  const start = form.startsWith(`${name}=`) ? 0 : form.indexOf(`&${name}=`) + 1;
  if (start === 0 && !form.startsWith(`${name}=`)) return undefined;
  const end = form.indexOf("&", start);
  return decodeFormText(form.slice(start + name.length + 1, end === -1 ? undefined : end));
}

/** A query as its pairs, decoded. */
export function parseQuery(query: string): readonly (readonly [name: string, value: string])[] {
  if (query === "") return NO_PAIRS;
  const pairs = query.split("&").filter((pair) => pair !== "");
  if (pairs.length > PAIRS_MAX) throw malformedQuery();
  return pairs.map(splitPair);
}

const NO_PAIRS: readonly (readonly [string, string])[] = [];

function splitPair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf("=");
  if (equals === -1) return [decodeFormText(pair), ""];
  return [decodeFormText(pair.slice(0, equals)), decodeFormText(pair.slice(equals + 1))];
}

function decodeFormText(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw malformedQuery();
  }
}

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
const malformedQuery = (): AwsError =>
  new AwsError("MalformedQueryString", "The query string contains a syntax error.");
