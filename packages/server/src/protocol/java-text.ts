/**
 * How Java, in which AWS's validation is written, prints what it was given.
 * Source: https://github.com/localstack/localstack/tree/main/tests/aws/services (recorded answers: lists of structures with
 * all that is absent, doubles with their point, enumerations)
 */
import { findOwn } from "../kernel/lookup.ts";
import {
  isSimple,
  type Limits,
  type Member,
  type Shape,
  type StructureShape,
  type UnionShape,
} from "../model/shape.ts";
import { isFields, type Fields } from "./value.ts";

const REDACTED = "***Sensitive Data Redacted***";
const ABSENT = "null";

export function show(shape: Shape, value: unknown, limits?: Limits): string {
  if (shape.traits.sensitive !== undefined) return REDACTED;
  if (value === null || value === undefined) return ABSENT;
  if (isSimple(shape)) return showScalar(value, limits);
  switch (shape.kind) {
    case "list":
      return `[${asList(value)
        .map((item) => show(shape.member.shape, item, limits?.member))
        .join(", ")}]`;
    case "map": {
      const entries = Object.entries(isFields(value) ? value : {});
      return `{${entries.map(([key, item]) => `${key}=${show(shape.value.shape, item, limits?.value)}`).join(", ")}}`;
    }
    case "structure":
    case "union":
      return showMembers(shape, isFields(value) ? value : {});
  }
}

/**
 * The members of structures that AWS has in another order than its model, or more of.
 * Source: recorded answers, tests/aws/services/events/test_events.snapshot.json and logs/test_logs.snapshot.json
 */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  PutEventsRequestEntry:
    "time source resources detailType detail eventBusName traceHeader kmsKeyIdentifier internalMetadata".split(" "),
  MetricTransformation: "metricName metricNamespace metricValue defaultValue unit dimensions".split(" "),
};

function showMembers({ name, members }: StructureShape | UnionShape, fields: Fields): string {
  const shown = new Map(members.map((member) => [decapitalise(member.name), showMember(member, fields[member.name])]));
  const names = findOwn(MEMBERS, name) ?? [...shown.keys()];
  return `${name}(${names.map((member) => `${member}=${shown.get(member) ?? ABSENT}`).join(", ")})`;
}

const showMember = ({ shape, traits, limits }: Member, value: unknown): string =>
  value !== undefined && traits.sensitive !== undefined ? REDACTED : show(shape, value, limits);

function showScalar(value: unknown, limits: Limits | undefined): string {
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (typeof value === "number") return showNumber(value, limits);
  return value instanceof Date ? value.toUTCString() : String(value);
}

/** A number that need not be whole has its point. */
export function showNumber(value: number, limits: Limits | undefined): string {
  const isReal = limits?.number === "double" || limits?.number === "float";
  return isReal && Number.isInteger(value) ? value.toFixed(1) : String(value);
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A member's name as Java's accessors have it: `SAMLAssertion` is `sAMLAssertion`. */
export const decapitalise = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const BUCKETS = 32;

/**
 * The values of an enumeration as they come out of a hash table of 32 buckets, where the last of the model is the first of
 * its bucket: so are those of API Gateway, CloudWatch, DynamoDB, EventBridge, KMS, Lambda, Step Functions and Transcribe.
 */
export function hashed(values: readonly string[]): readonly string[] {
  return values.toReversed().toSorted((one, other) => bucketOf(one) - bucketOf(other));
}

const bucketOf = (value: string): number => hashOf(value) & (BUCKETS - 1);

/** `String.hashCode`. */
function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}
