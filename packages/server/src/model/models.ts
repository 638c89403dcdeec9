/** The models of all services: a file each, read when first asked for and kept. */
import { assert } from "../kernel/assert.ts";
import type { CompactModel, CompactOperation, ServiceSummary } from "./compact.ts";
import { readModelFile } from "./files.ts";
import { ShapeLinker } from "./linked.ts";
import type { OperationModel, Paginator, ProtocolName, ServiceModel } from "./service-model.ts";
import type { Member, StructureShape } from "./shape.ts";

let index: readonly ServiceSummary[] | undefined;
const loaded = new Map<string, ServiceModel>();

/** What routing needs of every service. */
export function serviceIndex(): readonly ServiceSummary[] {
  if (index !== undefined) return index;
  const read: readonly ServiceSummary[] = JSON.parse(readModelFile("index.json"));
  index = read;
  return read;
}

const NONE: readonly ServiceSummary[] = [];

let signedAs: ReadonlyMap<string, readonly ServiceSummary[]> | undefined;

/** The services whose requests are signed for that name: several share one. */
export const servicesSignedAs = (signingName: string): readonly ServiceSummary[] =>
  (signedAs ??= Map.groupBy(serviceIndex(), (summary) => summary.signingName)).get(signingName) ?? NONE;

let targets: ReadonlyMap<string | undefined, ServiceSummary> | undefined;

/** The service whose `X-Amz-Target` begins so; the first of those that do. */
export const serviceOfTarget = (prefix: string): ServiceSummary | undefined =>
  (targets ??= new Map(
    serviceIndex()
      .toReversed()
      .map((summary) => [summary.targetPrefix, summary]),
  )).get(prefix);

/** @throws {InvariantError} where there is no model of that name. */
export function loadModel(id: string): ServiceModel {
  const known = loaded.get(id);
  if (known !== undefined) return known;
  assert(
    serviceIndex().some((summary) => summary.id === id),
    `${id} has no model`,
  );
  const compact: CompactModel = JSON.parse(readModelFile(`${id}.json`));
  const model = new LinkedModel(compact);
  loaded.set(id, model);
  return model;
}

class LinkedModel implements ServiceModel {
  readonly id: string;
  readonly sdkId: string;
  readonly signingName: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly targetPrefix: string | undefined;
  readonly xmlNamespace: string | undefined;
  readonly protocols: readonly ProtocolName[];
  readonly queryCompatible: boolean;
  readonly operationNames: readonly string[];
  readonly #compact: CompactModel;
  readonly #linker: ShapeLinker;
  readonly #operations = new Map<string, OperationModel>();
  #queryCodes: ReadonlyMap<string, StructureShape> | undefined;

  constructor(compact: CompactModel) {
    this.id = compact.id;
    this.sdkId = compact.sdkId;
    this.signingName = compact.signingName;
    this.apiVersion = compact.apiVersion;
    this.namespace = compact.namespace;
    this.targetPrefix = compact.targetPrefix;
    this.xmlNamespace = compact.xmlNamespace;
    this.protocols = compact.protocols;
    this.queryCompatible = compact.queryCompatible ?? false;
    this.operationNames = Object.keys(compact.operations);
    this.#compact = compact;
    this.#linker = new ShapeLinker(compact);
  }

  operation(name: string): OperationModel | undefined {
    const known = this.#operations.get(name);
    if (known !== undefined || !Object.hasOwn(this.#compact.operations, name)) return known;
    const compact = this.#compact.operations[name];
    assert(compact !== undefined, "an operation that the model has");
    const operation = this.#link(name, compact);
    this.#operations.set(name, operation);
    return operation;
  }

  error(code: string): StructureShape | undefined {
    const { errors } = this.#compact;
    if (Object.hasOwn(errors, code)) return this.#structure(errors[code] ?? 0);
    this.#queryCodes ??= this.#codes();
    return this.#queryCodes.get(code);
  }

  #codes(): ReadonlyMap<string, StructureShape> {
    const shapes = Object.values(this.#compact.errors).map((ref) => this.#structure(ref));
    return new Map(
      shapes.flatMap((shape): [string, StructureShape][] => {
        const code = shape.traits.awsQueryError?.[0];
        return code === undefined ? [] : [[code, shape]];
      }),
    );
  }

  #link(name: string, [http, inputRef, outputRef, errorNames]: CompactOperation): OperationModel {
    const input = this.#structure(inputRef);
    const output = this.#structure(outputRef);
    return {
      name,
      service: this,
      http: http === 0 ? undefined : { method: http[0], uri: http[1], status: http[2] },
      input,
      output,
      errors: errorNames.flatMap((error) => this.error(error) ?? []),
      streamingInput: input.members.find(isStreaming),
      streamingOutput: output.members.find(isStreaming),
      paginator: this.#paginator(name),
    };
  }

  #paginator(name: string): Paginator | undefined {
    const compact = this.#compact.paginators[name];
    if (compact === undefined) return undefined;
    const [inputToken, outputToken, pageSize] = compact;
    return { inputToken, outputToken, pageSize: pageSize === "" ? undefined : pageSize };
  }

  #structure(ref: CompactOperation[1]): StructureShape {
    const shape = this.#linker.shape(ref);
    assert(shape.kind === "structure", "inputs, outputs and errors are structures");
    return shape;
  }
}

/** A body of bytes that streams, or an event stream. */
const isStreaming = ({ shape, traits }: Member): boolean =>
  (shape.kind === "blob" && (shape.streaming || traits.streaming !== undefined)) ||
  (shape.kind === "union" && shape.traits.streaming !== undefined);
