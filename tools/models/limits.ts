/** Adds to a model what the SDK leaves out: how long, how large, of what form a value may be. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Limits } from "../../packages/server/src/model/shape.ts";

/** A file of `constraints/`; its README says what the parts are. */
interface Constraints {
  readonly serviceId: string;
  readonly constraints: readonly Constraint[];
  readonly structures: Readonly<Record<string, { readonly members?: Readonly<Record<string, number>> }>>;
  readonly errors: Readonly<Record<string, readonly string[]>>;
}

interface Constraint {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly type?: "integer" | "long" | "float" | "double";
  readonly member?: number;
  readonly key?: number;
  readonly value?: number;
}

const FOLDER = join(import.meta.dirname, "constraints");

const all: readonly Constraints[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")));

/** The limits of one service, gathered into one list without repetitions. */
export class LimitTable {
  readonly limits: Limits[] = [];
  readonly #source: Constraints | undefined;
  readonly #structures: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly #places = new Map<string, number>();

  constructor(sdkId: string) {
    this.#source = all.find((candidate) => candidate.serviceId === sdkId);
    const structures = Object.entries(this.#source?.structures ?? {});
    this.#structures = new Map(structures.map(([name, { members }]) => [plain(name), members ?? {}]));
  }

  errorsOf(operation: string): readonly string[] {
    return this.#source?.errors[operation] ?? [];
  }

  /** Per member `0`, or one more than the place of its limits; cut after the last that is not `0`. */
  placesOf(structure: string, members: readonly string[]): readonly number[] {
    const known = this.#structures.get(plain(structure));
    if (known === undefined) return [];
    const places = members.map((member) => this.#place(known[member]));
    return places.slice(0, places.findLastIndex((place) => place !== 0) + 1);
  }

  #place(index: number | undefined): number {
    const limits = index === undefined ? undefined : this.#resolve(index);
    if (limits === undefined) return 0;
    const key = JSON.stringify(limits);
    const place = this.#places.get(key) ?? this.limits.push(limits);
    this.#places.set(key, place);
    return place;
  }

  #resolve(index: number): Limits | undefined {
    const constraint = this.#source?.constraints[index];
    if (constraint === undefined) return undefined;
    const { type, member, key, value, ...own } = constraint;
    const limits: Limits = {
      ...own,
      ...(type !== undefined && { number: type }),
      ...(member !== undefined && nested("member", this.#resolve(member))),
      ...(key !== undefined && nested("key", this.#resolve(key))),
      ...(value !== undefined && nested("value", this.#resolve(value))),
    };
    return Object.keys(limits).length > 0 ? limits : undefined;
  }
}

const nested = (name: "member" | "key" | "value", limits: Limits | undefined): Partial<Limits> =>
  limits === undefined ? {} : { [name]: limits };

/** The two sources differ in case and in leading underscores. */
const plain = (name: string): string => name.replace(/^_+/, "").toLowerCase();
