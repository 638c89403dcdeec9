/**
 * The form of `packages/server/models/*.json`, which `tools/models` writes and this folder reads.
 * A model is one list of shapes that name each other by number, so that parsing it is all that
 * loading it costs; everything else waits until someone asks for the shape.
 */
import type { ProtocolName } from "./service-model.ts";
import type { Limits, Traits } from "./shape.ts";

/** Smithy's value-less traits as one number: bit `n` is the trait `TRAIT_BITS[n]`. */
export const TRAIT_BITS = [
  "httpLabel",
  "idempotent",
  "idempotencyToken",
  "sensitive",
  "httpPayload",
  "httpResponseCode",
  "httpQueryParams",
] as const;

/** `0`: none. */
export type CompactTraits = number | Traits;

/**
 * `-1 - n` is shape `n` of the list. From `0` on the SDK's own numbers: `SIMPLE`, plus `LIST_OF` or
 * `MAP_OF`. A pair adds traits.
 */
export type CompactRef = number | readonly [ref: CompactRef, traits: CompactTraits];

/** The SDK's numbers of simple shapes, but for those that no service here uses. */
export const SIMPLE = {
  string: 0,
  number: 1,
  boolean: 2,
  timestamp: 4,
  dateTime: 5,
  httpDate: 6,
  epochSeconds: 7,
  document: 15,
  blob: 21,
  streamingBlob: 42,
} as const;

export const LIST_OF = 64;
export const MAP_OF = 128;
export const UNIT_REF = 202;

export const SHAPE = { simple: 0, list: 1, map: 2, structure: 3, union: 4, error: -3 } as const;

export type CompactSimple = readonly [kind: 0, name: string, traits: CompactTraits, ref: CompactRef];
export type CompactList = readonly [kind: 1, name: string, traits: CompactTraits, member: CompactRef];
export type CompactMap = readonly [kind: 2, name: string, traits: CompactTraits, key: CompactRef, value: CompactRef];
export type CompactStructure = readonly [
  kind: 3 | 4 | -3,
  name: string,
  traits: CompactTraits,
  members: readonly string[],
  refs: readonly CompactRef[],
  /** So many members, the first ones, are required. */
  required: number,
  /** Per member: `0`, or one more than its place among the limits. Cut after the last one that is not `0`. */
  limits?: readonly number[],
];
export type CompactShape = CompactSimple | CompactList | CompactMap | CompactStructure;

export type CompactOperation = readonly [
  http: readonly [method: string, uri: string, status: number] | 0,
  input: CompactRef,
  output: CompactRef,
  errors: readonly string[],
];

/** What routing needs to know of a service before its model is read. */
export interface ServiceSummary {
  readonly id: string;
  readonly sdkId: string;
  readonly signingName: string;
  readonly apiVersion: string;
  readonly targetPrefix?: string;
  readonly protocols: readonly ProtocolName[];
  /** The first parts of its host names: `monitoring`, `api.ecr`. */
  readonly hosts: readonly string[];
}

/** The members that carry a page's token in, the next one's out, and the page's size. */
export type CompactPaginator = readonly [input: string, output: string, size: string];

export interface CompactModel extends ServiceSummary {
  readonly namespace: string;
  readonly xmlNamespace?: string;
  readonly queryCompatible?: true;
  readonly operations: Readonly<Record<string, CompactOperation>>;
  readonly paginators: Readonly<Record<string, CompactPaginator>>;
  readonly errors: Readonly<Record<string, CompactRef>>;
  readonly limits: readonly Limits[];
  readonly shapes: readonly CompactShape[];
}
