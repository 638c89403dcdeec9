/** Holds inputs to the model's limits. Compiled for each structure when it is first met. */
import { AwsError } from "../kernel/aws-error.ts";
import { findOwn } from "../kernel/lookup.ts";
import type { OperationModel } from "../model/service-model.ts";
import {
  isSimple,
  type Limits,
  type Member,
  type Shape,
  type SimpleShape,
  type StructureShape,
  type UnionShape,
} from "../model/shape.ts";
import { ec2Form } from "./form-shape.ts";
import { compileJavaPattern, type JavaPattern } from "../model/java-pattern.ts";
import { decapitalise, show } from "./java-text.ts";
import { ownRefusal } from "./own-refusals.ts";
import { tell } from "./own-words.ts";
import type { Protocol } from "./protocol.ts";
import { isFields } from "./value.ts";
import { NOT_NULL, recite, words, type Violation } from "./violation.ts";
import { NOT_WELL_FORMED } from "./xml.ts";

/**
 * @throws {AwsError} where `input` breaks a limit, naming all that it breaks, under the code and in
 * the form of the protocol's family.
 */
export function validateInput(
  operation: OperationModel,
  input: Readonly<Record<string, unknown>>,
  protocol: Protocol,
): void {
  if (operation.service.id === "s3") {
    requireDocument(operation, input);
    return;
  }
  if (protocol.name === "ec2-query") {
    requireMembers(operation.input, input, "");
    return;
  }
  const violations: Violation[] = [];
  checkMembers(operation.input, input, "", violations);
  if (violations.length > 0) {
    const own = ownRefusal(operation.service.id, violations, input);
    throw own ?? new AwsError(codeOf(operation, protocol), tell(operation.service.id, violations));
  }
}

/**
 * S3 has an error of its own for each member, and one for a body in which something is missing.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
function requireDocument(
  { input: shape, streamingInput }: OperationModel,
  input: Readonly<Record<string, unknown>>,
): void {
  const payload = shape.members.find(({ traits }) => traits.httpPayload !== undefined);
  // a stream has not come yet
  if (payload === undefined || payload === streamingInput) return;
  const document = input[payload.name];
  if (document === undefined) {
    if (payload.required) throw new AwsError("MissingRequestBodyError", "Request Body is empty");
    return;
  }
  if (payload.shape.kind !== "structure" || !isFields(document)) return;
  const violations: Violation[] = [];
  checkMembers(payload.shape, document, "", violations);
  if (violations.some(({ constraint }) => constraint === NOT_NULL)) {
    throw new AwsError("MalformedXML", NOT_WELL_FORMED);
  }
}

/**
 * Sources: https://github.com/hashicorp/terraform/issues/24250, https://github.com/aws/aws-sdk-js/issues/3344,
 * https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
 */
const OWN_CODES: Readonly<Record<string, string>> = {
  "cloudwatch-logs": "InvalidParameterException",
  "cognito-identity-provider": "InvalidParameterException",
  "route-53": "InvalidInput",
  // Source: https://github.com/getmoto/moto/blob/master/moto/s3tables/exceptions.py (InvalidTableName)
  s3tables: "BadRequestException",
};

function codeOf({ service, errors }: OperationModel, { name }: Protocol): string {
  const family = name === "aws-query" || name === "rest-xml" ? "ValidationError" : "ValidationException";
  const own = findOwn(OWN_CODES, service.id) ?? family;
  // newer operations of a service list the family's error instead of its own
  const listed = errors.map((shape) => shape.name);
  return listed.includes(family) && !listed.includes(own) ? family : own;
}

/** Adds to `found` what is wrong with a value that is there. */
type Check = (value: unknown, path: string, found: Violation[]) => void;

interface MemberCheck {
  readonly name: string;
  /** As paths have it. */
  readonly step: string;
  readonly required: boolean;
  readonly check: Check | undefined;
}

const checksOfStructures = new WeakMap<StructureShape | UnionShape, readonly MemberCheck[]>();

function checkMembers(
  shape: StructureShape | UnionShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
  found: Violation[],
): void {
  for (const { name, step, required, check } of checksOf(shape)) {
    const item = value[name];
    if (item !== undefined && item !== null) check?.(item, path === "" ? step : `${path}.${step}`, found);
    else if (required) found.push(missing(path === "" ? step : `${path}.${step}`));
  }
}

const missing = (path: string): Violation => ({ path, shown: "null", constraint: NOT_NULL });

/** Only of members that have something to check. */
function checksOf(shape: StructureShape | UnionShape): readonly MemberCheck[] {
  const known = checksOfStructures.get(shape);
  if (known !== undefined) return known;
  const checks = shape.members.flatMap((member): MemberCheck[] => {
    // A stream is checked by who reads it.
    if (member.shape.kind === "blob" && member.shape.streaming) return [];
    const check = compileCheck(member, member.limits);
    const { name, required } = member;
    return check === undefined && !required ? [] : [{ name, step: decapitalise(name), required, check }];
  });
  checksOfStructures.set(shape, checks);
  return checks;
}

function compileCheck({ shape, traits }: Member, limits: Limits | undefined): Check | undefined {
  const isSensitive = traits.sensitive !== undefined || shape.traits.sensitive !== undefined;
  const showValue = (value: unknown): string | undefined =>
    isSensitive ? undefined : `'${show(shape, value, limits)}'`;
  const own = limits === undefined ? undefined : compileLimits(shape, limits, showValue);
  const inner = compileInner(shape, limits, showValue);
  if (own === undefined || inner === undefined) return own ?? inner;
  return (value, path, found) => {
    own(value, path, found);
    inner(value, path, found);
  };
}

type Show = (value: unknown) => string | undefined;

/** The limits of the value itself. */
function compileLimits(shape: Shape, limits: Limits, showValue: Show): Check | undefined {
  const broken = compileBroken(shape, limits);
  if (broken === undefined) return undefined;
  return (value, path, found) => {
    for (const constraint of broken(value)) found.push({ path, shown: showValue(value), constraint });
  };
}

/** The words of each limit that a value breaks. */
type Broken = (value: unknown) => string[];

function compileBroken(shape: Shape, limits: Limits): Broken | undefined {
  const { min, max, pattern, enum: values } = limits;
  const known = values === undefined ? undefined : new Set(values);
  if (min === undefined && max === undefined && pattern === undefined && known === undefined) return undefined;
  const [saidMin, saidMax] =
    shape.kind === "number" ? [words.valueMin, words.valueMax] : [words.lengthMin, words.lengthMax];
  const breaksPattern = pattern === undefined ? undefined : lazyPattern(pattern);
  return (value) => {
    const broken: string[] = [];
    if (pattern !== undefined && breaksPattern?.(value)) broken.push(words.pattern(pattern));
    const size = sizeOf(value);
    if (max !== undefined && size > max) broken.push(saidMax(max, limits));
    if (min !== undefined && size < min) broken.push(saidMin(min, limits));
    if (known !== undefined && typeof value === "string" && !known.has(value)) broken.push(words.enum([...known]));
    return broken;
  };
}

function lazyPattern(pattern: string): (value: unknown) => boolean {
  let compiled: JavaPattern | "none" | undefined;
  return (value) => {
    compiled ??= compileJavaPattern(pattern) ?? "none";
    return compiled !== "none" && typeof value === "string" && !compiled.accepts(value);
  };
}

/** A number's value; the length of anything else. */
function sizeOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return isFields(value) && !(value instanceof Date) ? Object.keys(value).length : Number.NaN;
}

/** What is inside the value. */
function compileInner(shape: Shape, limits: Limits | undefined, showValue: Show): Check | undefined {
  if (isSimple(shape)) return undefined;
  switch (shape.kind) {
    case "structure":
    case "union":
      return (value, path, found) => {
        if (isFields(value)) checkMembers(shape, value, path, found);
      };
    case "list":
      return compileList(shape.member, limits?.member, showValue);
    case "map":
      return compileMap(shape.value, limits, showValue);
  }
}

function compileList(member: Member, limits: Limits | undefined, showList: Show): Check {
  const { shape } = member;
  const simple = isSimple(shape) ? compileEach(shape, limits, "Member must satisfy constraint: ") : undefined;
  const check = isSimple(shape) ? undefined : lazyCheck(member, limits);
  return (value, path, found) => {
    if (!Array.isArray(value)) return;
    const items: readonly unknown[] = value;
    for (const [index, item] of items.entries()) {
      if (item === null || item === undefined) found.push(missing(`${path}.${index + 1}.member`));
      else check?.(item, `${path}.${index + 1}.member`, found);
    }
    const constraint = simple?.(items);
    if (constraint !== undefined) found.push({ path, shown: showList(items), constraint });
  };
}

function compileMap(member: Member, limits: Limits | undefined, showMap: Show): Check {
  const { shape } = member;
  const ofKeys = compileEach(STRING, limits?.key, "Map keys must satisfy constraint: ");
  const ofValues = isSimple(shape)
    ? compileEach(shape, limits?.value, "Map value must satisfy constraint: ")
    : undefined;
  const check = isSimple(shape) ? undefined : lazyCheck(member, limits?.value);
  return (value, path, found) => {
    if (!isFields(value)) return;
    const keys = Object.keys(value);
    for (const key of keys) {
      const item = value[key];
      if (item === null) found.push(missing(`${path}.${key}.member`));
      else if (item !== undefined) check?.(item, `${path}.${key}.member`, found);
    }
    for (const constraint of [ofKeys?.(keys), ofValues?.(Object.values(value))]) {
      if (constraint !== undefined) found.push({ path, shown: showMap(value), constraint });
    }
  };
}

const STRING: SimpleShape = { kind: "string", name: undefined, traits: {} };

/** Of scalars in a list or map all limits are recited, whichever is broken. */
function compileEach(
  shape: SimpleShape,
  limits: Limits | undefined,
  intro: string,
): ((items: readonly unknown[]) => string | undefined) | undefined {
  const broken = limits === undefined ? undefined : compileBroken(shape, limits);
  if (broken === undefined || limits === undefined) return undefined;
  return (items) =>
    items.some((item) => item !== null && item !== undefined && broken(item).length > 0)
      ? intro + recite(shape, limits)
      : undefined;
}

/** Shapes may hold themselves. */
function lazyCheck(member: Member, limits: Limits | undefined): Check {
  let compiled: Check | undefined;
  return (value, path, found) => {
    compiled ??= compileCheck(member, limits) ?? (() => undefined);
    compiled(value, path, found);
  };
}

/**
 * EC2 names one parameter at a time.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (MissingParameter, InvalidParameterValue)
 */
function requireMembers(
  { members }: StructureShape | UnionShape,
  value: Readonly<Record<string, unknown>>,
  path: string,
): void {
  for (const member of members) {
    const item = value[member.name];
    const name = `${path}${ec2Form.nameOf(member)}`;
    if (item === undefined || item === null) {
      if (member.required) throw new AwsError("MissingParameter", `The request must contain the parameter ${name}`);
    } else {
      requireInside(member, item, name);
    }
  }
}

type Inside = Pick<Member, "shape" | "limits" | "name">;

function requireInside({ shape, limits, name }: Inside, value: unknown, path: string): void {
  if (shape.kind === "structure" && isFields(value)) {
    requireMembers(shape, value, `${path}.`);
  } else if (shape.kind === "list" && Array.isArray(value)) {
    const element = { shape: shape.member.shape, limits: limits?.member, name };
    for (const [index, item] of value.entries()) requireInside(element, item, `${path}.${index + 1}`);
  } else if (limits?.enum !== undefined && typeof value === "string" && !limits.enum.includes(value)) {
    throw new AwsError("InvalidParameterValue", `Value (${value}) for parameter ${decapitalise(name)} is invalid.`);
  }
}
