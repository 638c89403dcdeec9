/** Values of the model in a form, in the two ways that the Query protocols name them. */
import {
  isSimple,
  type ListShape,
  type MapShape,
  type Member,
  type StructureShape,
  type UnionShape,
} from "../model/shape.ts";
import type { FormNode } from "./form.ts";
import { parseScalar } from "./scalar.ts";
import { setEntry } from "./value.ts";

export interface FormDialect {
  nameOf(member: Member): string;
  /** Whether the items of the member's list follow its own name: `Filter.1` in place of `Filter.member.1`. */
  isFlat(member: Member): boolean;
}

export const queryForm: FormDialect = {
  nameOf: (member) => member.traits.xmlName ?? member.name,
  isFlat: (member) => member.traits.xmlFlattened !== undefined,
};

/** Source: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html#query-key-resolution */
export const ec2Form: FormDialect = {
  nameOf: ({ traits, name }) => traits.ec2QueryName ?? capitalised(traits.xmlName ?? name),
  isFlat: () => true,
};

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** @throws {Malformed} where a value is of another type. */
export function decodeFormMembers(
  { members }: StructureShape | UnionShape,
  node: FormNode,
  dialect: FormDialect,
): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  if (node.children === undefined) return decoded;
  for (const member of members) {
    const child = node.children.get(dialect.nameOf(member)) ?? emptyListOf(member, node.children);
    if (child === undefined) continue;
    const value = decodeForm(member, child, dialect);
    if (value !== undefined) decoded[member.name] = value;
  }
  return decoded;
}

/** Some clients write an empty list under its member's own name. Source: https://github.com/boto/botocore/blob/develop/botocore/serialize.py (QuerySerializer) */
function emptyListOf({ name, shape }: Member, nodes: ReadonlyMap<string, FormNode>): FormNode | undefined {
  const node = shape.kind === "list" ? nodes.get(name) : undefined;
  return node?.text === "" ? node : undefined;
}

function decodeForm(member: Member, node: FormNode, dialect: FormDialect): unknown {
  const { shape } = member;
  if (isSimple(shape)) return node.text === undefined ? undefined : parseScalar(shape, node.text);
  switch (shape.kind) {
    case "list":
      return decodeList(shape, node, dialect.isFlat(member), dialect);
    case "map":
      return decodeMap(shape, node, dialect.isFlat(member), dialect);
    case "structure":
    case "union":
      return decodeFormMembers(shape, node, dialect);
  }
}

const NO_NODES: ReadonlyMap<string, FormNode> = new Map();

/** An empty list is written as the list's bare name. */
function decodeList({ member }: ListShape, node: FormNode, flat: boolean, dialect: FormDialect): unknown {
  if (node.children === undefined) return node.text === "" ? [] : undefined;
  // Clients of an older model say `member` where the present one has another name, or nothing at all.
  const named = node.children.get(member.traits.xmlName ?? "member") ?? node.children.get("member");
  const numbered = (flat ? node : (named ?? node)).children ?? NO_NODES;
  const places = [...numbered.keys()].filter((key) => /^\d+$/.test(key)).toSorted((a, b) => Number(a) - Number(b));
  return places.map((place) => {
    const child = numbered.get(place);
    return child === undefined ? undefined : decodeForm(member, child, dialect);
  });
}

function decodeMap({ key, value }: MapShape, node: FormNode, flat: boolean, dialect: FormDialect): unknown {
  const decoded: Record<string, unknown> = {};
  const keyName = key.traits.xmlName ?? "key";
  const valueName = value.traits.xmlName ?? "value";
  const parent = flat ? node : node.children?.get("entry");
  for (const { children = NO_NODES } of (parent?.children ?? NO_NODES).values()) {
    const name = children.get(keyName)?.text;
    const child = children.get(valueName);
    if (name !== undefined && child !== undefined) setEntry(decoded, name, decodeForm(value, child, dialect));
  }
  return decoded;
}
