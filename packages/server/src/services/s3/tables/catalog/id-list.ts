/** Schemas, partition specs and sort orders: lists whose members have ids, one of which counts. */
import { requestInvalid } from "../errors.ts";
import { listIn, numberIn, type Json } from "./json.ts";

/** How a list is named in a table's metadata, the id of a member, and the one that counts. */
export interface ListNames {
  readonly list: string;
  readonly id: string;
  readonly current: string;
}

/** Stands for what the same commit has added last. */
const LAST_ADDED = -1;

export class IdList {
  readonly #names: ListNames;
  readonly #members: Map<number, Json>;
  /** The ids of members by what they say beside it. */
  readonly #known: Map<string, number>;
  #next: number;
  #current: number;
  #added: number | undefined;

  constructor(metadata: Json, names: ListNames) {
    const members = listIn(metadata, names.list).map((member) => [numberIn(member, names.id), member] as const);
    this.#names = names;
    this.#members = new Map(members);
    this.#known = new Map(members.map(([id, member]) => [this.#contentOf(member), id]));
    this.#next = 1 + members.reduce((highest, [id]) => Math.max(highest, id), -1);
    this.#current = numberIn(metadata, names.current);
  }

  /** One that says the same as another is that one. Source: https://github.com/apache/iceberg/blob/main/core/src/main/java/org/apache/iceberg/TableMetadata.java (reuseOrCreateNewSchemaId) */
  add(member: Json): void {
    const content = this.#contentOf(member);
    const known = this.#known.get(content);
    if (known !== undefined) {
      this.#added = known;
      return;
    }
    const { [this.#names.id]: asked } = member;
    const isFree = typeof asked === "number" && asked >= 0 && !this.#members.has(asked);
    const id = isFree ? asked : this.#next;
    this.#members.set(id, { ...member, [this.#names.id]: id });
    this.#known.set(content, id);
    this.#next = Math.max(this.#next, id + 1);
    this.#added = id;
  }

  /** @throws {AwsError} `BadRequestException` */
  choose(asked: number): void {
    const id = asked === LAST_ADDED ? this.#added : asked;
    if (id === undefined || !this.#members.has(id)) throw requestInvalid(`Cannot find ${this.#names.id} ${asked}`);
    this.#current = id;
  }

  /** @throws {AwsError} `BadRequestException` where the one that counts would go */
  remove(ids: readonly unknown[]): void {
    for (const id of ids) {
      if (id === this.#current) throw requestInvalid(`Cannot remove the current ${this.#names.id} ${this.#current}`);
      const member = typeof id === "number" ? this.#members.get(id) : undefined;
      if (typeof id !== "number" || member === undefined) continue;
      this.#members.delete(id);
      this.#known.delete(this.#contentOf(member));
    }
  }

  taken(): Json {
    return { [this.#names.list]: [...this.#members.values()], [this.#names.current]: this.#current };
  }

  #contentOf(member: Json): string {
    return JSON.stringify({ ...member, [this.#names.id]: undefined });
  }
}
