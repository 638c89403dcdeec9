import { cancelTimer, setTimer } from "../clock/timer.ts";
import type { CallRecord } from "../events/call-record.ts";
import type { Audiences } from "../events/audience.ts";
import { begin, busOf } from "../events/delivery.ts";
import type { Measures } from "../events/measures.ts";
import { post } from "../events/outbox.ts";
import type { Authorizer, KnownPolicies } from "../identity/authorizer.ts";
import type { Decision } from "../identity/decision.ts";
import type { Answer } from "../identity/evidence.ts";
import type { Federation, VouchedCaller } from "../identity/federation/federation.ts";
import type { Directory } from "../identity/directory.ts";
import type { Principal } from "../identity/principal.ts";
import type { Sharing } from "../identity/sharing.ts";
import { requireAllowedTags, setsTags } from "../identity/tag-policy.ts";
import { partitionOf, type AccountId, type Arn, type Region } from "../kernel/arn.ts";
import { assert } from "../kernel/assert.ts";
import { withFields, type AwsError } from "../kernel/aws-error.ts";
import { newUniqueId, newUuid, type IdKind } from "../kernel/ids.ts";
import type { Scope, Transaction } from "../kernel/table.ts";
import { actionIndex, loadActions } from "../model/actions.ts";
import type { Access } from "../service/access.ts";
import type { Afterword } from "../service/answered.ts";
import type { Audience } from "../service/audience.ts";
import type { FarPart } from "../service/far-part.ts";
import type { FunctionHost } from "../service/function-host.ts";
import type { Outward } from "../service/outward.ts";
import type { OwnEvent } from "../service/own-event.ts";
import type {
  Announcement,
  AsideWork,
  Context,
  Delivery,
  InnerCall,
  OutgoingMessage,
  Poll,
  RequestFacts,
} from "../service/context.ts";
import type { ActionReference } from "../service/action-reference.ts";
import type { AskedMetric, Gauge, Measure } from "../service/measure.ts";
import type { PoliciedResources } from "../service/policied.ts";
import type { OperationName, OutputOf, Sdk } from "../service/sdk.ts";
import type { NamedCall, NamedOperations } from "../service/named-operation.ts";
import type { RecordedCalls } from "../service/recorded-calls.ts";
import type { Asides } from "./asides.ts";
import { CallAs } from "./call-as.ts";
import { recordOfPart } from "./far-part.ts";
import type { Polls } from "./polls.ts";
import { recordOfOwn } from "./own-event.ts";
import { Reading } from "./reading.ts";
import { followedTrace } from "./trace.ts";
import type { Service } from "../service/service.ts";
import type { Blobs } from "../store/blobs.ts";
import type { Sealer } from "../store/sealer.ts";

/** What all calls of one cloud share. */
export interface CallSurroundings {
  readonly authorizer: Authorizer;
  readonly directory: Directory;
  readonly federation: Federation;
  readonly sharing: Sharing;
  readonly policied: PoliciedResources;
  readonly blobs: (tx: Transaction) => Blobs;
  readonly keys: Sealer;
  readonly now: () => number;
  readonly recorded: RecordedCalls;
  readonly audiences: Audiences;
  readonly outward: Outward;
  readonly functions: FunctionHost;
  /** The id of a request that came at that time. */
  readonly newRequestId: (atMs: number) => string;
  /** Does what a service asks of another. */
  readonly callInside: CallInside;
  readonly operations: NamedOperations;
  /** The call in the types of the SDK. */
  readonly namedCall: (asked: NamedCall) => AskedOperation;
  readonly polls: Pick<Polls, "run">;
  readonly measures: Pick<Measures, "add" | "addUsage" | "flush">;
  /** Where a service knows a metric of its own at any time. */
  readonly gauge: (metric: AskedMetric, scope: Scope, tx: Transaction) => Promise<Gauge | undefined>;
  readonly gauges: (namespace: string) => Promise<readonly string[]>;
  /** The record of a denial to somebody for whom a service goes on. */
  readonly denialOf: (answer: Answer, call: Call) => CallRecord;
}

/** What a service asks of another, its types forgotten. */
export interface AskedOperation {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  readonly as?: Principal | undefined;
  readonly source?: { readonly arn?: Arn; readonly account?: AccountId } | undefined;
  readonly account?: AccountId | undefined;
  readonly region?: Region | undefined;
  readonly body?: Uint8Array | undefined;
  readonly passesOn?: true | undefined;
  readonly trace?: string | undefined;
  readonly tellId?: ((requestId: string) => void) | undefined;
}

/** `tx` is the transaction of the call `from`. */
type CallInside = (asked: AskedOperation, from: Call, tx: Transaction) => Promise<object>;

/** What a refused call leaves behind; `tx` is where the call would have acted. */
export type Aftermath = (tx: Transaction) => Promise<unknown>;

/** Who asks, and where the call acts. */
export interface Caller {
  readonly principal: Principal;
  readonly account: AccountId;
  readonly region: Region;
}

/** What a context needs of the call it belongs to: one that arrived, or a job that came due. */
export interface Call {
  readonly requestId: string;
  readonly caller: Caller;
  /** The service that does it. */
  readonly service: Service;
  readonly facts: RequestFacts;
  asked(answer: Answer): void;
  identified(caller: VouchedCaller, account: AccountId): void;
  /** Takes what is to be done where the call is refused. */
  evenIfRefused(work: Aftermath): void;
  /** Takes what is to be done once the answer is known. */
  onceAnswered(name: string, work: Afterword): void;
  /** Takes the record of a call that this one made, to be written when this one ends. */
  madeInside(record: CallRecord): void;
  /** Takes what its record is to say besides, where it has one. */
  recordMore?(additional: object): void;
  /** The refusal that a denial to `principal` becomes. */
  refusal(decision: Decision, principal: Principal): AwsError;
  /** What it asks in the midst of its transaction; nothing where it cannot be run again. */
  readonly asides?: Asides | undefined;
  /** Hears when nobody waits for the answer any more. */
  whenGone?(listener: () => void): void;
  /** Hears that it waits for something to come, and that it does no more. */
  waits?(more: 1 | -1): void;
}

const ACTIONS: ActionReference = { names: actionIndex, of: loadActions };

/** The context of one call inside one transaction. */
export class CallContext implements Context {
  readonly tx: Transaction;
  readonly #call: Call;
  readonly #around: CallSurroundings;
  readonly #known: KnownPolicies = {};
  #blobs: Blobs | undefined;
  #moment: Date | undefined;

  constructor(call: Call, tx: Transaction, around: CallSurroundings) {
    this.#call = call;
    this.#around = around;
    this.tx = tx.in({ account: call.caller.account, region: call.caller.region });
  }

  get account(): AccountId {
    return this.#call.caller.account;
  }
  get region(): Region {
    return this.#call.caller.region;
  }
  get partition(): string {
    return partitionOf(this.region);
  }
  get requestId(): string {
    return this.#call.requestId;
  }
  get principal(): Principal {
    return this.#call.caller.principal;
  }
  get blobs(): Blobs {
    return (this.#blobs ??= this.#around.blobs(this.tx));
  }
  get keys(): Sealer {
    return this.#around.keys;
  }
  get directory(): Directory {
    return this.#around.directory;
  }
  get federation(): Federation {
    return this.#around.federation;
  }
  get sharing(): Sharing {
    return this.#around.sharing;
  }
  get policied(): PoliciedResources {
    return this.#around.policied;
  }
  get actions(): ActionReference {
    return ACTIONS;
  }
  get operations(): NamedOperations {
    return this.#around.operations;
  }
  get recorded(): RecordedCalls {
    return this.#around.recorded;
  }
  get audience(): Audience {
    return this.#around.audiences.within(this.tx);
  }
  get functions(): FunctionHost {
    return this.#around.functions;
  }
  get outward(): Outward {
    assert(this.tx instanceof Reading, "nothing foreign is awaited inside a transaction");
    return this.#around.outward;
  }
  get request(): RequestFacts {
    return this.#call.facts;
  }

  identified(caller: VouchedCaller, account: AccountId): void {
    this.#call.identified(caller, account);
  }

  now(): Date {
    return this.tx instanceof Reading ? this.#clock() : (this.#moment ??= this.#clock());
  }

  #clock(): Date {
    const { timeUnitMs } = this.#call.service;
    return new Date(Math.floor(this.#around.now() / timeUnitMs) * timeUnitMs);
  }

  newId(kind?: IdKind): string {
    return kind === undefined ? newUuid() : newUniqueId(kind);
  }

  as(principal: Principal): Context {
    const other = new CallContext(new CallAs(this.#call, principal, this.#around), this.tx, this.#around);
    if (!(this.tx instanceof Reading)) other.#moment = this.now();
    return other;
  }

  async decide(access: Access): Promise<Decision> {
    const answer = await this.#around.authorizer.decide(access, this, this.#known);
    this.#call.asked(answer);
    const isRefused = answer.decision.decision === "deny";
    return access.also === undefined || isRefused ? answer.decision : this.decide(access.also);
  }

  async require(access: Access): Promise<void> {
    const decision = await this.decide(access);
    if (decision.decision === "deny")
      throw withFields(this.#call.refusal(decision, this.principal), access.refusedWith);
    if (setsTags(access)) await requireAllowedTags(access, this);
  }

  at(dueMs: number, job: string, key: string, payload?: unknown): void {
    setTimer(this.tx, { ...this.#timerId(job, key), dueMs, payload });
  }

  cancel(job: string, key: string): void {
    cancelTimer(this.tx, this.#timerId(job, key));
  }

  async call<S extends Sdk, Name extends OperationName<S>>(asked: InnerCall<S, Name>): Promise<OutputOf<S, Name>> {
    const output = await this.#around.callInside(asked, this.#call, this.tx);
    return output as OutputOf<S, Name>;
  }

  callNamed(asked: NamedCall): Promise<object> {
    return this.#around.callInside(this.#around.namedCall(asked), this.#call, this.tx);
  }

  aside(about: string, work: AsideWork): string {
    return this.#asides.answerTo(about, work);
  }

  lasting(about: string, value: string): string {
    return this.#call.asides?.lasting(about, value) ?? value;
  }

  thereafter(work: AsideWork): void {
    this.#asides.thereafter(work);
  }

  get #asides(): Asides {
    const { asides } = this.#call;
    assert(asides !== undefined && !(this.tx instanceof Reading), "only a call asks aside, in its transaction");
    return asides;
  }

  evenIfRefused(work: Aftermath): void {
    this.#call.evenIfRefused(work);
  }

  onceAnswered(name: string, work: Afterword): void {
    this.#call.onceAnswered(name, work);
  }

  post(message: OutgoingMessage, { account, region }: Scope = this): Promise<void> {
    const service = this.#call.service.name;
    return post({ ...message, atMs: this.now().getTime(), account, region, service }, this.tx);
  }

  deliver(delivery: Delivery, { account, region }: Scope = this): Promise<void> {
    const service = this.#call.service.name;
    // events are not followed: AWS sees no loops through a bus
    const trace = delivery.content.kind === "event" ? undefined : followedTrace(this.#call.facts);
    const sent = { ...(trace !== undefined && { trace }), ...delivery };
    return begin({ ...sent, atMs: this.#around.now(), account, region, service }, this.tx);
  }

  async announce(event: Announcement, { account, region }: Scope = this): Promise<void> {
    if (!this.#around.audiences.has("events", { account, region })) return;
    const to = busOf({ account, region });
    const content = { kind: "event", ...event } as const;
    await this.deliver({ to, source: { arn: event.resources[0] ?? to, account }, content }, { account, region });
  }

  recordMore(additional: object): void {
    this.#call.recordMore?.(additional);
  }

  recordAlso(part: FarPart): void {
    const atMs = this.#around.now();
    const made = { requestId: this.#around.newRequestId(atMs), atMs };
    this.#call.madeInside(recordOfPart(part, this.#call, made));
  }

  recordOwn(event: OwnEvent, place: Scope = this): void {
    const atMs = this.#around.now();
    const { service, facts } = this.#call;
    const { sourceIp, userAgent } = facts;
    const requestId = this.#around.newRequestId(atMs);
    const made = { requestId, atMs, service: service.name, sourceIp, userAgent };
    this.#call.madeInside(recordOfOwn(event, place, made));
  }

  measure(measure: Measure, { account, region }: Scope = this): void {
    const { measures } = this.#around;
    this.tx.onceCommitted(() => measures.add(measure, account, region));
  }

  measured(): Promise<void> {
    return this.#around.measures.flush();
  }

  gauge(metric: AskedMetric): Promise<Gauge | undefined> {
    return this.#around.gauge(metric, { account: this.account, region: this.region }, this.tx);
  }

  gauges(namespace: string): Promise<readonly string[]> {
    return this.#around.gauges(namespace);
  }

  async poll<Found>(waiting: Poll<Found>): Promise<Found | undefined> {
    if (!(this.tx instanceof Reading)) {
      const seen = await waiting.look(this);
      return "found" in seen ? seen.found : undefined;
    }
    const { watched, untilMs } = waiting;
    const call = this.#call;
    const [whenGone, waits] = [call.whenGone?.bind(call), call.waits?.bind(call)];
    return this.#around.polls.run({ watched, untilMs, scope: this, whenGone, waits }, (tx) =>
      waiting.look(new CallContext(call, tx, this.#around)),
    );
  }

  #timerId(job: string, key: string) {
    return { account: this.account, region: this.region, service: this.#call.service.name, job, key };
  }
}
