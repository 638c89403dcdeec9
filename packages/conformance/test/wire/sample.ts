/** One value for every member of a shape, the same each time, and as awkward as the wire allows. */
import {
  isSimple,
  type Member,
  type Shape,
  type SimpleShape,
  type StructureShape,
  type Traits,
  type UnionShape,
} from "../../../server/src/model/shape.ts";
import type { ProtocolName } from "../../../server/src/model/service-model.ts";

/** Where a value goes: what is safe differs. */
type Place = "body" | "header" | "query" | "label";

/** Shapes may hold themselves. */
const DEPTH_MAX = 6;

const MOMENT = new Date("2024-05-06T07:08:09Z");

/** Values that the SDK's own client inspects. */
const FIXED: Readonly<Record<string, string>> = {
  Bucket: "my-bucket",
  AccountId: "123456789012",
  ChecksumAlgorithm: "CRC32",
  ChecksumMode: "",
  CopySource: "b/k",
  ContentMD5: "x",
  SSECustomerKeyMD5: "x",
  Mrap: "x.mrap",
  RequestRoute: "a",
  OutpostId: "op-01ac5d28a6a232904",
  // The header of `Expires`, which is a member as well.
  ExpiresString: MOMENT.toUTCString(),
  // The header that tells clients of the event stream.
  ResponseStreamContentType: "application/vnd.amazon.eventstream",
  Key: "a b/é+&?#%2F/../x//y.txt",
};

/** Keys that the client turns into others, and an endpoint for which it would sign with what it does not bring. */
const LEFT_OUT: ReadonlySet<string> = new Set(["SSECustomerKey", "CopySourceSSECustomerKey", "EndpointId"]);

export class Sampler {
  /** A form cannot say that a structure is there and empty. */
  readonly #sendsEmpty: boolean;

  constructor(protocol: ProtocolName) {
    this.#sendsEmpty = protocol !== "aws-query" && protocol !== "ec2-query";
  }

  input(shape: StructureShape): Record<string, unknown> {
    return this.#members(shape, { depth: 0, isInput: true });
  }

  output(shape: StructureShape): Record<string, unknown> {
    return this.#members(shape, { depth: 0, isInput: false });
  }

  /** Without what every error has: its code and message. */
  error(shape: StructureShape): Record<string, unknown> {
    const entries = Object.entries(this.#members(shape, { depth: 0, isInput: false }));
    return Object.fromEntries(entries.filter(([name]) => !/^(?:message|code|type)$/i.test(name)));
  }

  /** One event of each kind. */
  events(shape: UnionShape): Record<string, unknown>[] {
    return shape.members
      .filter((member) => member.shape.traits.error === undefined)
      .map((member) => ({ [member.name]: this.#value(member, "body", { depth: 1, isInput: false }) }));
  }

  #members(shape: StructureShape | UnionShape, at: { depth: number; isInput: boolean }): Record<string, unknown> {
    const sampled: Record<string, unknown> = {};
    for (const member of shape.members) {
      if (LEFT_OUT.has(member.name) || isEventStream(member.shape)) continue;
      const place = at.depth === 0 ? placeOf(member, at.isInput) : "body";
      const value = place === "code" ? 200 : this.#value(member, place, { ...at, depth: at.depth + 1 });
      if (value === undefined) continue;
      sampled[member.name] = value;
      if (shape.kind === "union") break;
    }
    return sampled;
  }

  #value(member: Member, place: Place, at: { depth: number; isInput: boolean }): unknown {
    const { shape } = member;
    if (isSimple(shape)) return scalar(member, shape, place);
    if (at.depth > DEPTH_MAX) return undefined;
    const below = { ...at, depth: at.depth + 1 };
    switch (shape.kind) {
      case "list": {
        const item = this.#value(renamed(shape.member, member.name), place, below);
        return item === undefined ? undefined : [item, item];
      }
      case "map": {
        const item = this.#value(renamed(shape.value, member.name), place, below);
        return item === undefined ? undefined : { k1: item, "k <2>": item };
      }
      case "structure":
      case "union":
        return this.#structure(shape, at);
    }
  }

  /** Nothing where the depth has cut off all members. */
  #structure(shape: StructureShape | UnionShape, at: { depth: number; isInput: boolean }): unknown {
    const fields = this.#members(shape, at);
    if (Object.keys(fields).length > 0) return fields;
    return shape.members.length === 0 && (this.#sendsEmpty || !at.isInput) ? fields : undefined;
  }
}

/** An element goes by the name of its list. */
const renamed = ({ shape, traits, required, limits }: Member, name: string): Member => ({
  name,
  shape,
  traits,
  required,
  limits,
});

const isEventStream = ({ kind, traits }: Shape): boolean => kind === "union" && traits.streaming !== undefined;

function placeOf({ traits }: Member, isInput: boolean): Place | "code" {
  if (traits.httpHeader !== undefined || traits.httpPrefixHeaders !== undefined) return "header";
  if (traits.httpResponseCode !== undefined) return "code";
  if (isInput && traits.httpLabel !== undefined) return "label";
  return isInput && (traits.httpQuery !== undefined || traits.httpQueryParams !== undefined) ? "query" : "body";
}

function scalar({ name, traits }: Member, shape: SimpleShape, place: Place): unknown {
  switch (shape.kind) {
    case "string":
      return FIXED[name] ?? text(name, place, traits);
    case "number":
      return 17;
    case "boolean":
      return true;
    case "blob":
      return Uint8Array.of(1, 2, 250);
    case "timestamp":
      return MOMENT;
    case "document":
      return { a: [1, "x", null, { b: true }] };
  }
}

function text(name: string, place: Place, { mediaType, xmlAttribute }: Traits): string {
  // Attributes do not keep line ends.
  if (xmlAttribute !== undefined) return `v <&>"' é ${name}`;
  switch (place) {
    case "body":
      return `v <&>"' é\r\n ${name}`;
    case "query":
      return `q&=+ é ${name}`;
    case "label":
      return `l é&${name}`;
    case "header":
      return mediaType !== undefined ? '{"a":1}' : `h é ${name}`;
  }
}
