/** One call on its way through the pipeline: what each step found out, for the steps after it. */
import type { CallRecord } from "../events/call-record.ts";
import type { Journal } from "../events/journal.ts";
import type { Decision } from "../identity/decision.ts";
import type { Principal } from "../identity/principal.ts";
import type { Answer } from "../identity/evidence.ts";
import type { VouchedCaller } from "../identity/federation/federation.ts";
import type { AccountId } from "../kernel/arn.ts";
import { decisionHeader } from "../identity/explain.ts";
import type { AwsError } from "../kernel/aws-error.ts";
import { assert } from "../kernel/assert.ts";
import type { ByteStream, HeldBytes } from "../kernel/bytes.ts";
import type { Transaction } from "../kernel/table.ts";
import type { OperationModel } from "../model/service-model.ts";
import type { Origin } from "../network/origin.ts";
import type { FormUpload, Labels, WireRequest, WireResponse } from "../protocol/protocol.ts";
import type { OperationRoute, ServiceRoute } from "../protocol/route.ts";
import type { Afterword } from "../service/answered.ts";
import type { RequestFacts, SignatureFacts } from "../service/context.ts";
import type { HeldOperation, Service } from "../service/service.ts";
import type { Arrival } from "./arrival.ts";
import { INLINE_BYTES_MAX } from "../store/blob-store.ts";
import { Asides } from "./asides.ts";
import { CallContext, type Aftermath, type Call, type CallSurroundings, type Caller } from "./call-context.ts";
import { accessDenied } from "./failure.ts";

/** What was asked for, once the route is known. */
export interface Target {
  readonly service: Service;
  readonly model: OperationModel;
  readonly operation: HeldOperation;
  readonly labels: Labels;
}

const EMPTY = new Uint8Array();
const NO_TRAILERS: ReadonlyMap<string, string> = new Map();

export class Exchange implements Call {
  /** As it came. */
  readonly came: Arrival;
  /** The same; where a browser sent a form, as the call that it means. */
  arrival: Arrival;
  form: FormUpload | undefined;
  /** S3 only: the bucket whose own domain the request came to. */
  bucketAtDomain: string | undefined;
  requestId: string;
  readonly atMs: number;
  readonly answers: Answer[] = [];
  /** What the transaction that is open or failed wants done where the call is refused. */
  readonly aftermaths: Aftermath[] = [];
  /** What it asks in the midst of its transaction, where it has asked anything. */
  usedAsides: Asides | undefined;
  /** What is to be done once the answer is known, by name. */
  afterwords: Map<string, Afterword> | undefined;
  /** What its record says besides. */
  additional: object | undefined;
  /** Of the refusal, where the call failed. */
  errorCode: string | undefined;
  /** The whole body; empty where it streams. */
  body: Uint8Array = EMPTY;
  /** The body without its compression, where it came with one; the signature is over what came. */
  plainBody: Uint8Array | undefined;
  /** The body as a streaming operation reads it. */
  stream: ByteStream;
  /** A streamed body that is there already, as it came. */
  heldStream: HeldBytes | undefined;
  trailers: ReadonlyMap<string, string> = NO_TRAILERS;
  /** Where the operation was found before the body had come. */
  operationRoute: OperationRoute | undefined;
  input: Record<string, unknown> = {};
  received: unknown;
  signature: SignatureFacts | undefined;
  /** The key that the caller says it signed with; nobody has checked it. */
  claimedKeyId: string | undefined;
  output: object = {};
  /** Who came without credentials and with a proof, and the account they came to. */
  vouched: { readonly caller: VouchedCaller; readonly account: AccountId } | undefined;
  #origin: Origin | undefined;
  #route: ServiceRoute | undefined;
  #target: Target | undefined;
  #caller: Caller | undefined;
  #context: CallContext | undefined;
  #tx: Transaction | undefined;
  #around: CallSurroundings | undefined;
  #facts: RequestFacts | undefined;
  #settled = 0;
  readonly #inner: CallRecord[] = [];
  /** So many of them belong to transactions that have ended. */
  #innerSettled = 0;
  /** To be written once the transaction has ended well. No closure: one that ends up here is kept from the young generation's collector, and all of the call with it. */
  #behind:
    | { readonly record: CallRecord; readonly inner: readonly CallRecord[]; readonly journal: Journal }
    | undefined;
  #response: WireResponse | undefined;

  constructor(arrival: Arrival, requestId: string, atMs: number) {
    this.came = arrival;
    this.arrival = arrival;
    this.stream = arrival.body;
    this.requestId = requestId;
    this.atMs = atMs;
  }

  /** The request as protocols see it. */
  get request(): WireRequest {
    const { method, path, query, headers } = this.arrival;
    return { method, path, query, headers, body: this.plainBody ?? this.body };
  }

  get origin(): Origin {
    return known(this.#origin, "located");
  }
  set origin(origin: Origin) {
    this.#origin = origin;
  }

  /** `undefined` while nothing is known: the call may have failed before. */
  get foundRoute(): ServiceRoute | undefined {
    return this.#route;
  }
  get route(): ServiceRoute {
    return known(this.#route, "routed");
  }
  set route(route: ServiceRoute) {
    this.#route = route;
  }

  get foundTarget(): Target | undefined {
    return this.#target;
  }
  get target(): Target {
    return known(this.#target, "routed");
  }
  set target(target: Target) {
    this.#target = target;
  }

  get foundCaller(): Caller | undefined {
    return this.#caller;
  }
  get caller(): Caller {
    return known(this.#caller, "authenticated");
  }
  set caller(caller: Caller) {
    this.#caller = caller;
    this.#context = new CallContext(this, this.tx, known(this.#around, "in a transaction"));
  }

  /** Whether the body is so small that taking it in is no I/O: nothing but rows comes of it. */
  get receivesInPlace(): boolean {
    const { model, operation } = this.target;
    if (this.heldStream === undefined || this.heldStream.size > INLINE_BYTES_MAX) return false;
    return operation.receive !== undefined && model.streamingInput !== undefined;
  }

  /** Whether it was refused, and nobody knows whose it was. */
  get isStrangers(): boolean {
    return this.errorCode !== undefined && this.#caller === undefined;
  }

  get service(): Service {
    return this.target.service;
  }

  get facts(): RequestFacts {
    return (this.#facts ??= new CallFacts(this));
  }

  identified(caller: VouchedCaller, account: AccountId): void {
    this.vouched = { caller, account };
  }

  get asides(): Asides {
    return (this.usedAsides ??= new Asides());
  }

  evenIfRefused(work: Aftermath): void {
    this.aftermaths.push(work);
  }

  onceAnswered(name: string, work: Afterword): void {
    (this.afterwords ??= new Map()).set(name, work);
  }

  recordMore(additional: object): void {
    this.additional = additional;
  }

  madeInside(record: CallRecord): void {
    this.#inner.push(record);
  }

  /** The records of the calls that this one made. */
  get innerRecords(): readonly CallRecord[] {
    return this.#inner;
  }

  /** Of those, the ones that count though this call failed: what ended before, and what failed itself. The rest was undone with it. */
  get lastingInnerRecords(): readonly CallRecord[] {
    return this.#inner.filter(({ error }, index) => index < this.#innerSettled || error !== undefined);
  }

  whenGone(listener: () => void): void {
    this.came.whenGone?.(listener);
  }

  asked(answer: Answer): void {
    this.answers.push(answer);
  }

  refusal(decision: Decision, principal: Principal): AwsError {
    const code = this.foundTarget?.service.denial;
    return accessDenied(decision, { principal, protocol: this.route.protocol.name, code });
  }

  get context(): CallContext {
    return known(this.#context, "authenticated");
  }

  get tx(): Transaction {
    return known(this.#tx, "in a transaction");
  }

  /** Begins one attempt at a transaction; what an attempt before it asked is forgotten. */
  begin(tx: Transaction, around: CallSurroundings): void {
    this.#tx = tx;
    this.#around = around;
    // what an attempt before it has read of it is read again
    if (this.receivesInPlace && this.heldStream !== undefined) this.stream = this.heldStream;
    this.answers.length = this.#settled;
    this.#inner.length = this.#innerSettled;
    this.aftermaths.length = 0;
    this.usedAsides?.begin();
    this.#behind = undefined;
    if (this.#caller !== undefined) this.#context = new CallContext(this, tx, around);
  }

  /** The questions asked so far were answered in a transaction that has ended. */
  settle(): void {
    this.#settled = this.answers.length;
    this.#innerSettled = this.#inner.length;
    if (this.#behind === undefined) return;
    const { record, inner, journal } = this.#behind;
    for (const each of inner) journal.append(each);
    journal.append(record);
    this.#behind = undefined;
  }

  /** Has `record` written behind the call, once its transaction has ended well. */
  recordBehind(record: CallRecord, journal: Journal): void {
    this.#behind = { record, inner: this.#inner.splice(0), journal };
  }

  /** The decision in one line, where anything was asked. */
  decisionLine(): string | undefined {
    const last = this.answers.at(-1);
    return last === undefined ? undefined : decisionHeader(last.decision);
  }

  get response(): WireResponse {
    return known(this.#response, "answered");
  }
  set response(response: WireResponse) {
    this.#response = response;
  }
}

function known<T>(value: T | undefined, state: string): T {
  assert(value !== undefined, `the call is ${state}`);
  return value;
}

/** A class for its getters: in an object literal each would be a closure of its own. */
class CallFacts implements RequestFacts {
  readonly endpoint: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly secureTransport: boolean;
  readonly signature: SignatureFacts | undefined;
  readonly isForm: boolean;
  readonly lengthUnsaid: boolean;
  readonly headers: Arrival["headers"];
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    const { secure, headers, lengthUnsaid = false } = exchange.arrival;
    this.endpoint = `${secure ? "https" : "http"}://${headers["host"] ?? "localhost"}`;
    this.sourceIp = exchange.origin.sourceIp;
    this.userAgent = headers["user-agent"];
    this.secureTransport = secure;
    this.signature = exchange.signature;
    this.isForm = exchange.form !== undefined;
    this.lengthUnsaid = lengthUnsaid;
    this.headers = headers;
    this.#exchange = exchange;
  }

  get body(): ByteStream {
    return this.#exchange.stream;
  }

  get trailers(): ReadonlyMap<string, string> {
    return this.#exchange.trailers;
  }
}
