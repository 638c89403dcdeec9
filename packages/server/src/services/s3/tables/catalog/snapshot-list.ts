/**
 * The snapshots of a table, what names them, and what is known of them.
 * Source: https://github.com/apache/iceberg/blob/main/core/src/main/java/org/apache/iceberg/TableMetadata.java (Builder)
 */
import { isAsWritten } from "../../../../kernel/json-double.ts";
import { requestInvalid } from "../errors.ts";
import { idOf, isJson, listIn, numberIn, textIn, type Json } from "./json.ts";

const MAIN = "main";
/** There is no current snapshot. */
const NONE = -1;

/** What is known of snapshots: the name of the list, and of what an update adds to it. */
export type StatisticsName = "statistics" | "partition-statistics";

const byId = (members: readonly Json[]): Map<unknown, Json> =>
  new Map(members.map((member) => [idOf(member["snapshot-id"]), member]));

export class SnapshotList {
  readonly #snapshots: Map<unknown, Json>;
  readonly #refs: Map<string, Json>;
  readonly #statistics: Readonly<Record<StatisticsName, Map<unknown, Json>>>;
  readonly #isSequenced: boolean;
  #current: unknown;
  #log: Json[];
  #sequence: number;
  #hasRemoved = false;

  constructor(metadata: Json) {
    const { refs, "current-snapshot-id": current = NONE } = metadata;
    this.#snapshots = byId(listIn(metadata, "snapshots"));
    const named = Object.entries(isJson(refs) ? refs : {});
    this.#refs = new Map(named.flatMap(([name, ref]) => (isJson(ref) ? [[name, ref] as const] : [])));
    this.#statistics = {
      statistics: byId(listIn(metadata, "statistics")),
      "partition-statistics": byId(listIn(metadata, "partition-statistics")),
    };
    this.#isSequenced = numberIn(metadata, "format-version") > 1;
    this.#current = current;
    this.#log = [...listIn(metadata, "snapshot-log")];
    this.#sequence = this.#isSequenced ? numberIn(metadata, "last-sequence-number") : 0;
  }

  /** @throws {AwsError} `BadRequestException` */
  add(snapshot: Json): void {
    const id = requireId(snapshot);
    if (this.#snapshots.has(id)) throw requestInvalid(`Snapshot already exists for id: ${String(id)}`);
    const sequence = snapshot["sequence-number"] === undefined ? 0 : numberIn(snapshot, "sequence-number");
    if (this.#isSequenced && sequence <= this.#sequence && snapshot["parent-snapshot-id"] !== undefined) {
      throw requestInvalid(
        `Cannot add snapshot with sequence number ${sequence} older than last sequence number ${this.#sequence}`,
      );
    }
    this.#sequence = Math.max(this.#sequence, sequence);
    this.#snapshots.set(id, snapshot);
  }

  /** @throws {AwsError} `BadRequestException` */
  point(update: Json, nowMs: number): void {
    const { action: _set, "ref-name": _name, ...ref } = update;
    const name = textIn(update, "ref-name");
    const { "snapshot-id": id } = ref;
    if (!this.#snapshots.has(idOf(id))) {
      throw requestInvalid(`Cannot set ${name} to unknown snapshot: ${JSON.stringify(id)}`);
    }
    if (JSON.stringify(this.#refs.get(name)) === JSON.stringify(ref)) return;
    this.#refs.set(name, ref);
    if (name !== MAIN) return;
    this.#current = id;
    this.#log.push({ "snapshot-id": id, "timestamp-ms": nowMs });
  }

  unpoint(name: string): void {
    this.#refs.delete(name);
    if (name === MAIN) this.#current = NONE;
  }

  remove(ids: readonly unknown[]): void {
    for (const id of ids.map(idOf)) {
      if (!this.#snapshots.delete(id)) continue;
      this.#hasRemoved = true;
      for (const known of Object.values(this.#statistics)) known.delete(id);
    }
  }

  /** What names a snapshot that went goes with it, and history begins behind it. */
  #settle(): void {
    const isThere = (named: Json): boolean => this.#snapshots.has(idOf(named["snapshot-id"]));
    for (const [name, ref] of this.#refs) if (!isThere(ref)) this.unpoint(name);
    this.#log = this.#log.slice(this.#log.findLastIndex((entry) => !isThere(entry)) + 1);
  }

  /** @throws {AwsError} `BadRequestException` */
  describe(name: StatisticsName, described: Json): void {
    this.#statistics[name].set(requireId(described), described);
  }

  undescribe(name: StatisticsName, id: unknown): void {
    this.#statistics[name].delete(idOf(id));
  }

  taken(): Json {
    if (this.#hasRemoved) this.#settle();
    const { statistics, "partition-statistics": ofPartitions } = this.#statistics;
    return {
      ...(this.#isSequenced && { "last-sequence-number": this.#sequence }),
      "current-snapshot-id": this.#current,
      refs: Object.fromEntries(this.#refs),
      snapshots: [...this.#snapshots.values()],
      "snapshot-log": this.#log,
      ...(statistics.size > 0 && { statistics: [...statistics.values()] }),
      ...(ofPartitions.size > 0 && { "partition-statistics": [...ofPartitions.values()] }),
    };
  }
}

/** @throws {AwsError} `BadRequestException` */
function requireId(named: Json): unknown {
  const { "snapshot-id": id } = named;
  if (typeof id !== "number" && !isAsWritten(id)) throw requestInvalid("snapshot-id must be a number.");
  return idOf(id);
}
