/**
 * Recorded decisions taken again with a proposed policy. Each rests on the policies that it rested on when it was
 * taken: so the decision on record is what the new one is compared with, every difference comes from the proposal, and
 * calls of principals who are gone count too.
 */
import type { CallRecord } from "../../events/call-record.ts";
import type { Journal } from "../../events/journal.ts";
import type { Decision, Reason } from "../../identity/decision.ts";
import type { Directory } from "../../identity/directory.ts";
import { EvidenceReader, type ReadQuestion } from "../../identity/evidence-reader.ts";
import { reasonsText } from "../../identity/explain.ts";
import { PolicyCompiler } from "../../identity/policy/compile.ts";
import type { Principal } from "../../identity/principal.ts";
import type { Proposal } from "../../identity/proposal.ts";
import { replay } from "../../identity/replay.ts";
import type { AccountId } from "../../kernel/arn.ts";
import { NOWHERE } from "../../kernel/table.ts";
import { callerName } from "../../service/caller.ts";
import type { Store } from "../../store/store.ts";
import type { ReplayOrder } from "./replay-order.ts";

interface Parts {
  readonly journal: Journal;
  readonly directory: Directory;
  readonly store: Store;
  readonly now: () => number;
}

/** One line of the answer. */
export type ReplayLine =
  | { readonly progress: { readonly decisions: number; readonly share: number } }
  | { readonly change: Change }
  | { readonly group: Group }
  | { readonly summary: Summary };

/** One decision that would have been another. */
interface Change {
  readonly requestId: string;
  readonly at: string;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly from: Decision["decision"];
  readonly to: Decision["decision"];
  readonly because: readonly Reason[];
}

/** Changes of one principal, a role whatever the session, and one action. */
interface Group {
  readonly principal: string;
  readonly action: string;
  readonly from: Decision["decision"];
  readonly to: Decision["decision"];
  decisions: number;
  lastAt: string;
  readonly firstAt: string;
  /** The first of them, and why it would have been another. */
  readonly example: { readonly requestId: string; readonly resource: string };
  readonly because: readonly Reason[];
  /** The same for reading. */
  readonly explanation: string;
}

interface Summary {
  calls: number;
  /** Those taken again: of all calls in time. */
  decisions: number;
  /** Those that the proposal has a part in. */
  touched: number;
  changed: number;
  /** Those that come out differently without the proposal too. */
  unlike: number;
  /** Those whose policies are not on record any more. */
  unreadable: number;
  /** Changes in no group, where there are too many. */
  ungrouped: number;
}

/** So many decisions are taken before others have their turn. */
const DECISIONS_AT_ONCE = 250;
const PROGRESS_EVERY = 10_000;
const GROUPS_MAX = 10_000;
const POLICIES_KEPT = 5000;

export async function* replayCalls(order: ReplayOrder, parts: Parts): AsyncGenerator<ReplayLine, void> {
  const run = await Replay.begin(order, parts);
  const { sinceMs } = order;
  const untilMs = parts.now() + 1;
  let told = 0;
  let firstMs: number | undefined;
  for await (const { atMs, records } of parts.journal.batches({ sinceMs, untilMs })) {
    firstMs ??= atMs;
    for (const record of records) {
      if (record.atMs < sinceMs || record.atMs >= untilMs) continue;
      for (const change of await run.replay(record)) if (order.tellsCalls) yield { change };
      if (run.isDueToPause()) await new Promise((go) => setImmediate(go));
    }
    const { decisions } = run.summary;
    if (decisions < told + PROGRESS_EVERY) continue;
    told = decisions;
    yield { progress: { decisions, share: shareOf(atMs, firstMs, untilMs) } };
  }
  for (const group of run.groups) yield { group };
  yield { summary: run.summary };
}

const shareOf = (atMs: number, firstMs: number, untilMs: number): number =>
  Math.min(1, Math.round((1000 * (atMs - firstMs)) / Math.max(1, untilMs - firstMs)) / 1000);

const NO_CHANGES: readonly Change[] = [];

class Replay {
  readonly summary: Summary = {
    calls: 0,
    decisions: 0,
    touched: 0,
    changed: 0,
    unlike: 0,
    unreadable: 0,
    ungrouped: 0,
  };
  readonly #proposal: Proposal;
  readonly #parts: Parts;
  readonly #reader: EvidenceReader;
  readonly #compiler = new PolicyCompiler({ capacity: POLICIES_KEPT });
  readonly #groups = new Map<string, Group>();
  readonly #manages = new Map<string, boolean>();
  #pausedAt = 0;

  private constructor(proposal: Proposal, parts: Parts) {
    this.#proposal = proposal;
    this.#parts = parts;
    this.#reader = new EvidenceReader((name, atMs) => parts.journal.texts.find(name, atMs));
  }

  static async begin({ proposal }: ReplayOrder, parts: Parts): Promise<Replay> {
    const { store, directory } = parts;
    if (proposal.as !== "identity" || !proposal.target.includes(":group/")) return new Replay(proposal, parts);
    const members = await store.transact(NOWHERE, (tx) => directory.groupMembers(proposal.target, tx));
    return new Replay({ ...proposal, members: new Set(members) }, parts);
  }

  /** The larger ones first. */
  get groups(): readonly Group[] {
    return [...this.#groups.values()].toSorted((one, other) => other.decisions - one.decisions);
  }

  isDueToPause(): boolean {
    const { decisions } = this.summary;
    if (decisions < this.#pausedAt + DECISIONS_AT_ONCE) return false;
    this.#pausedAt = decisions;
    return true;
  }

  async replay(record: CallRecord): Promise<readonly Change[]> {
    const { summary } = this;
    summary.calls++;
    if (record.questions.length === 0) return NO_CHANGES;
    summary.decisions += record.questions.length;
    const questions = await this.#reader.read(record);
    if (questions === undefined) {
      summary.unreadable += record.questions.length;
      return NO_CHANGES;
    }
    const changes: Change[] = [];
    for (const [index, question] of questions.entries()) {
      const then = record.questions[index]?.decision;
      const unknown = this.#unknownAccount(question);
      if (unknown !== undefined) await this.#learn(unknown);
      const change = then && this.#replayOne(question, then, record);
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  #replayOne(question: ReadQuestion, then: Decision, record: CallRecord): Change | undefined {
    const manages = (account: string): boolean => this.#manages.get(account) === true;
    const outcome = replay(question, then, { proposal: this.#proposal, manages, compiler: this.#compiler });
    if (outcome.kind === "untouched") return undefined;
    this.summary.touched++;
    if (outcome.kind === "unlike") this.summary.unlike++;
    if (outcome.kind !== "changed") return undefined;
    this.summary.changed++;
    const { decision: to, because, action, resource } = outcome.decision;
    const change = {
      requestId: record.requestId,
      at: new Date(record.atMs).toISOString(),
      principal: callerName(question.principal),
      action,
      resource,
      from: then.decision,
      to,
      because,
    };
    this.#group(change, principalOf(question.principal));
    return change;
  }

  #group({ requestId, at, action, resource, from, to, because }: Change, principal: string): void {
    const key = `${principal} ${action} ${to}`;
    const known = this.#groups.get(key);
    if (known !== undefined) {
      known.decisions++;
      known.lastAt = at;
    } else if (this.#groups.size >= GROUPS_MAX) {
      this.summary.ungrouped++;
    } else {
      const asked = { principal, action, from, to, decisions: 1, firstAt: at, lastAt: at };
      const example = { requestId, resource };
      this.#groups.set(key, { ...asked, example, because, explanation: reasonsText(because) });
    }
  }

  /** An account of which it has to be known whether it manages its organization. */
  #unknownAccount({ principal, account }: ReadQuestion): string | undefined {
    const { as } = this.#proposal;
    if (as !== "scp" && as !== "rcp") return undefined;
    const bounded = as === "rcp" ? account : "account" in principal ? principal.account : undefined;
    return bounded === undefined || this.#manages.has(bounded) ? undefined : bounded;
  }

  async #learn(account: string): Promise<void> {
    const { store, directory } = this.#parts;
    const standing = await store.transact(NOWHERE, (tx) => directory.organizationOf(account as AccountId, tx));
    this.#manages.set(account, standing?.managementAccount === account);
  }
}

/** Of a session, its role. */
const principalOf = (principal: Principal): string =>
  principal.type === "role-session" ? principal.roleArn : callerName(principal);
