/** Turns the SDK's schemas of one service into its compact model. */
import {
  SHAPE,
  UNIT_REF,
  type CompactModel,
  type CompactOperation,
  type CompactRef,
  type CompactShape,
  type CompactTraits,
} from "../../packages/server/src/model/compact.ts";
import type { ProtocolName } from "../../packages/server/src/model/service-model.ts";
import type { Traits } from "../../packages/server/src/model/shape.ts";
import { asSdkPackage, botocoreModel } from "./botocore.ts";
import { LimitTable } from "./limits.ts";
import { OPERATION, readSdkPackage, type SdkPackage, type SdkRef, type SdkSchema } from "./sdk.ts";
import type { SERVICES } from "./services.ts";

/** What no reader of the models asks for. */
const UNUSED_TRAITS: ReadonlySet<string> = new Set(["http", "httpChecksum", "httpChecksumRequired", "endpoint"]);

export function extractModel({
  id,
  botocore,
  added,
  alsoSpeaks = [],
  hosts,
  xmlNamespace,
}: (typeof SERVICES)[number]): CompactModel {
  const known = botocore === undefined ? readSdkPackage(id) : asSdkPackage(botocoreModel(id, botocore));
  const more = added === undefined ? [] : asSdkPackage(botocoreModel(added)).schemas;
  const sdk = { ...known, schemas: [...known.schemas, ...more] };
  const table = new LimitTable(sdk.sdkId);
  const shapes = new ShapeTable(table);
  const errors = errorRefs(sdk, shapes);
  const operations = operationsOf(sdk, shapes, table, errors);
  const protocols: ProtocolName[] = [...new Set([...alsoSpeaks.filter(isPreferred), sdk.protocol, ...alsoSpeaks])];
  const namespace = xmlNamespace ?? sdk.xmlNamespace;
  return {
    id,
    sdkId: sdk.sdkId,
    signingName: sdk.signingName,
    apiVersion: sdk.version,
    ...(sdk.targetPrefix !== undefined && { targetPrefix: sdk.targetPrefix }),
    protocols,
    hosts: hosts ?? sdk.hosts,
    namespace: sdk.namespace,
    ...(namespace !== undefined && { xmlNamespace: namespace }),
    ...(sdk.queryCompatible && { queryCompatible: true }),
    operations,
    paginators: sdk.paginators,
    errors: Object.fromEntries(errors),
    limits: table.limits,
    shapes: shapes.shapes,
  };
}

const isPreferred = (protocol: ProtocolName): boolean => protocol === "rpc-v2-cbor";

function errorRefs(sdk: SdkPackage, shapes: ShapeTable): Map<string, CompactRef> {
  const errors = sdk.schemas.filter(([kind, namespace]) => kind === SHAPE.error && !namespace.startsWith("smithy."));
  return new Map(byName(errors).map((schema) => [schema[2], shapes.refOf(schema)]));
}

function operationsOf(
  sdk: SdkPackage,
  shapes: ShapeTable,
  table: LimitTable,
  errors: ReadonlyMap<string, CompactRef>,
): Record<string, CompactOperation> {
  const operations: Record<string, CompactOperation> = {};
  for (const [, , name, traits, input, output] of byName(sdk.schemas.filter(([kind]) => kind === OPERATION))) {
    const thrown = new Set([...sdk.errorsOf(name), ...table.errorsOf(name)]);
    operations[name] = [
      (typeof traits === "object" && traits.http) || 0,
      shapes.refOf(asRef(input)),
      shapes.refOf(asRef(output)),
      [...thrown].filter((error) => errors.has(error)).toSorted(),
    ];
  }
  return operations;
}

const byName = (schemas: readonly SdkSchema[]): SdkSchema[] =>
  schemas.toSorted(([, , a], [, , b]) => (a < b ? -1 : Number(a > b)));

/** The list of shapes, filled as they are referred to. */
class ShapeTable {
  readonly shapes: CompactShape[] = [];
  readonly #places = new Map<SdkSchema, number>();
  readonly #table: LimitTable;

  constructor(table: LimitTable) {
    this.#table = table;
  }

  refOf(ref: SdkRef): CompactRef {
    if (typeof ref === "function") return this.refOf(ref());
    if (typeof ref === "number") return ref;
    if (ref === "unit") return UNIT_REF;
    if (isPair(ref)) {
      const target = this.refOf(ref[0]);
      const traits = kept(ref[1]);
      return traits === 0 ? target : [target, traits];
    }
    return ref[2] === "Unit" && ref[0] === SHAPE.structure ? UNIT_REF : this.#place(ref);
  }

  #place(schema: SdkSchema): CompactRef {
    const known = this.#places.get(schema);
    if (known !== undefined) return -1 - known;
    const place = this.shapes.length;
    this.#places.set(schema, place);
    // Holds the place while the shape, which may refer to itself, is made.
    this.shapes.push([SHAPE.simple, "", 0, 0]);
    this.shapes[place] = this.#compact(schema);
    return -1 - place;
  }

  #compact([kind, , name, sdkTraits, first, second, third]: SdkSchema): CompactShape {
    const traits = kept(sdkTraits);
    switch (kind) {
      case SHAPE.simple:
      case SHAPE.list:
        return [kind, name, traits, this.refOf(asRef(first))];
      case SHAPE.map:
        return [kind, name, traits, this.refOf(asRef(first)), this.refOf(asRef(second))];
      case SHAPE.structure:
      case SHAPE.union:
      case SHAPE.error: {
        const members = asNames(first);
        const refs = asList(second).map((ref) => this.refOf(asRef(ref)));
        const limits = this.#table.placesOf(name, members);
        const required = Number(third ?? 0);
        return limits.length > 0
          ? [kind, name, traits, members, refs, required, limits]
          : [kind, name, traits, members, refs, required];
      }
      default:
        throw new Error(`${name} is of an unknown kind: ${kind}`);
    }
  }
}

/** Without what no reader asks for, in one order. */
function kept(traits: CompactTraits): CompactTraits {
  if (typeof traits !== "object") return traits ?? 0;
  const entries = Object.entries(traits).filter(([name]) => !UNUSED_TRAITS.has(name));
  const ordered: Traits = Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return entries.length > 0 ? ordered : 0;
}

const isPair = (ref: SdkSchema | readonly [SdkRef, CompactTraits]): ref is readonly [SdkRef, CompactTraits] =>
  ref.length === 2;

function asRef(part: unknown): SdkRef {
  if (!isRef(part)) throw new Error(`not a schema: ${JSON.stringify(part)}`);
  return part;
}

const isRef = (part: unknown): part is SdkRef =>
  typeof part === "number" || part === "unit" || typeof part === "function" || Array.isArray(part);

function asList(part: unknown): readonly unknown[] {
  if (!Array.isArray(part)) throw new Error(`not a list: ${JSON.stringify(part)}`);
  return part;
}

const asNames = (part: unknown): string[] => asList(part).map(String);
