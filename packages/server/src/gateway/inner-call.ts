/**
 * A call that a service makes of another: the pipeline from `authenticate` on, inside the transaction of the call that
 * made it, and without a wire.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 */
import type { CallRecord } from "../events/call-record.ts";
import type { Decision } from "../identity/decision.ts";
import type { Answer } from "../identity/evidence.ts";
import type { VouchedCaller } from "../identity/federation/federation.ts";
import type { CallingService } from "../identity/key-facts.ts";
import type { Principal } from "../identity/principal.ts";
import type { AccountId } from "../kernel/arn.ts";
import { assert } from "../kernel/assert.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { held } from "../kernel/bytes.ts";
import type { Transaction } from "../kernel/table.ts";
import { loadModel } from "../model/models.ts";
import type { OperationModel } from "../model/service-model.ts";
import type { Protocol } from "../protocol/protocol.ts";
import { protocolOf } from "../protocol/protocols.ts";
import { validateInput } from "../protocol/validate.ts";
import type { RequestFacts } from "../service/context.ts";
import type { HeldOperation, Service } from "../service/service.ts";
import { NO_BODY } from "./arrival.ts";
import { Asides, withAsides } from "./asides.ts";
import { CallContext, type Aftermath, type AskedOperation, type Call, type Caller } from "./call-context.ts";
import type { Cloud } from "./cloud.ts";
import { accessDenied, notImplemented } from "./failure.ts";
import { Reading } from "./reading.ts";
import { servicePrincipal } from "./own-context.ts";
import { askAll } from "./steps/authorise.ts";
import { followedTrace, TRACE_HEADER } from "./trace.ts";
import { evidenceOf, identityOf, noteUse, saidOf, usedAs, vouchedIdentity } from "./steps/record.ts";

/** The call that asks, and its transaction. */
interface Inside {
  readonly from: Call;
  readonly tx: Transaction;
  /** Takes the records of what is called. */
  readonly note: (record: CallRecord) => void;
}

/** @throws {AwsError} what the operation throws, or that it is not built. */
export async function callInside(asked: AskedOperation, { from, tx, note }: Inside, cloud: Cloud): Promise<object> {
  if (tx instanceof Reading) return callOutside(asked, from, cloud);
  const { input } = asked;
  const made = await begin(asked, { from, note }, cloud);
  const { call, operation } = made;
  try {
    const context = new CallContext(call, tx, cloud);
    await askFor(made, input, context);
    const output = await operation.handle(input, context, await operation.receive?.(input, context));
    await noteUse({ ...call.use, atMs: cloud.now() }, cloud, tx);
    note(call.record(input, output, cloud));
    return output;
  } catch (error) {
    if (error instanceof AwsError) note({ ...call.record(input, undefined, cloud), error: errorOf(error) });
    throw error;
  }
}

interface Made {
  readonly call: InnerCallState;
  readonly operation: HeldOperation;
}

async function begin(asked: AskedOperation, { from, note }: Omit<Inside, "tx">, cloud: Cloud): Promise<Made> {
  const service = await cloud.service(asked.service);
  const operation = service?.operations.get(asked.operation);
  if (service === undefined || operation === undefined) throw notImplemented(asked.service, asked.operation);
  const requestId = cloud.newRequestId(cloud.now());
  asked.tellId?.(requestId);
  return { operation, call: new InnerCallState(asked, { from, service, note, requestId }) };
}

async function askFor({ call, operation }: Made, input: object, context: CallContext): Promise<void> {
  validateInput(call.model, { ...input }, call.protocol);
  await askAll(operation, input, context);
}

/**
 * No transaction is open, since a body is coming in or an errand is done: the call has its own, and is over and on record
 * before what made it goes on.
 */
async function callOutside(asked: AskedOperation, from: Call, cloud: Cloud): Promise<object> {
  const { input } = asked;
  const inside: CallRecord[] = [];
  const made = await begin(asked, { from, note: (record) => inside.push(record) }, cloud);
  const { call } = made;
  try {
    const received = await receiveOutside(made, input, cloud);
    const settled = call.questions;
    let isWritten = false;
    const outside = () => new CallContext(call, new Reading(cloud.store, call.caller), cloud);
    const attempt = () =>
      cloud.store.transact(call.caller, async (tx) => {
        call.backTo(settled);
        inside.length = 0;
        const done = await handleIn(new CallContext(call, tx, cloud), { made, input, received });
        await noteUse({ ...call.use, atMs: cloud.now() }, cloud, tx);
        inside.push(call.record(input, done, cloud));
        isWritten = tx.changed;
        if (isWritten) for (const record of inside) cloud.journal.write(record, tx);
        return done;
      });
    const output = await withAsides(call.asides, outside, attempt);
    if (!isWritten) for (const record of inside) cloud.journal.append(record);
    return output;
  } catch (error) {
    // the rest was undone with it
    for (const record of inside) if (record.error !== undefined) cloud.journal.append(record);
    if (error instanceof AwsError) {
      cloud.journal.append({ ...call.record(input, undefined, cloud), error: errorOf(error) });
    }
    throw error;
  }
}

/** What the operation receives, which it does with no transaction open either: after its caller was let in. */
async function receiveOutside(made: Made, input: object, cloud: Cloud): Promise<unknown> {
  const { call, operation } = made;
  if (operation.receive === undefined) return undefined;
  await cloud.store.transact(call.caller, (tx) => {
    call.backTo(0);
    return askFor(made, input, new CallContext(call, tx, cloud));
  });
  return operation.receive(input, new CallContext(call, new Reading(cloud.store, call.caller), cloud));
}

interface ToHandle {
  readonly made: Made;
  readonly input: object;
  readonly received: unknown;
}

async function handleIn(context: CallContext, { made, input, received }: ToHandle): Promise<object> {
  if (made.operation.receive === undefined) await askFor(made, input, context);
  return made.operation.handle(input, context, received);
}

const errorOf = ({ code, message }: AwsError): NonNullable<CallRecord["error"]> => ({ code, message });

interface Surroundings extends Pick<Inside, "from" | "note"> {
  readonly service: Service;
  readonly requestId: string;
}

class InnerCallState implements Call {
  readonly requestId: string;
  readonly caller: Caller;
  readonly service: Service;
  readonly facts: RequestFacts;
  readonly model: OperationModel;
  readonly protocol: Protocol;
  readonly #signingName: string;
  readonly #answers: Answer[] = [];
  readonly #from: Call;
  readonly #passesOn: boolean;
  readonly #note: Inside["note"];
  readonly #ownAsides = new Asides();
  #additional: object | undefined;
  #vouched: { readonly caller: VouchedCaller; readonly account: AccountId } | undefined;

  constructor(asked: AskedOperation, { from, service, note, requestId }: Surroundings) {
    this.#note = note;
    const { principal, account, region } = from.caller;
    const model = loadModel(asked.service);
    const [protocolName] = model.protocols;
    const operation = model.operation(asked.operation);
    assert(protocolName !== undefined && operation !== undefined, "an operation that is built has a model");
    this.caller = {
      principal: asked.as ?? principal,
      account: asked.account ?? account,
      region: asked.region ?? region,
    };
    this.requestId = requestId;
    this.service = service;
    this.model = operation;
    this.#signingName = model.signingName;
    this.protocol = protocolOf(model, protocolName);
    this.facts = factsOf(asked, from);
    this.#from = from;
    this.#passesOn = asked.passesOn === true;
  }

  /** Those of the call that made it, with which it is run again. */
  get asides(): Asides {
    return this.#from.asides ?? this.#ownAsides;
  }

  get use() {
    const { principal, region } = this.caller;
    return { principal, region, ...usedAs(this.#answers, { service: this.#signingName, operation: this.model.name }) };
  }

  asked(answer: Answer): void {
    this.#answers.push(answer);
  }

  /** How many have been asked so far. */
  get questions(): number {
    return this.#answers.length;
  }

  /** Forgets what was asked later. */
  backTo(questions: number): void {
    this.#answers.length = questions;
  }

  waits(more: 1 | -1): void {
    this.#from.waits?.(more);
  }

  identified(caller: VouchedCaller, account: AccountId): void {
    this.#vouched = { caller, account };
  }

  evenIfRefused(work: Aftermath): void {
    this.#from.evenIfRefused(work);
  }

  /** Only calls of clients are answered. */
  onceAnswered(): void {}

  recordMore(additional: object): void {
    this.#additional = additional;
  }

  madeInside(record: CallRecord): void {
    this.#note(record);
  }

  refusal(decision: Decision, principal: Principal): AwsError {
    return accessDenied(decision, { principal, protocol: this.protocol.name, code: this.service.denial });
  }

  /** As CloudTrail shows it: the service stands where else the client's address is. `output` is absent where it failed. */
  record(input: object, output: object | undefined, cloud: Cloud): CallRecord {
    const { principal, account, region } = this.caller;
    const { sourceIp, userAgent } = this.facts;
    const invokedBy = this.#passesOn ? {} : { invokedBy: sourceIp };
    return {
      requestId: this.requestId,
      atMs: cloud.now(),
      service: this.service.name,
      operation: this.model.name,
      account: this.#vouched?.account ?? account,
      region,
      sourceIp,
      ...(userAgent !== undefined && { userAgent }),
      userIdentity: this.#vouched ? vouchedIdentity(this.#vouched.caller) : { ...identityOf(principal), ...invokedBy },
      ...saidOf(
        { service: this.service, model: this.model, answers: this.#answers, input, output },
        this.caller,
        cloud,
      ),
      ...(output !== undefined && this.#additional !== undefined && { additional: this.#additional }),
      ...evidenceOf(this.#answers, cloud),
    };
  }
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (sourceIPAddress) */
function factsOf({ as, source, body: bytes, passesOn, trace: given }: AskedOperation, from: Call): RequestFacts {
  const body = bytes === undefined ? NO_BODY : held(bytes);
  if (passesOn) return { ...from.facts, body, trailers: new Map() };
  const { service } = servicePrincipal(from.service.name);
  const trace = given ?? followedTrace(from.facts);
  const calling: CallingService =
    as === undefined
      ? { ...from.facts.calling, calledVia: [...(from.facts.calling?.calledVia ?? []), service] }
      : sourceOf(as, source);
  return {
    endpoint: from.facts.endpoint,
    sourceIp: service,
    userAgent: service,
    secureTransport: true,
    signature: from.facts.signature,
    calling,
    headers: {
      ...(bytes !== undefined && { "content-length": String(bytes.byteLength) }),
      ...(trace !== undefined && { [TRACE_HEADER]: trace }),
    },
    body,
    trailers: new Map(),
  };
}

/** Only a service principal calls on behalf of a resource; the session of a role calls for the role. */
const sourceOf = (as: Principal, source: AskedOperation["source"]): CallingService =>
  as.type === "service" ? { sourceArn: source?.arn, sourceAccount: source?.account } : {};
