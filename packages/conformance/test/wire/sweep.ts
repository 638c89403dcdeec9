/**
 * Sends every operation of a service through the real SDK client to our decoders, and answers with
 * our encoders: what the client sent must be what we read, and what we wrote must be what it reads.
 */
import { loadModel } from "../../../server/src/model/models.ts";
import type { OperationModel, ProtocolName, ServiceModel } from "../../../server/src/model/service-model.ts";
import type { StructureShape } from "../../../server/src/model/shape.ts";
import type { WireRequest, WireResponse } from "../../../server/src/protocol/protocol.ts";
import { findOperation, findService } from "../../../server/src/protocol/route.ts";
import { openSdk, type Sdk } from "./client.ts";
import { differenceOf } from "./difference.ts";
import { Sampler } from "./sample.ts";

export interface Round {
  readonly id: string;
  readonly protocol: ProtocolName;
  readonly style: "path" | "host";
}

export interface Finding {
  /** `rest-xml s3 GetObject output` */
  readonly what: string;
  readonly difference: string;
}

export interface Tally {
  readonly round: Round;
  readonly operations: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly errors: number;
  readonly errorsTried: number;
  readonly findings: readonly Finding[];
}

/** How the next request is to be answered, and what was read of it. */
interface Call {
  readonly answer: (operation: OperationModel, route: Route) => WireResponse;
  read?: { readonly operation: string; readonly input: Record<string, unknown> };
}

type Differences = readonly [input: string | undefined, output: string | undefined];

type Route = NonNullable<ReturnType<typeof findService>>;

const REQUEST_ID = "7a62c49f-347e-4fc4-9331-6e8e7a96aa73";

export async function sweep(round: Round): Promise<Tally> {
  return new Sweep(round).run();
}

class Sweep {
  readonly #round: Round;
  readonly #model: ServiceModel;
  readonly #sampler: Sampler;
  readonly #findings: Finding[] = [];
  #call: Call | undefined;

  constructor(round: Round) {
    this.#round = round;
    this.#model = loadModel(round.id);
    this.#sampler = new Sampler(round.protocol);
  }

  async run(): Promise<Tally> {
    const { id, protocol, style } = this.#round;
    const sdk = await openSdk(id, { protocol, style, answer: (request) => this.#answer(request) });
    const names = this.#model.operationNames.filter((name) => sdk.knows(name));
    let inputs = 0;
    let outputs = 0;
    for (const name of names) {
      const [input, output] = await this.#tryOperation(sdk, this.#operation(name));
      inputs += this.#count(name, "input", input);
      outputs += this.#count(name, "output", output);
    }
    let errors = 0;
    const thrown = this.#thrown();
    for (const [error, operation] of thrown) {
      errors += this.#count(error.name, "error", await this.#tryError(sdk, operation, error));
    }
    return {
      round: this.#round,
      operations: names.length,
      inputs,
      outputs,
      errors,
      errorsTried: thrown.size,
      findings: this.#findings,
    };
  }

  #operation(name: string): OperationModel {
    const operation = this.#model.operation(name);
    if (operation === undefined) throw new Error(`${this.#round.id} has no ${name}`);
    return operation;
  }

  #count(name: string, part: string, difference: string | undefined): 0 | 1 {
    if (difference === undefined) return 1;
    const { id, protocol } = this.#round;
    this.#findings.push({ what: `${protocol} ${id} ${name} ${part}`, difference });
    return 0;
  }

  #answer(request: WireRequest): WireResponse {
    const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers["authorization"] ?? "")?.[1];
    const route = findService(request, scope);
    if (route === undefined || this.#call === undefined) throw new Error("the request has no route");
    const found = findOperation(route, request);
    if (found.kind === "unknown")
      throw new Error(`no operation for ${request.method} ${request.path}?${request.query}`);
    const { operation, service, labels } = found;
    const input = service.protocol.decodeInput(operation, request, labels);
    if (operation.streamingInput !== undefined) input[operation.streamingInput.name] = request.body;
    this.#call.read = { operation: `${service.protocol.name} ${service.model.id} ${operation.name}`, input };
    return this.#call.answer(operation, service);
  }

  async #tryOperation(sdk: Sdk, operation: OperationModel): Promise<Differences> {
    const sent = this.#sampler.input(operation.input);
    const given = this.#sampler.output(operation.output);
    const stream = operation.streamingOutput;
    const events = stream?.shape.kind === "union" ? this.#sampler.events(stream.shape) : undefined;
    const output = stream !== undefined && events !== undefined ? { ...given, [stream.name]: streamOf(events) } : given;
    const call: Call = {
      answer: (found, { protocol }) => protocol.encodeOutput(found, output, REQUEST_ID),
    };
    const answered = await this.#send(sdk, operation, { input: structuredClone(sent), call });
    const input = this.#readAs(call, operation) ?? differenceOf(sent, call.read?.input);
    if (answered instanceof Error) return [input, `${answered.name}: ${answered.message}`];
    const received = await gather(answered, operation);
    const expected = stream !== undefined && events !== undefined ? { ...given, [stream.name]: events } : given;
    return [input, differenceOf(expected, received)];
  }

  /** Why what was read is not the operation that was sent. */
  #readAs({ read }: Call, { name }: OperationModel): string | undefined {
    if (read === undefined) return "nothing was read";
    const wanted = `${this.#round.protocol} ${this.#round.id} ${name}`;
    return read.operation === wanted ? undefined : `read as ${read.operation}`;
  }

  async #send(
    sdk: Sdk,
    { name }: OperationModel,
    { input, call }: { input: object; call: Call },
  ): Promise<Record<string, unknown> | Error> {
    this.#call = call;
    try {
      return await sdk.client.send(sdk.command(name, input));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Every modelled error, with an operation that lists it. */
  #thrown(): ReadonlyMap<StructureShape, OperationModel> {
    const thrown = new Map<StructureShape, OperationModel>();
    for (const name of this.#model.operationNames) {
      const operation = this.#operation(name);
      for (const error of operation.errors) if (!thrown.has(error)) thrown.set(error, operation);
    }
    return thrown;
  }

  async #tryError(sdk: Sdk, operation: OperationModel, shape: StructureShape): Promise<string | undefined> {
    const fields = this.#sampler.error(shape);
    const failure = { code: shape.name, message: "boom <&>", fields };
    const call: Call = {
      answer: (_, { protocol, model }) => protocol.encodeError(failure, model, REQUEST_ID),
    };
    const thrown = await this.#send(sdk, operation, { input: this.#sampler.input(operation.input), call });
    if (!(thrown instanceof Error)) return "the client did not throw";
    if (!isNamed(thrown, shape) || thrown.message !== failure.message) return `${thrown.name}: ${thrown.message}`;
    const received = Object.entries(thrown).filter(([name]) => name in fields);
    return differenceOf(fields, Object.fromEntries(received));
  }
}

function isNamed({ name }: Error, shape: StructureShape): boolean {
  return name === shape.name || name === shape.traits.awsQueryError?.[0];
}

async function* streamOf(events: readonly object[]): AsyncGenerator<object> {
  yield* events;
}

/** Streams read to their end. */
async function gather(output: Record<string, unknown>, { streamingOutput }: OperationModel): Promise<object> {
  if (streamingOutput === undefined) return output;
  const stream = output[streamingOutput.name];
  return { ...output, [streamingOutput.name]: await readStream(stream) };
}

async function readStream(stream: unknown): Promise<unknown> {
  if (typeof stream !== "object" || stream === null) return stream;
  if ("transformToByteArray" in stream && typeof stream.transformToByteArray === "function") {
    return stream.transformToByteArray();
  }
  return isEvents(stream) ? Array.fromAsync(stream) : stream;
}

const isEvents = (value: object): value is AsyncIterable<unknown> => Symbol.asyncIterator in value;
