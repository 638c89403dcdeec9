/** What crosses the wire, as the models describe it: shapes, their members, and the limits on values. */

export type TimestampFormat = "date-time" | "http-date" | "epoch-seconds";

/** Smithy traits that decide how a value is written, under their Smithy names. */
export interface Traits {
  readonly xmlName?: string;
  readonly xmlFlattened?: unknown;
  readonly xmlAttribute?: unknown;
  /** The namespace, or its prefix and the namespace. */
  readonly xmlNamespace?: string | readonly [prefix: string, uri: string];
  readonly jsonName?: string;
  readonly ec2QueryName?: string;
  readonly httpLabel?: unknown;
  readonly httpQuery?: string;
  readonly httpQueryParams?: unknown;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: unknown;
  readonly httpResponseCode?: unknown;
  readonly hostLabel?: unknown;
  readonly mediaType?: string;
  readonly eventHeader?: unknown;
  readonly eventPayload?: unknown;
  readonly streaming?: unknown;
  readonly sensitive?: unknown;
  readonly idempotencyToken?: unknown;
  readonly error?: "client" | "server";
  readonly httpError?: number;
  readonly awsQueryError?: readonly [code: string, status: number];
}

/** The limits a value must keep; the SDK leaves them out, so they come from elsewhere. */
export interface Limits {
  /** Least length of a string, blob, list or map; least value of a number. */
  readonly min?: number;
  readonly max?: number;
  /** A Java regular expression, as AWS writes them. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly number?: "integer" | "long" | "float" | "double";
  /** Limits of a list's elements. */
  readonly member?: Limits;
  /** Limits of a map's keys. */
  readonly key?: Limits;
  /** Limits of a map's values. */
  readonly value?: Limits;
}

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  /** The member's own traits over those of the shape it targets. */
  readonly traits: Traits;
  readonly required: boolean;
  readonly limits: Limits | undefined;
}

interface Named {
  /** Absent where the SDK has folded the shape away. */
  readonly name: string | undefined;
  readonly traits: Traits;
}

export interface StringShape extends Named {
  readonly kind: "string";
}

export interface NumberShape extends Named {
  readonly kind: "number";
}

export interface BooleanShape extends Named {
  readonly kind: "boolean";
}

export interface TimestampShape extends Named {
  readonly kind: "timestamp";
  /** Absent: as the protocol and the place have it. */
  readonly format: TimestampFormat | undefined;
}

export interface BlobShape extends Named {
  readonly kind: "blob";
  readonly streaming: boolean;
}

/** Any JSON value. */
export interface DocumentShape extends Named {
  readonly kind: "document";
}

export interface ListShape extends Named {
  readonly kind: "list";
  readonly member: Member;
}

export interface MapShape extends Named {
  readonly kind: "map";
  readonly key: Member;
  readonly value: Member;
}

export interface StructureShape extends Named {
  readonly kind: "structure";
  readonly name: string;
  readonly members: readonly Member[];
  readonly byName: ReadonlyMap<string, Member>;
}

/** Exactly one member is set. */
export interface UnionShape extends Named {
  readonly kind: "union";
  readonly name: string;
  readonly members: readonly Member[];
  readonly byName: ReadonlyMap<string, Member>;
}

export type SimpleShape = StringShape | NumberShape | BooleanShape | TimestampShape | BlobShape | DocumentShape;

export type Shape = SimpleShape | ListShape | MapShape | StructureShape | UnionShape;

/** An operation without input or output has this shape. */
export const UNIT: StructureShape = { kind: "structure", name: "Unit", traits: {}, members: [], byName: new Map() };

/** Whether a value of `shape` is one scalar, and not made of others. */
export const isSimple = (shape: Shape): shape is SimpleShape =>
  shape.kind !== "structure" && shape.kind !== "list" && shape.kind !== "map" && shape.kind !== "union";
