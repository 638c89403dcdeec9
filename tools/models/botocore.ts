/** Reads what is committed of botocore's model of a service that has no SDK package with schemas. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SHAPE, SIMPLE, type CompactTraits } from "../../packages/server/src/model/compact.ts";
import type { Traits } from "../../packages/server/src/model/shape.ts";
import { OPERATION, type SdkPackage, type SdkRef, type SdkSchema, type SdkTraits } from "./sdk.ts";

interface Ref {
  readonly shape: string;
  readonly location?: "uri" | "querystring" | "header";
  readonly locationName?: string;
}

export interface BotocoreShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Ref>>;
  readonly member?: Ref;
  readonly key?: Ref;
  readonly value?: Ref;
  readonly required?: readonly string[];
  /** The member that is the body. */
  readonly payload?: string;
  readonly enum?: readonly string[];
  readonly union?: true;
  readonly document?: true;
  readonly sensitive?: true;
  readonly exception?: true;
  readonly error?: { readonly httpStatusCode: number };
}

interface Operation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: Ref;
  readonly output?: Ref;
  readonly errors?: readonly Ref[];
}

interface BotocoreModel {
  readonly metadata: {
    readonly serviceId: string;
    readonly signingName: string;
    readonly endpointPrefix: string;
    readonly protocol: "rest-json";
    readonly apiVersion: string;
  };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, BotocoreShape>>;
  readonly pagination: Readonly<Record<string, { readonly input_token: string; readonly output_token: string }>>;
}

const textOf = (file: string): string => readFileSync(join(import.meta.dirname, "botocore", file), "utf8");

type Added = Pick<BotocoreModel, "operations" | "shapes">;

/** The model, and what `more` adds to it. */
export function botocoreModel(id: string, more: readonly string[] = []): BotocoreModel {
  const model: BotocoreModel = JSON.parse(textOf(`${id}.json`));
  const added = more.map((name): Added => JSON.parse(textOf(`${id}-${name}.json`)));
  return {
    ...model,
    operations: Object.assign({}, model.operations, ...added.map(({ operations }) => operations)),
    shapes: Object.assign({}, model.shapes, ...added.map(({ shapes }) => shapes)),
  };
}

/** The same as if it had been read from a package of the SDK. */
export function asSdkPackage(model: BotocoreModel): SdkPackage {
  const { serviceId, signingName, endpointPrefix, protocol, apiVersion } = model.metadata;
  const namespace = `com.amazonaws.${endpointPrefix}`;
  const schemas = new Schemas(model, namespace);
  return {
    schemas: [...schemas.errors(), ...schemas.operations()],
    sdkId: serviceId,
    signingName,
    protocol,
    namespace,
    version: apiVersion,
    targetPrefix: undefined,
    xmlNamespace: undefined,
    queryCompatible: false,
    hosts: [endpointPrefix],
    errorsOf: (operation) => (model.operations[operation]?.errors ?? []).map(({ shape }) => shape),
    paginators: Object.fromEntries(
      Object.entries(model.pagination).map(([name, page]) => [name, [page.input_token, page.output_token, "pageSize"]]),
    ),
  };
}

const SIMPLE_TYPES: Readonly<Record<string, number>> = {
  string: SIMPLE.string,
  integer: SIMPLE.number,
  boolean: SIMPLE.boolean,
  blob: SIMPLE.blob,
  timestamp: SIMPLE.dateTime,
};

/** The bits of value-less traits, as the SDK sets them. */
const HTTP_LABEL = 1;
const SENSITIVE = 8;
const HTTP_PAYLOAD = 16;

class Schemas {
  readonly #model: BotocoreModel;
  readonly #namespace: string;
  readonly #made = new Map<string, SdkRef>();

  constructor(model: BotocoreModel, namespace: string) {
    this.#model = model;
    this.#namespace = namespace;
  }

  *errors(): Iterable<SdkSchema> {
    for (const [name, shape] of Object.entries(this.#model.shapes)) {
      if (shape.exception === true) yield this.#structure(name, shape);
    }
  }

  *operations(): Iterable<SdkSchema> {
    for (const [name, { http, input, output }] of Object.entries(this.#model.operations)) {
      const traits: SdkTraits = { http: [http.method, http.requestUri, http.responseCode ?? 200] };
      yield [OPERATION, this.#namespace, name, traits, this.#refOf(input), this.#refOf(output)];
    }
  }

  #refOf(ref: Ref | undefined): SdkRef {
    if (ref === undefined) return "unit";
    const name = ref.shape;
    const target: SdkRef = () => this.#shape(name);
    const traits = traitsOf(ref);
    return traits === 0 ? target : [target, traits];
  }

  #memberOf({ members = {}, payload }: BotocoreShape, name: string): SdkRef {
    const ref = members[name];
    if (ref === undefined || name !== payload) return this.#refOf(ref);
    const { shape } = ref;
    return [() => this.#shape(shape), HTTP_PAYLOAD];
  }

  #shape(name: string): SdkRef {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name);
    this.#made.set(name, made);
    return made;
  }

  #make(name: string): SdkRef {
    const shape = this.#model.shapes[name];
    if (shape === undefined) throw new Error(`no shape is called ${name}`);
    if (shape.document === true) return SIMPLE.document;
    if (shape.type === "structure") return this.#structure(name, shape);
    if (shape.type === "list") return [SHAPE.list, this.#namespace, name, 0, this.#refOf(shape.member)];
    if (shape.type === "map") {
      return [SHAPE.map, this.#namespace, name, 0, this.#refOf(shape.key), this.#refOf(shape.value)];
    }
    const simple = SIMPLE_TYPES[shape.type];
    if (simple === undefined) throw new Error(`${name} is of an unknown type: ${shape.type}`);
    return shape.sensitive === true ? [SHAPE.simple, this.#namespace, name, SENSITIVE, simple] : simple;
  }

  /** The required members come first. */
  #structure(name: string, shape: BotocoreShape): SdkSchema {
    const { members = {}, required = [], exception, error, union, sensitive } = shape;
    const names = Object.keys(members).toSorted((a, b) => Number(required.includes(b)) - Number(required.includes(a)));
    const kind = exception === true ? SHAPE.error : union === true ? SHAPE.union : SHAPE.structure;
    const plain = sensitive === true ? SENSITIVE : 0;
    const traits: CompactTraits =
      exception === true ? { error: "client", httpError: error?.httpStatusCode ?? 400 } : plain;
    return [
      kind,
      this.#namespace,
      name,
      traits,
      names,
      names.map((member) => this.#memberOf(shape, member)),
      required.length,
    ];
  }
}

function traitsOf({ location, locationName }: Ref): CompactTraits {
  if (location === "uri") return HTTP_LABEL;
  if (locationName === undefined) return 0;
  const traits: Traits = location === "querystring" ? { httpQuery: locationName } : { jsonName: locationName };
  return traits;
}
