/** What was found of a resource, held against the findings there are: new ones come, those that no longer hold are resolved. */
import type { ResourceType } from "@aws-sdk/client-accessanalyzer";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { rulesOf, type ArchiveRule } from "../archive-rule/row.ts";
import { matchesFilter } from "../filter.ts";
import { findings, findingsOf, propertyOf, type Finding, type FindingDetail } from "./row.ts";
import { RESOLVED_KEPT_DAYS } from "../limits.ts";

/** A resource as it was looked at. */
export interface Examined {
  readonly resource: string;
  readonly resourceType: ResourceType;
  readonly owner: string;
}

/** One thing that was found, and what tells it from the others of the resource. */
export interface Discovery {
  readonly identity: string;
  readonly detail: FindingDetail;
}

/** The findings of one analyzer while it is at work. */
export class Findings {
  readonly #analyzer: string;
  readonly #context: Context;
  readonly #rules: readonly ArchiveRule[];
  readonly #byResource: Map<string, Map<string, Finding>>;

  private constructor(analyzer: string, context: Context, rules: readonly ArchiveRule[], all: readonly Finding[]) {
    this.#analyzer = analyzer;
    this.#context = context;
    this.#rules = rules;
    this.#byResource = new Map();
    for (const finding of all) {
      const ofResource = this.#byResource.get(finding.resource) ?? new Map<string, Finding>();
      this.#byResource.set(finding.resource, ofResource.set(finding.identity, finding));
    }
  }

  /** Those of `analyzer`; what was resolved long ago is forgotten. */
  static async open(analyzer: string, context: Context): Promise<Findings> {
    const oldestMs = context.now().getTime() - RESOLVED_KEPT_DAYS * DAY_MS;
    const kept: Finding[] = [];
    for (const finding of await findingsOf(analyzer, context.tx)) {
      if (finding.status !== "RESOLVED" || finding.updatedAtMs >= oldestMs) kept.push(finding);
      else context.tx.delete(findings, analyzer, finding.id);
    }
    return new Findings(analyzer, context, await rulesOf(analyzer, context.tx), kept);
  }

  /** Every resource that has a finding. */
  resources(): readonly string[] {
    return [...this.#byResource.keys()];
  }

  /** Makes the findings of a resource those that were discovered now. */
  settle(examined: Examined, discoveries: readonly Discovery[]): void {
    const before = this.#byResource.get(examined.resource) ?? new Map<string, Finding>();
    const seen = new Set(discoveries.map(({ identity }) => identity));
    for (const discovery of discoveries) this.#put(this.#renewed(before.get(discovery.identity), discovery, examined));
    for (const finding of before.values()) if (!seen.has(finding.identity)) this.#resolve(finding);
  }

  /** The resource is gone. */
  drop(resource: string): void {
    for (const finding of this.#byResource.get(resource)?.values() ?? []) this.#resolve(finding);
  }

  #renewed(known: Finding | undefined, { identity, detail }: Discovery, examined: Examined): Finding {
    const nowMs = this.#context.now().getTime();
    if (known !== undefined && known.status !== "RESOLVED") {
      const isChanged = JSON.stringify(known.detail) !== JSON.stringify(detail);
      return { ...known, detail, analyzedAtMs: nowMs, updatedAtMs: isChanged ? nowMs : known.updatedAtMs };
    }
    const finding: Finding = {
      analyzer: this.#analyzer,
      id: known?.id ?? this.#context.newId(),
      identity,
      ...examined,
      status: "ACTIVE",
      createdAtMs: known?.createdAtMs ?? nowMs,
      analyzedAtMs: nowMs,
      updatedAtMs: nowMs,
      detail,
    };
    return this.#isArchived(finding) ? { ...finding, status: "ARCHIVED" } : finding;
  }

  #isArchived(finding: Finding): boolean {
    return this.#rules.some(({ filter }) => matchesFilter(filter, propertyOf(finding)));
  }

  #resolve(finding: Finding): void {
    if (finding.status === "RESOLVED") return;
    const nowMs = this.#context.now().getTime();
    this.#put({ ...finding, status: "RESOLVED", analyzedAtMs: nowMs, updatedAtMs: nowMs });
  }

  #put(finding: Finding): void {
    this.#context.tx.put(findings, finding);
  }
}
