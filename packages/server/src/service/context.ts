import type { Blobs } from "../store/blobs.ts";
import type { Decision } from "../identity/decision.ts";
import type { Federation, VouchedCaller } from "../identity/federation/federation.ts";
import type { Directory } from "../identity/directory.ts";
import type { CallingService } from "../identity/key-facts.ts";
import type { Principal } from "../identity/principal.ts";
import type { Sealer } from "../store/sealer.ts";
import type { Sharing } from "../identity/sharing.ts";
import type { AwsError } from "../kernel/aws-error.ts";
import type { ByteStream } from "../kernel/bytes.ts";
import type { IdKind } from "../kernel/ids.ts";
import type { AccountId, Arn, Region } from "../kernel/arn.ts";
import type { Scope, Table, Transaction } from "../kernel/table.ts";
import type { Access } from "./access.ts";
import type { Afterword } from "./answered.ts";
import type { Audience } from "./audience.ts";
import type { ActionReference } from "./action-reference.ts";
import type { AskedMetric, Gauge, Measure } from "./measure.ts";
import type { NamedCall, NamedOperations } from "./named-operation.ts";
import type { FarPart } from "./far-part.ts";
import type { FunctionHost } from "./function-host.ts";
import type { Outward } from "./outward.ts";
import type { OwnEvent } from "./own-event.ts";
import type { PoliciedResources } from "./policied.ts";
import type { RecordedCalls } from "./recorded-calls.ts";
import type { InputOf, OperationName, OutputOf, Sdk } from "./sdk.ts";

/** What services see of the store of bodies. */
export type { BlobRef, Blobs, ByteRange } from "../store/blobs.ts";

/**
 * What a handler may touch. There is no other way to time, chance, other accounts or I/O.
 * `account` and `region` are where the call acts: the caller's own account, and the region of the
 * call (for a global service the region that its signatures name).
 */
export interface Context extends Scope {
  readonly partition: string;
  readonly requestId: string;
  readonly principal: Principal;
  readonly request: RequestFacts;
  readonly tx: Transaction;
  readonly blobs: Blobs;
  /** Keeps secrets from lying in the store in the clear. */
  readonly keys: Sealer;
  /** Facts of IAM that other services need: roles, policies, second factors. */
  readonly directory: Directory;
  /** Checks what identity providers vouch for; outside of transactions only. */
  readonly federation: Federation;
  /** What accounts share with each other: a service with resources that can be shared asks, and RAM itself. */
  readonly sharing: Sharing;
  /** What has policies that may let others in, of every service. */
  readonly policied: PoliciedResources;
  /** Which actions, resources and condition keys there are. */
  readonly actions: ActionReference;
  /** Operations by the names that people write outside of any SDK. */
  readonly operations: NamedOperations;
  /** What was called before, by whom, and what was decided: read from outside this call's transaction. */
  readonly recorded: RecordedCalls;
  /** Who listens to what happens. */
  readonly audience: Audience;
  /** The way out of the cloud. */
  readonly outward: Outward;
  /** The processes that run functions: takes time, so never inside a transaction. */
  readonly functions: FunctionHost;
  /** Names who calls, where the call itself brought the proof: so the record of it has them, in `account`. */
  identified(caller: VouchedCaller, account: AccountId): void;
  /** Virtual now, in the unit of time that the service knows: one moment for all that a transaction does. */
  now(): Date;
  /** A new unique id in IAM's form where a kind is named, a UUID where not. */
  newId(kind?: IdKind): string;
  /** The same, for what the service does for somebody who let it: with the rights of a role, say, that it assumed. */
  as(principal: Principal): Context;
  /** Asks one more question of the caller's rights, where `authorize` could not know it yet. */
  decide(access: Access): Promise<Decision>;
  /** @throws {AwsError} `AccessDenied` in the service's form, with its reasons, where the answer is no. */
  require(access: Access): Promise<void>;
  /** Runs the service's job or errand `job` when virtual time reaches `dueMs`; durable, in the same transaction. Replaces one under the same key. */
  at(dueMs: number, job: string, key: string, payload?: unknown): void;
  /** Takes back what `at` promised. */
  cancel(job: string, key: string): void;
  /**
   * Has a service do an operation inside this call's transaction: `context.call<StsSdk, "AssumeRole">({ … })`. The
   * input is held to the model, the caller's rights are asked, and the call has a record of its own. What the
   * operation receives before its transaction is received inside this one, so it has to come from the store.
   * @throws {AwsError} what the operation throws; a caller that catches it keeps what was written before.
   */
  call<S extends Sdk, Name extends OperationName<S>>(asked: InnerCall<S, Name>): Promise<OutputOf<S, Name>>;
  /**
   * The same for what somebody wrote down as JSON, of any operation there is: without types.
   * @throws {AwsError} what the operation throws, or `ValidationException` where the input does not fit it
   */
  callNamed(asked: NamedCall): Promise<object>;
  /**
   * Asks something foreign in the midst of the transaction, which is undone meanwhile and run again with the answer: so
   * what it comes to until here must not be left to chance. Asked about the same, a call has the same answer.
   * @throws {AwsError} what the work throws
   */
  aside(about: string, work: AsideWork): string;
  /** What chance gave is the same each time that the transaction is run again: the first `value` about the same. */
  lasting(about: string, value: string): string;
  /** Has `work` done once this call's transaction is through, before it is answered: where it throws, that is the answer. */
  thereafter(work: AsideWork): void;
  /**
   * Has `work` done in a transaction of its own where this call is refused after all: what an attempt leaves behind that
   * failed, such as a code that is used up or a count of wrong passwords.
   */
  evenIfRefused(work: (tx: Transaction) => Promise<unknown>): void;
  /**
   * Has `work` done once the answer to this call is known, whatever it is, in a transaction of its own: what is told of
   * calls, such as a log of them. Another under the same name takes its place.
   */
  onceAnswered(name: string, work: Afterword): void;
  /**
   * Puts a mail or a text message into the cloud's outbox, where people read it: nothing leaves the machine. `sender` is
   * where the resource is that sends it, where the call does not act there.
   */
  post(message: OutgoingMessage, sender?: Scope): Promise<void>;
  /**
   * Sends something to a queue, a topic, a function or an event bus once this call is through: as the service's own
   * principal, at least once, tried again where it fails. What cannot be delivered is kept to be looked at.
   */
  deliver(delivery: Delivery, sender?: Scope): Promise<void>;
  /** Puts what happened to a resource on the default event bus of its place, where a rule may be waiting for it. */
  announce(event: Announcement, place?: Scope): Promise<void>;
  /** Adds to the record of this call what its answer alone does not tell (`additionalEventData`). */
  recordMore(additional: object): void;
  /** Records what this call did in another region, where trails look for what happened there. */
  recordAlso(part: FarPart): void;
  /** Records what this service did of itself, without a call, as an event of the account at `place`. */
  recordOwn(event: OwnEvent, place?: Scope): void;
  /**
   * Counts towards a metric of this service, once the transaction is through: cheap, and kept behind the call. `place` is
   * where the resource is that is measured, where the call does not act there.
   */
  measure(measure: Measure, place?: Scope): void;
  /** Ends when CloudWatch has everything that was measured so far: for what an operation receives. */
  measured(): Promise<void>;
  /** Where the service of a metric, in this account and region, knows its value at any time. */
  gauge(metric: AskedMetric): Promise<Gauge | undefined>;
  /** The names of the gauges that each resource has whose metrics are in that namespace. */
  gauges(namespace: string): Promise<readonly string[]>;
  /**
   * Looks until something is found, each time in a transaction of its own: again when the watched table was written to,
   * or when virtual time is what the last look said. For what an operation receives; inside a transaction it looks once.
   * `undefined`: nothing was found in time, or nobody waits for the answer any more.
   */
  poll<Found>(waiting: Poll<Found>): Promise<Found | undefined>;
}

/** What takes I/O, and real time. */
export interface AsideWork {
  /** How long one attempt may take. */
  readonly secondsMax: number;
  readonly attemptsMax: number;
  /** `context` has no transaction open: what it calls has one for itself. */
  ask(context: Context): Promise<string>;
  /** What is said where the last attempt took too long as well. */
  tooLate(): AwsError;
}

/** What a call waits for. */
export interface Poll<Found> {
  readonly watched: Table<never>;
  /** Virtual epoch milliseconds. */
  readonly untilMs: number;
  look(context: Context): Promise<Look<Found>>;
}

/** What a look found, or when there may be something. */
export type Look<Found> = { readonly found: Found } | { readonly againAtMs: number | undefined };

/** What a service sends to a resource that its user named. Plain JSON. */
export interface Delivery {
  /** Of a queue, a topic, a function, a log group or an event bus. */
  readonly to: Arn;
  /** What it is sent for: feeds `aws:SourceArn` and `aws:SourceAccount`. */
  readonly source: { readonly arn: Arn; readonly account: AccountId };
  readonly content: MessageContent | EventContent;
  /** Whose rights it is sent with: the service assumes the role each time. Those of the service itself where left out. */
  readonly role?: Arn;
  /** When it is given up; after five attempts where left out. */
  readonly retry?: DeliveryRetry;
  readonly deadLetter?: DeadLetter;
  /** It is what could not be delivered before. */
  readonly isLetter?: true;
  /** The header that follows what is sent (`x-amzn-trace-id`); that of this call, if it has been through a function, where left out. */
  readonly trace?: string;
}

export interface DeliveryRetry {
  /** Attempts after the first. */
  readonly retriesMax: number;
  /** Virtual milliseconds since it was sent. */
  readonly ageMsMax: number;
  /** What the receiver does not let in, or is not there for, is not tried again. */
  readonly refusedOnce?: true;
}

/** What kind of failure it was that a delivery met. */
export type FailureKind =
  | "denied"
  | "gone"
  | "role"
  | "throttled"
  | "invalid"
  | "timeout"
  | "unreachable"
  | "unbuilt"
  | "other";

/** The queue that gets the text of what could not be delivered. */
export interface DeadLetter {
  readonly to: Arn;
  /** What the queue gets, where it is not what could not be delivered. */
  readonly text?: string;
  readonly attributes?: MessageAttributes;
  readonly told?: ToldOfFailure;
}

/** The names of the attributes that say why. */
export interface ToldOfFailure {
  readonly code?: string;
  readonly message?: string;
  /** How often it was tried again. */
  readonly retries?: string;
  /** Which limit it was that ended the attempts: `MaximumRetryAttempts`, `MaximumEventAgeInSeconds`. */
  readonly condition?: string;
  /** What the code is in the sender's own words, instead of the receiver's. */
  readonly words?: Readonly<Record<FailureKind, string>>;
}

/** By name, as SQS and SNS have them. */
export type MessageAttributes = Readonly<Record<string, { readonly type: string; readonly value: string }>>;

/** For a queue, a topic, a function, a log group or a stream of data. */
export interface MessageContent {
  readonly kind: "message";
  /** Topics only. */
  readonly subject?: string;
  readonly text: string;
  /** What the text is of the bytes that a stream of data gets; itself where left out. */
  readonly encoding?: "base64";
  /** Queues and topics. */
  readonly attributes?: MessageAttributes;
  /** FIFO queues and topics; the partition key of a stream of data, any where left out. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** Requests over HTTP. */
  readonly request?: RequestParts;
}

/** What a request to a destination has besides its body. */
export interface RequestParts {
  /** What takes the places of the stars in the address. */
  readonly pathValues: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** What AWS tells of a resource. Plain JSON. */
export type Announcement = Omit<EventContent, "kind">;

/** For an event bus. Plain JSON. */
export interface EventContent {
  readonly kind: "event";
  /** `aws.s3` */
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly Arn[];
  readonly detail: object;
}

/** A call that a service makes. */
export interface InnerCall<S extends Sdk, Name extends OperationName<S>> {
  /** The model's id: `sts`. */
  readonly service: string;
  readonly operation: Name;
  readonly input: InputOf<S, Name>;
  /** Who calls: the caller itself where left out, by way of this service (`aws:CalledVia`). */
  readonly as?: Principal;
  /** What a service principal calls for: feeds `aws:SourceArn` and `aws:SourceAccount`. */
  readonly source?: { readonly arn?: Arn; readonly account?: AccountId };
  /** Where the call acts; this call's own account and region where left out. */
  readonly account?: AccountId;
  readonly region?: Region;
  /** What the operation takes as a stream. */
  readonly body?: Uint8Array;
  /** The call is what the client itself asks for, in other words: what is known of its request holds for it. */
  readonly passesOn?: true;
  /** The header that follows a request through services (`x-amzn-trace-id`); that of this call where left out. */
  readonly trace?: string;
  /** Hears the id that the call has. */
  readonly tellId?: (requestId: string) => void;
}

/** A mail, a text message, or a notification for an app on a device, on its way out. */
export interface OutgoingMessage {
  readonly kind: "email" | "sms" | "push";
  readonly from: string;
  /** An address, a number in E.164's form, or the ARN of an app on a device. */
  readonly to: string;
  /** Mails only. */
  readonly subject?: string;
  readonly text: string;
  /** Notifications only: what the platform is told beside the payload. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What a handler may know of the request that is not in its input. */
export interface RequestFacts {
  /** `http://localhost:4566`: where the client reached us, to build URLs from. */
  readonly endpoint: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly secureTransport: boolean;
  /** How the request was signed; `undefined` where it was not, or where no client made it. */
  readonly signature?: SignatureFacts | undefined;
  /** A browser sent it as a form, and it has been put in the words of the operation. */
  readonly isForm?: boolean | undefined;
  /** Its head says nothing of a body, not even that it is empty. */
  readonly lengthUnsaid?: boolean | undefined;
  /** The service that makes the call, where it is not a client that does. */
  readonly calling?: CallingService | undefined;
  /** Lowercase names. Only for what no model has: a service reads members of its input. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The decoded body of a streaming operation: chunk framing, signatures and trailing checksums are already checked off. */
  readonly body: ByteStream;
  /** The trailing headers, known when `body` has ended. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** What conditions may ask of a signature, whatever its service. */
export interface SignatureFacts {
  readonly version: 2 | 4;
  readonly place: "header" | "query" | "form";
  /** `undefined` for version 2 in a URL or a form, which does not say. */
  readonly signedAtMs: number | undefined;
  /**
   * DER: the certificate whose key signed, and those that the caller says lead from it to an authority. Nobody has asked
   * yet whether any of them is to be trusted.
   */
  readonly certificates?: readonly Uint8Array[] | undefined;
}
