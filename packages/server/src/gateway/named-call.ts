/** Calls that people write down as JSON, in the words of the models. */
import { AwsError } from "../kernel/aws-error.ts";
import { loadModel, serviceIndex } from "../model/models.ts";
import type { OperationModel } from "../model/service-model.ts";
import { isSimple, type Member, type Shape, type StructureShape, type UnionShape } from "../model/shape.ts";
import { byMemberName, decodeMembers } from "../protocol/json.ts";
import { Malformed } from "../protocol/malformed.ts";
import { fieldsOf, isFields } from "../protocol/value.ts";
import type { NamedCall, NamedOperation, OperationValues } from "../service/named-operation.ts";
import type { AskedOperation } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import { notImplemented } from "./failure.ts";

export async function findOperation(
  name: string,
  action: string,
  cloud: Pick<Cloud, "service">,
): Promise<NamedOperation> {
  const id = serviceIndex().find(({ sdkId }) => sdkId.toLowerCase().replaceAll(/[^a-z\d]/g, "") === name)?.id;
  if (id === undefined) return { kind: "unknown service" };
  const operation = `${action.slice(0, 1).toUpperCase()}${action.slice(1)}`;
  if (loadModel(id).operation(operation) === undefined) return { kind: "unknown operation" };
  const service = await cloud.service(id);
  return { kind: "known", service: id, operation, isBuilt: service?.operations.has(operation) ?? false };
}

/** The call in the types of the SDK. @throws {AwsError} `ValidationException` where the input is not of the model */
export function asAsked({ input, ...asked }: NamedCall): AskedOperation {
  const model = modelOf(asked);
  const { streamingInput } = model;
  try {
    const { [streamingInput?.name ?? ""]: body, ...rest } = fieldsOf(written(model.input, input, []));
    const decoded = decodeMembers(model.input, rest, { naming: byMemberName });
    return { ...asked, input: decoded, ...(typeof body === "string" && { body: Buffer.from(body, "base64") }) };
  } catch (error) {
    if (error instanceof Malformed) throw new AwsError("ValidationException", error.message);
    throw error;
  }
}

export function unknownMember({
  input,
  ...asked
}: Pick<NamedCall, "service" | "operation" | "input">): string | undefined {
  const unknown: string[] = [];
  written(modelOf(asked).input, input, unknown);
  return unknown[0];
}

/** As it is where there is no such operation. */
export function renamed({ service, operation, part, value }: OperationValues, rename: Rename): object {
  const isKnown = serviceIndex().some(({ id }) => id === service);
  const model = isKnown ? loadModel(service).operation(operation) : undefined;
  return model === undefined || !isFields(value) ? value : renamedFields(model[part], value, rename);
}

type Rename = (name: string) => string;

function renamedIn(shape: Shape, value: unknown, rename: Rename): unknown {
  if (shape.kind === "list" && Array.isArray(value)) {
    return value.map((item: unknown) => renamedIn(shape.member.shape, item, rename));
  }
  if (!isFields(value)) return value;
  if (shape.kind === "map") return mapped(value, (key, item) => [key, renamedIn(shape.value.shape, item, rename)]);
  return shape.kind === "structure" || shape.kind === "union" ? renamedFields(shape, value, rename) : value;
}

const renamedFields = (
  { byName }: StructureShape | UnionShape,
  fields: Readonly<Record<string, unknown>>,
  rename: Rename,
): Record<string, unknown> =>
  mapped(fields, (key, item) => {
    const member = byName.get(key);
    return [rename(key), member === undefined ? item : renamedIn(member.shape, item, rename)];
  });

function modelOf({ service, operation }: Pick<NamedCall, "service" | "operation">): OperationModel {
  const model = loadModel(service).operation(operation);
  if (model === undefined) throw notImplemented(service, operation);
  return model;
}

/** As the JSON protocols write it: with the model's names, whose first letter may be large or small, and bytes as base64. */
function written(shape: Shape, value: unknown, unknown: string[]): unknown {
  if (isSimple(shape)) return shape.kind === "blob" && typeof value === "string" ? base64(value) : value;
  if (shape.kind === "list") {
    return Array.isArray(value) ? value.map((item) => written(shape.member.shape, item, unknown)) : value;
  }
  if (!isFields(value)) return value;
  if (shape.kind === "map") return mapped(value, (key, item) => [key, written(shape.value.shape, item, unknown)]);
  return mapped(value, (key, item) => {
    const member = shape.byName.get(key) ?? sameButForCase(key, shape.byName);
    if (member !== undefined) return [member.name, written(member.shape, item, unknown)];
    unknown.push(key);
    return [key, item];
  });
}

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

function sameButForCase(key: string, members: ReadonlyMap<string, Member>): Member | undefined {
  const first = key.slice(0, 1);
  const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase();
  return members.get(other + key.slice(1));
}

const mapped = (
  fields: Readonly<Record<string, unknown>>,
  entry: (key: string, item: unknown) => readonly [string, unknown],
): Record<string, unknown> => Object.fromEntries(Object.entries(fields).map(([key, item]) => entry(key, item)));
