import type { Afterword } from "./answered.ts";
import type { Context } from "./context.ts";
import type { CrossOrigin } from "./cross-origin.ts";
import type { HearDelivered } from "./delivered.ts";
import type { Errand } from "./errand.ts";
import type { Door } from "./door.ts";
import type { FunctionLog, LogEvent } from "./function-host.ts";
import type { FindGauge, MeasuredMinute } from "./measure.ts";
import type { Operation } from "./operation.ts";
import type { Policied } from "./policied.ts";
import type { Receiver } from "./receiver.ts";
import type { FindAtDomain } from "./own-domain.ts";
import type { OperationName, Sdk } from "./sdk.ts";
import type { Shareable } from "./shareable.ts";
import type { Site, SiteGate, SiteProblem } from "./site.ts";

/** One operation of a known service. */
export type AnyOperation<S extends Sdk> = { [Name in OperationName<S>]: Operation<S, Name> }[OperationName<S>];

/** An operation, its types forgotten: what the gateway holds once the model has vouched for the input. */
export interface HeldOperation {
  readonly name: string;
  readonly callers: "signed" | "open";
  authorize(input: unknown, context: Context): ReturnType<Operation<Sdk, never>["authorize"]>;
  receive?(input: unknown, context: Context): Promise<unknown>;
  receiveInPlace?(input: unknown, context: Context): Promise<unknown>;
  handle(input: unknown, context: Context, received: unknown): Promise<object>;
}

/** What runs when a timer that the service set with `context.at` falls due. */
export type Job = (context: Context, key: string, payload: unknown) => Promise<void>;

/** Takes what services measured of themselves, all of one account and region. */
export type TakeMeasured = (minutes: readonly MeasuredMinute[], context: Context) => Promise<void>;

/** Takes what a function's process wrote, in the order in which it did. */
export type TakeLogged = (log: FunctionLog, events: readonly LogEvent[], context: Context) => Promise<void>;

/** What a service declares of itself: `defineService` makes a `Service` of it. */
export interface ServiceBody<S extends Sdk> {
  readonly operations: readonly AnyOperation<S>[];
  /** The HTTP status of each error that the model leaves out. */
  readonly unmodelledErrors?: Readonly<Record<string, number>>;
  readonly jobs?: Readonly<Record<string, Job>>;
  /** Like jobs, for work that takes I/O or long; no job has the name of one. */
  readonly errands?: Readonly<Record<string, Errand>>;
  /** The code of refusals by policies, where it is not the one of all services of its protocol. */
  readonly denial?: string;
  /** By the type of resource, as its ARN begins: `event-bus`. What is delivered to all others comes by an operation. */
  readonly receivers?: Readonly<Record<string, Receiver>>;
  /** Hears of each attempt to deliver what it sends. */
  readonly delivered?: HearDelivered;
  /** The types of its resources that have policies of their own: Access Analyzer looks at them. */
  readonly policied?: readonly Policied[];
  /** The types of its resources that RAM may share between accounts. */
  readonly shareable?: readonly Shareable[];
  /** Whether web pages may make its open calls themselves, as apps in browsers do. */
  readonly forPages?: true;
  /** Hears of calls of strangers, whose signatures were refused before an operation heard of them, and of what browsers ask in advance (`Preflight`). */
  readonly ofStrangers?: Afterword;
  /** Lambda alone. */
  readonly logged?: TakeLogged;
  /** Of its metrics, those that nobody counts towards. They are in the namespace `AWS/` with its model's id, in any case. */
  readonly gauge?: FindGauge;
  /** The names of those gauges that each of its resources has, which CloudWatch lists once the resource is used or asked for. */
  readonly gauges?: readonly string[];
  /** What `AWS/Usage` calls it, where its calls are counted there. */
  readonly usage?: string;
  /** CloudWatch alone. */
  readonly measured?: TakeMeasured;
  /** Which pages may use which of its resources. */
  readonly crossOrigin?: CrossOrigin;
  /** Addresses that its users make; `sites.ts` says which requests are for them. */
  readonly door?: Door;
  /** What of its own is at domains of its users'. */
  readonly atDomain?: FindAtDomain;
  /** Its pages for browsers; `sites.ts` says which requests are for it. */
  readonly site?: Site;
  /** Whether a large body is let in, for pages that take one. */
  readonly siteGate?: SiteGate;
  /** What a page says where something that was told of what it has done has failed; plain text where left out. */
  readonly siteProblem?: SiteProblem;
  /** The finest time that the service tells apart: 1000 where it knows whole seconds only. Milliseconds where left out. */
  readonly timeUnitMs?: 1 | 1000;
}

/** A service as the gateway knows it, its types forgotten. */
export interface Service {
  /** The model's id: `sts`, `iam`, `s3`. */
  readonly name: string;
  readonly operations: ReadonlyMap<string, HeldOperation>;
  readonly unmodelledErrors: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, Job>>;
  readonly errands: Readonly<Record<string, Errand>>;
  readonly receivers: Readonly<Record<string, Receiver>>;
  readonly delivered: HearDelivered | undefined;
  readonly denial: string | undefined;
  readonly policied: readonly Policied[];
  readonly shareable: readonly Shareable[];
  readonly forPages: boolean;
  readonly ofStrangers: Afterword | undefined;
  readonly logged: TakeLogged | undefined;
  readonly gauge: FindGauge | undefined;
  readonly gauges: readonly string[];
  readonly usage: string | undefined;
  readonly measured: TakeMeasured | undefined;
  readonly crossOrigin: CrossOrigin | undefined;
  readonly door: Door | undefined;
  readonly atDomain: FindAtDomain | undefined;
  readonly site: Site | undefined;
  readonly siteGate: SiteGate | undefined;
  readonly siteProblem: SiteProblem | undefined;
  readonly timeUnitMs: 1 | 1000;
}

export function defineService<S extends Sdk>(name: string, body: ServiceBody<S>): Service {
  const operations = body.operations as readonly unknown[] as readonly HeldOperation[];
  return {
    name,
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    unmodelledErrors: body.unmodelledErrors ?? {},
    jobs: body.jobs ?? {},
    errands: body.errands ?? {},
    receivers: body.receivers ?? {},
    delivered: body.delivered,
    denial: body.denial,
    policied: body.policied ?? [],
    shareable: body.shareable ?? [],
    forPages: body.forPages ?? false,
    ofStrangers: body.ofStrangers,
    logged: body.logged,
    gauge: body.gauge,
    gauges: body.gauges ?? [],
    usage: body.usage,
    measured: body.measured,
    crossOrigin: body.crossOrigin,
    door: body.door,
    atDomain: body.atDomain,
    site: body.site,
    siteGate: body.siteGate,
    siteProblem: body.siteProblem,
    timeUnitMs: body.timeUnitMs ?? 1,
  };
}
