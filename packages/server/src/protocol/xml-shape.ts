/** Values of the model as XML. Source: https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings */
import {
  isSimple,
  type ListShape,
  type MapShape,
  type Member,
  type SimpleShape,
  type StructureShape,
  type Traits,
  type UnionShape,
} from "../model/shape.ts";
import { doubleText, holdsDoubles, writeDoubles } from "./double.ts";
import { formatScalar, parseScalar } from "./scalar.ts";
import { dateOf, fieldsOf, listOf, setEntry, textOf, type Fields } from "./value.ts";
import { escapeXml, type XmlElement } from "./xml.ts";

type Skip = (member: Member) => boolean;

/** Whether times within a second are written with their milliseconds also where these are none. */
export type Times = "shortest" | "milliseconds";

const nameOf = ({ traits, name }: Member): string => traits.xmlName ?? name;
const isFlat = ({ traits }: Member): boolean => traits.xmlFlattened !== undefined;

/** The child elements that `value`'s members make, but for those that `skip` names. */
export function encodeXmlMembers(
  { members }: Pick<StructureShape | UnionShape, "members">,
  value: Fields,
  times: Times,
  skip?: Skip,
): string {
  let xml = "";
  for (const member of members) {
    const item = value[member.name];
    if (item === undefined || item === null || member.traits.xmlAttribute !== undefined || skip?.(member)) continue;
    const written = holdsDoubles(member.limits) ? writeDoubles(item, doubleText) : item;
    xml += encodeXml(nameOf(member), member, written, times);
  }
  return xml;
}

/** `value` as an element `name`, or as several where its list is flat. */
function encodeXml(name: string, member: Member, value: unknown, times: Times): string {
  const { shape } = member;
  if (isSimple(shape)) return wrap(name, member, escapeXml(encodeSimple(shape, value, times)));
  switch (shape.kind) {
    case "list":
      return isFlat(member)
        ? encodeItems(shape, value, times, name)
        : wrap(name, member, encodeItems(shape, value, times));
    case "map":
      return isFlat(member)
        ? encodeEntries(shape, value, times, name)
        : wrap(name, member, encodeEntries(shape, value, times));
    case "structure":
    case "union":
      return encodeXmlStructure(name, shape, fieldsOf(value), { traits: member.traits, times });
  }
}

function encodeSimple(shape: SimpleShape, value: unknown, times: Times): string {
  if (times === "milliseconds" && shape.kind === "timestamp" && shape.format !== "epoch-seconds") {
    return dateOf(value).toISOString();
  }
  return formatScalar(shape, value, "date-time");
}

function encodeItems(
  { member }: ListShape,
  value: unknown,
  times: Times,
  name = member.traits.xmlName ?? "member",
): string {
  let xml = "";
  for (const item of listOf(value)) {
    if (item !== undefined && item !== null) xml += encodeXml(name, member, item, times);
  }
  return xml;
}

function encodeEntries({ key, value: member }: MapShape, value: unknown, times: Times, name = "entry"): string {
  const keyName = key.traits.xmlName ?? "key";
  const valueName = member.traits.xmlName ?? "value";
  let xml = "";
  for (const [entry, item] of Object.entries(fieldsOf(value))) {
    if (item === undefined || item === null) continue;
    const inside = `<${keyName}>${escapeXml(entry)}</${keyName}>${encodeXml(valueName, member, item, times)}`;
    xml += `<${name}>${inside}</${name}>`;
  }
  return xml;
}

const knownAttributes = new WeakMap<StructureShape | UnionShape, readonly Member[]>();

/** The members that are attributes: hardly any structure has one. */
function attributesOf(shape: StructureShape | UnionShape): readonly Member[] {
  const known = knownAttributes.get(shape);
  if (known !== undefined) return known;
  const attributes = shape.members.filter(({ traits }) => traits.xmlAttribute !== undefined);
  knownAttributes.set(shape, attributes);
  return attributes;
}

/** The whole element of a structure, with its attributes. */
export function encodeXmlStructure(
  name: string,
  shape: StructureShape | UnionShape,
  value: Fields,
  { traits, times }: { readonly traits: Traits; readonly times: Times },
): string {
  let attributes = namespaceAttribute(traits.xmlNamespace ?? shape.traits.xmlNamespace);
  for (const member of attributesOf(shape)) {
    const item = value[member.name];
    if (item === undefined || item === null) continue;
    attributes += ` ${nameOf(member)}="${escapeXml(textOf(item))}"`;
  }
  return `<${name}${attributes}>${encodeXmlMembers(shape, value, times)}</${name}>`;
}

function wrap(name: string, { traits, shape }: Member, inside: string): string {
  const attribute = namespaceAttribute(traits.xmlNamespace ?? shape.traits.xmlNamespace);
  return `<${name}${attribute}>${inside}</${name}>`;
}

export function namespaceAttribute(namespace: Traits["xmlNamespace"]): string {
  if (namespace === undefined) return "";
  if (typeof namespace === "string") return ` xmlns="${escapeXml(namespace)}"`;
  const [prefix, uri] = namespace;
  return prefix === "" ? ` xmlns="${escapeXml(uri)}"` : ` xmlns:${prefix}="${escapeXml(uri)}"`;
}

/** @throws {Malformed} where a value is of another type. */
export function decodeXmlMembers(
  { members }: StructureShape | UnionShape,
  element: XmlElement,
  skip?: Skip,
): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const member of members) {
    if (skip?.(member)) continue;
    const value = decodeMember(member, element);
    if (value !== undefined) decoded[member.name] = value;
  }
  return decoded;
}

function decodeMember(member: Member, element: XmlElement): unknown {
  const name = nameOf(member);
  const { shape } = member;
  if (member.traits.xmlAttribute !== undefined) return element.attributes?.get(name);
  if (isFlat(member) && (shape.kind === "list" || shape.kind === "map")) {
    const children = element.children.filter((child) => child.name === name);
    if (children.length === 0) return undefined;
    return shape.kind === "list"
      ? children.map((child) => decodeXml(shape.member, child))
      : decodeEntries(shape, children);
  }
  const child = element.children.find((candidate) => candidate.name === name);
  return child === undefined ? undefined : decodeXml(member, child);
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html (`TRUE`, in the sample request) */
function decodeXml({ shape }: Member, element: XmlElement): unknown {
  if (isSimple(shape)) return parseScalar(shape, shape.kind === "boolean" ? element.text.toLowerCase() : element.text);
  switch (shape.kind) {
    case "list": {
      const { member } = shape;
      const names = [member.traits.xmlName, "member"];
      return element.children.filter(({ name }) => names.includes(name)).map((child) => decodeXml(member, child));
    }
    case "map":
      return decodeEntries(
        shape,
        element.children.filter(({ name }) => name === "entry"),
      );
    case "structure":
    case "union":
      return decodeXmlMembers(shape, element);
  }
}

function decodeEntries({ key, value }: MapShape, entries: readonly XmlElement[]): Fields {
  const decoded: Record<string, unknown> = {};
  for (const { children } of entries) {
    const name = children.find((child) => child.name === (key.traits.xmlName ?? "key"));
    const item = children.find((child) => child.name === (value.traits.xmlName ?? "value"));
    if (name !== undefined && item !== undefined) setEntry(decoded, name.text, decodeXml(value, item));
  }
  return decoded;
}
