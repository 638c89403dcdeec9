/** The composition root: the only place that picks store, clock and services. */
import type { Arrival } from "./gateway/arrival.ts";
import { assemble } from "./assemble.ts";
import { anyOf, Timers } from "./clock/timers.ts";
import { VirtualClock } from "./clock/virtual-clock.ts";
import { Audiences } from "./events/audience.ts";
import { Journal } from "./events/journal.ts";
import { newestDeliveries, newestSent, type KeptDelivery, type SentDelivery } from "./events/delivery.ts";
import { newestMessages, type PostedMessage } from "./events/outbox.ts";
import type { Cloud } from "./gateway/cloud.ts";
import { control, isControl, type ControlParts, type IdentityProvider } from "./gateway/control/control.ts";
import { answerProbe, isHealthProbe, type ProbeFacts } from "./gateway/control/health-probe.ts";
import { answerPreflight, isPreflight } from "./gateway/cross-origin.ts";
import { Errands } from "./gateway/errands.ts";
import { jobRunner } from "./gateway/job.ts";
import { DRAIN_SECONDS_MAX, HEAD_SECONDS_MAX } from "./gateway/limits.ts";
import { listen, type ListenerParts } from "./gateway/listener/listener.ts";
import { isVisit, whatIsAt } from "./gateway/own-domain.ts";
import { answerOptions } from "./gateway/page-rules.ts";
import { answer } from "./gateway/pipeline.ts";
import type { ReplayLine } from "./gateway/control/replay.ts";
import { takeTextReply, type TextReply } from "./gateway/control/text-reply.ts";
import type { ReplayOrder } from "./gateway/control/replay-order.ts";
import { answerAtDoor } from "./gateway/door.ts";
import { SideDoor } from "./gateway/side-door.ts";
import { answerSite } from "./gateway/site.ts";
import { type AccountId } from "./kernel/arn.ts";
import { assert } from "./kernel/assert.ts";
import { isLoopbackHost } from "./kernel/loopback.ts";
import { NOWHERE } from "./kernel/table.ts";
import { requireGuardedProviders } from "./lazy-federation.ts";
import { ownDomainOf } from "./network/host-name.ts";
import type { OutwardReach } from "./network/outward.ts";
import type { WireResponse } from "./protocol/protocol.ts";
import type { Service } from "./service/service.ts";
import { SERVICES } from "./services.ts";
import { doorOf, siteOf } from "./sites.ts";
import { BlobSweep } from "./store/blob-sweep.ts";
import { openEmbedded, openMemory, openPostgres, type Durability, type OpenedStore } from "./store/drivers/open.ts";
import packageFacts from "../package.json" with { type: "json" };

/** Where the state of a cloud lives. */
export type StorageOptions =
  | { readonly kind: "memory" }
  | ({ readonly kind: "embedded"; readonly durability?: Durability | undefined } & OnDisk)
  | ({ readonly kind: "postgres"; readonly url: string } & OnDisk);

interface OnDisk {
  readonly directory: string;
  /** 32 bytes; the one kept in the directory where left out. */
  readonly masterKey?: Uint8Array | undefined;
}

export { SERVICES } from "./services.ts";
export type { Durability } from "./store/drivers/open.ts";

export interface CloudOptions {
  readonly storage: StorageOptions;
  /** Whose root `test` is: `000000000000` where left out. */
  readonly account?: string | undefined;
  /** `permissive` takes unknown access keys for the root of the default account, and lets them assume roles. */
  readonly auth?: "enforced" | "permissive" | undefined;
  /**
   * Who is asked about access tokens of Login with Amazon and Facebook: `test`, the test identity provider; or whoever
   * answers at an address. They themselves where left out.
   */
  readonly loginProviders?: string | undefined;
  /** Whom the cloud calls where its users name an address: this machine alone where left out. */
  readonly outward?: OutwardReach | undefined;
  /** Replaces the secret `test` of the root users. */
  readonly rootSecret?: string | undefined;
  /** Services beside or instead of those of `SERVICES`, by the model's id: for tests of what services have from each other. */
  readonly services?: Readonly<Record<string, Service>> | undefined;
  /** About how many calls are kept on record: 200,000 where left out, in memory 20,000. */
  readonly recordsMax?: number | undefined;
  /** Hears of failures that are ours; standard error where left out. */
  readonly report?: ((error: unknown, what: string) => void) | undefined;
}

/** A cloud without a socket. */
export interface OpenCloud {
  readonly clock: VirtualClock;
  readonly account: AccountId;
  readonly journal: Journal;
  answer(arrival: Arrival): Promise<WireResponse>;
  /** The newest mails, text messages and notifications that services sent, newest first. */
  outbox(limit: number): Promise<readonly PostedMessage[]>;
  /** Somebody answers a text message from a phone. */
  textReply(reply: TextReply): Promise<void>;
  /** What services send to queues, topics, functions and event buses and did not arrive yet, or never will; newest first. */
  deliveries(limit: number): Promise<readonly KeptDelivery[]>;
  /** The same with what became of each, those that arrived included. */
  events(limit: number): Promise<readonly SentDelivery[]>;
  /** Recorded decisions taken again with a proposed policy. */
  replay(order: ReplayOrder): AsyncIterable<ReplayLine>;
  /** The test identity provider. */
  readonly identityProvider: IdentityProvider;
  reset(): Promise<void>;
  /** Says where functions reach the cloud. */
  functionsReach(endpoint: string): void;
  /** Lets calls that wait for something, as for a message, answer now. */
  stopWaiting(): void;
  close(): Promise<void>;
}

const PROBE_FACTS: ProbeFacts = { version: packageFacts.version, services: Object.keys(SERVICES) };

const DEFAULT_PORT = 4566;
export async function openCloud(options: CloudOptions): Promise<OpenCloud> {
  requireGuardedProviders(options.loginProviders);
  const stored = await openStorage(options.storage);
  const clock = await VirtualClock.open(stored.store);
  const report = options.report ?? reportToStandardError;
  const audiences = await Audiences.open({
    ...stored,
    realNow: () => clock.realNow(),
    report: (error) => report(error, "the audience"),
  });
  const cloud = assemble(options, { ...stored, audiences, report }, clock);
  const { store, journal } = cloud;
  const sweep = new BlobSweep({ ...stored, report: (error) => report(error, "the sweep of bodies") });
  sweep.start();
  const errands = new Errands({ cloud, realNow: () => clock.realNow() });
  await errands.recover();
  const timers = new Timers({
    store,
    clock,
    run: jobRunner(cloud, errands),
    underway: anyOf(errands, cloud.functions, journal),
    report,
  });
  const stopWaiting = (): void => {
    errands.stop();
    cloud.polls.end();
  };
  const sideDoor = new SideDoor((arrival) => answerAny(arrival, cloud));
  cloud.functions.reachAt(() => sideDoor.endpoint());
  return {
    clock,
    account: cloud.defaultAccount,
    journal,
    async reset() {
      cloud.measures.forget();
      errands.forget();
      await cloud.functions.reset();
      await journal.flush();
      await store.reset();
      journal.forget();
      cloud.directory.emptied();
      await clock.refresh();
      sweep.afterReset();
    },
    answer: (arrival) => answerAny(arrival, cloud),
    functionsReach: (endpoint) => cloud.functions.reachAt(() => Promise.resolve(endpoint)),
    ...sentFrom(cloud),
    textReply: (reply) => takeTextReply(reply, cloud),
    async *replay(order) {
      const { replayCalls } = await import("./gateway/control/replay.ts");
      yield* replayCalls(order, cloud);
    },
    async identityProvider(request) {
      const { identityProvider } = await import("./idp/identity-provider.ts");
      return identityProvider({ ...stored, clock })(request);
    },
    stopWaiting,
    async close() {
      stopWaiting();
      await timers.close();
      await errands.close();
      await cloud.functions.close();
      await sideDoor.close();
      await cloud.measures.flush();
      await sweep.close();
      await journal.flush();
      await store.close();
    },
  };
}

const sentFrom = ({ store }: Cloud): Pick<OpenCloud, "outbox" | "deliveries" | "events"> => ({
  outbox: (limit) => store.transact(NOWHERE, (tx) => newestMessages(limit, tx)),
  deliveries: (limit) => store.transact(NOWHERE, (tx) => newestDeliveries(limit, tx)),
  events: (limit) => store.transact(NOWHERE, (tx) => newestSent(limit, tx)),
});

function answerAny(arrival: Arrival, cloud: Cloud): Promise<WireResponse> {
  const domain = ownDomainOf(arrival.headers["host"]);
  return domain === undefined ? answerAtAws(arrival, cloud) : answerAtDomain(arrival, domain, cloud);
}

/** At a domain of somebody's own: what is theirs there and nothing else, or where nothing is, everything. */
async function answerAtDomain(arrival: Arrival, domain: string, cloud: Cloud): Promise<WireResponse> {
  const found = await whatIsAt(domain, cloud);
  if (found === undefined) return answerAtAws(arrival, cloud);
  if (found === "pages" && isVisit(arrival)) return answerSite(arrival, { service: "s3" }, cloud);
  return answerPageOrCall(arrival, cloud, domain);
}

function answerAtAws(arrival: Arrival, cloud: Cloud): Promise<WireResponse> {
  const door = doorOf(arrival);
  if (door !== undefined) return answerAtDoor(arrival, door, cloud);
  if (isPreflight(arrival)) return Promise.resolve(answerPreflight());
  const site = siteOf(arrival);
  if (site !== undefined) return answerSite(arrival, site, cloud);
  return arrival.method === "OPTIONS" ? answerPageOrCall(arrival, cloud) : answer(arrival, cloud);
}

/** What a browser asks in advance of a service that has rules for pages; any other request is a call. */
async function answerPageOrCall(arrival: Arrival, cloud: Cloud, bucketAtDomain?: string): Promise<WireResponse> {
  const asked = arrival.method === "OPTIONS" ? await answerOptions(arrival, cloud, bucketAtDomain) : undefined;
  return asked ?? answer(arrival, cloud, bucketAtDomain);
}

export interface ServerOptions extends Omit<CloudOptions, "storage"> {
  /** 4566 where left out; 0: any free port. */
  readonly port?: number | undefined;
  /** `localhost` where left out: this machine alone, by its address of IPv4 and, where it has one, of IPv6. */
  readonly host?: string | undefined;
  /** Where state lives; in memory where left out. */
  readonly dataDirectory?: string | undefined;
  /** Instead of a directory's database: a PostgreSQL-compatible one. */
  readonly postgresUrl?: string | undefined;
  readonly durability?: Durability | undefined;
  /** 32 bytes that everything secret is sealed under; kept in the data directory where left out. */
  readonly masterKey?: Uint8Array | undefined;
}

export interface RunningServer {
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly port: number;
  readonly account: string;
  readonly cloud: OpenCloud;
  /** Takes no new connections, lets the calls under way end, and closes the store. */
  close(): Promise<void>;
}

/** @throws where the port is taken, or the address is not loopback and everybody would be root. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const hosts = hostsOf(options);
  const [host] = hosts;
  if (!isLoopbackHost(host)) requireGuarded(host, options);
  const cloud = await openCloud({ ...options, storage: storageOf(options) });
  try {
    const listening = await listen({
      hosts,
      port: options.port ?? DEFAULT_PORT,
      answer: (arrival) => {
        if (isControl(arrival)) return control(arrival, parts);
        return isHealthProbe(arrival) ? answerProbe(arrival, PROBE_FACTS) : cloud.answer(arrival);
      },
      certificate: async () => {
        const { loadCertificate } = await import("./gateway/listener/certificate.ts");
        return loadCertificate({ directory: options.dataDirectory, now: new Date(cloud.clock.realNow()) });
      },
      drainSecondsMax: DRAIN_SECONDS_MAX,
      headSecondsMax: HEAD_SECONDS_MAX,
    });
    const endpoint = `http://${host.includes(":") ? `[${host}]` : host}:${listening.port}`;
    const parts = controlParts(cloud, { options, endpoint, host });
    const { port } = listening;
    cloud.functionsReach(["0.0.0.0", "::"].includes(host) ? `http://127.0.0.1:${port}` : endpoint);
    return {
      endpoint,
      port,
      account: cloud.account,
      cloud,
      async close() {
        cloud.stopWaiting();
        await listening.close();
        await cloud.close();
      },
    };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

/** Clients may look for `localhost` at either address first. */
const hostsOf = ({ host = "localhost" }: ServerOptions): ListenerParts["hosts"] =>
  host === "localhost" ? ["127.0.0.1", "::1"] : [host];

/** Bound beyond loopback, everybody on the network could be root. */
export class UnguardedHostError extends Error {
  override readonly name = "UnguardedHostError";
  constructor(host: string, why: string) {
    super(`binding \`${host}\` opens the cloud to the network: ${why}`);
  }
}

/** @throws {UnguardedHostError} */
function requireGuarded(host: string, { rootSecret = "", auth }: ServerOptions): void {
  if (rootSecret === "") throw new UnguardedHostError(host, "KUMOBAKO_ROOT_SECRET is not set");
  if (auth === "permissive") throw new UnguardedHostError(host, "unknown keys are taken for the root user's");
}

function storageOf({
  dataDirectory: directory,
  postgresUrl: url,
  durability,
  masterKey,
}: ServerOptions): StorageOptions {
  if (directory === undefined) {
    assert(url === undefined, "a cloud on PostgreSQL has a directory for its bodies");
    return { kind: "memory" };
  }
  return url === undefined
    ? { kind: "embedded", directory, durability, masterKey }
    : { kind: "postgres", url, directory, masterKey };
}

function controlParts(
  cloud: OpenCloud,
  { options, endpoint, host }: { options: ServerOptions; endpoint: string; host: string },
): ControlParts {
  return {
    clock: cloud.clock,
    journal: cloud.journal,
    reset: () => cloud.reset(),
    outbox: (limit) => cloud.outbox(limit),
    textReply: (reply) => cloud.textReply(reply),
    deliveries: (limit) => cloud.deliveries(limit),
    events: (limit) => cloud.events(limit),
    replay: (order) => cloud.replay(order),
    identityProvider: (request) => cloud.identityProvider(request),
    health: () => ({
      version: packageFacts.version,
      account: cloud.account,
      endpoint,
      store: storageOf(options).kind,
      pid: process.pid,
    }),
    hosts: isLoopbackHost(host) ? [] : [host],
    secret: options.rootSecret,
  };
}

function openStorage(options: StorageOptions): Promise<OpenedStore> {
  switch (options.kind) {
    case "memory":
      return openMemory();
    case "embedded":
      return openEmbedded(options);
    case "postgres":
      return openPostgres(options);
  }
}

function reportToStandardError(error: unknown, what: string): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`kumobako: ${what}: ${text}\n`);
}
