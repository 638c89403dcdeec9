/** Shapes as objects, each made when something first reaches it. */
import { assert } from "../kernel/assert.ts";
import {
  LIST_OF,
  MAP_OF,
  SHAPE,
  SIMPLE,
  TRAIT_BITS,
  UNIT_REF,
  type CompactModel,
  type CompactRef,
  type CompactStructure,
  type CompactTraits,
} from "./compact.ts";
import { UNIT, type Limits, type Member, type Shape, type SimpleShape, type Traits } from "./shape.ts";

const NO_TRAITS: Traits = {};

export class ShapeLinker {
  readonly #model: Pick<CompactModel, "shapes" | "limits">;
  readonly #linked: (Shape | undefined)[] = [];

  constructor(model: Pick<CompactModel, "shapes" | "limits">) {
    this.#model = model;
  }

  shape(ref: CompactRef): Shape {
    if (typeof ref !== "number") return this.shape(ref[0]);
    if (ref >= 0) return ref === UNIT_REF ? UNIT : shapeOfNumber(ref);
    const place = -1 - ref;
    return (this.#linked[place] ??= this.#link(place));
  }

  #link(place: number): Shape {
    const compact = this.#model.shapes[place];
    assert(compact !== undefined, "a model refers to its own shapes only");
    const [kind, name, compactTraits] = compact;
    const traits = expandTraits(compactTraits);
    switch (kind) {
      case SHAPE.simple:
        return { ...this.shape(compact[3]), name, traits };
      case SHAPE.list:
        return { kind: "list", name, traits, member: this.#element("member", compact[3]) };
      case SHAPE.map:
        return mapOf(name, traits, this.#element("key", compact[3]), this.#element("value", compact[4]));
      case SHAPE.union:
        return { kind: "union", name, traits, ...this.#members(compact) };
      case SHAPE.structure:
      case SHAPE.error:
        return { kind: "structure", name, traits, ...this.#members(compact) };
    }
  }

  #element(name: string, ref: CompactRef): Member {
    return new LinkedMember(this, { name, ref, required: false, limits: undefined });
  }

  #members([, , , names, refs, required, places = []]: CompactStructure): StructureMembers {
    const members = names.map((name, index): Member => {
      const ref = refs[index];
      assert(ref !== undefined, "every member has a shape");
      const place = places[index] ?? 0;
      const limits = place === 0 ? undefined : this.#model.limits[place - 1];
      return new LinkedMember(this, { name, ref, required: index < required, limits });
    });
    return { members, byName: new Map(members.map((member) => [member.name, member])) };
  }
}

interface StructureMembers {
  readonly members: readonly Member[];
  readonly byName: ReadonlyMap<string, Member>;
}

interface MemberParts {
  readonly name: string;
  readonly ref: CompactRef;
  readonly required: boolean;
  readonly limits: Limits | undefined;
}

class LinkedMember implements Member {
  readonly name: string;
  readonly required: boolean;
  readonly limits: Limits | undefined;
  readonly #ref: CompactRef;
  readonly #linker: ShapeLinker;
  #shape: Shape | undefined;
  #traits: Traits | undefined;

  constructor(linker: ShapeLinker, { name, ref, required, limits }: MemberParts) {
    this.name = name;
    this.required = required;
    this.limits = limits;
    this.#ref = ref;
    this.#linker = linker;
  }

  get shape(): Shape {
    return (this.#shape ??= this.#linker.shape(this.#ref));
  }

  get traits(): Traits {
    return (this.#traits ??= this.#ownTraits());
  }

  #ownTraits(): Traits {
    const { kind, traits: inherited } = this.shape;
    const own = typeof this.#ref === "number" ? NO_TRAITS : traitsOfPair(this.#ref);
    // What a structure is called on the wire is said where it stands, not where it is declared.
    const passesOn = (kind !== "structure" && kind !== "union") || inherited.streaming !== undefined;
    return passesOn ? merge(inherited, own) : own;
  }
}

/** A pair may hold a pair: the outer traits win. */
function traitsOfPair([ref, traits]: readonly [CompactRef, CompactTraits]): Traits {
  const own = expandTraits(traits);
  return typeof ref === "number" ? own : merge(traitsOfPair(ref), own);
}

function merge(under: Traits, over: Traits): Traits {
  if (under === NO_TRAITS) return over;
  return over === NO_TRAITS ? under : { ...under, ...over };
}

function expandTraits(traits: CompactTraits): Traits {
  if (typeof traits === "object") return traits;
  if (traits === 0) return NO_TRAITS;
  return Object.fromEntries(TRAIT_BITS.filter((_, bit) => (traits >> bit) & 1).map((name) => [name, 1]));
}

const SIMPLE_SHAPES: Readonly<Record<number, SimpleShape>> = {
  [SIMPLE.string]: { kind: "string", name: undefined, traits: NO_TRAITS },
  [SIMPLE.number]: { kind: "number", name: undefined, traits: NO_TRAITS },
  [SIMPLE.boolean]: { kind: "boolean", name: undefined, traits: NO_TRAITS },
  [SIMPLE.timestamp]: { kind: "timestamp", name: undefined, traits: NO_TRAITS, format: undefined },
  [SIMPLE.dateTime]: { kind: "timestamp", name: undefined, traits: NO_TRAITS, format: "date-time" },
  [SIMPLE.httpDate]: { kind: "timestamp", name: undefined, traits: NO_TRAITS, format: "http-date" },
  [SIMPLE.epochSeconds]: { kind: "timestamp", name: undefined, traits: NO_TRAITS, format: "epoch-seconds" },
  [SIMPLE.document]: { kind: "document", name: undefined, traits: NO_TRAITS },
  [SIMPLE.blob]: { kind: "blob", name: undefined, traits: NO_TRAITS, streaming: false },
  [SIMPLE.streamingBlob]: { kind: "blob", name: undefined, traits: NO_TRAITS, streaming: true },
};

const collections = new Map<number, Shape>();

/** A simple shape, or a list or map of one whose own name the SDK has folded away. */
function shapeOfNumber(ref: number): Shape {
  const simple = SIMPLE_SHAPES[ref];
  if (simple !== undefined) return simple;
  const known = collections.get(ref);
  if (known !== undefined) return known;
  const element = SIMPLE_SHAPES[ref % LIST_OF];
  assert(element !== undefined && ref < 2 * MAP_OF, `${ref} is not a simple shape`);
  const shape: Shape =
    ref >= MAP_OF
      ? mapOf(undefined, NO_TRAITS, plainMember("key", stringShape), plainMember("value", element))
      : { kind: "list", name: undefined, traits: NO_TRAITS, member: plainMember("member", element) };
  collections.set(ref, shape);
  return shape;
}

const stringShape: SimpleShape = { kind: "string", name: undefined, traits: NO_TRAITS };

const plainMember = (name: string, shape: Shape): Member => ({
  name,
  shape,
  traits: NO_TRAITS,
  required: false,
  limits: undefined,
});

const mapOf = (name: string | undefined, traits: Traits, key: Member, value: Member): Shape => ({
  kind: "map",
  name,
  traits,
  key,
  value,
});
