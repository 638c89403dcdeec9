/** The composition root: the only place that picks store, clock and services. */
import type { Arrival } from "./gateway/arrival.ts";
import { Timers } from "./clock/timers.ts";
import { VirtualClock } from "./clock/virtual-clock.ts";
import { Journal } from "./events/journal.ts";
import { newestDeliveries, type KeptDelivery } from "./events/delivery.ts";
import { newestMessages, type PostedMessage } from "./events/outbox.ts";
import type { Cloud } from "./gateway/cloud.ts";
import { recordOfDenial } from "./gateway/denial.ts";
import { control, isControl, type ControlParts, type IdentityProvider } from "./gateway/control.ts";
import { answerProbe, isHealthProbe, type ProbeFacts } from "./gateway/health-probe.ts";
import { answerPreflight, isPreflight } from "./gateway/cross-origin.ts";
import { jobRunner } from "./gateway/job.ts";
import { DRAIN_SECONDS_MAX, HEAD_SECONDS_MAX } from "./gateway/limits.ts";
import { listen } from "./gateway/listener.ts";
import { answerOptions } from "./gateway/page-rules.ts";
import { answer } from "./gateway/pipeline.ts";
import { Polls } from "./gateway/polls.ts";
import type { ReplayLine } from "./gateway/replay.ts";
import type { ReplayOrder } from "./gateway/replay-order.ts";
import { answerSite } from "./gateway/site.ts";
import { Authorizer } from "./identity/authorizer.ts";
import { CredentialResolver } from "./identity/credentials/resolve.ts";
import { ClosedAccounts } from "./identity/closed-accounts.ts";
import type { Directory } from "./identity/directory.ts";
import type { ShareFacts } from "./identity/sharing.ts";
import { SignatureVerifier } from "./identity/sigv4/verify.ts";
import { asRegion, parseAccountId, type AccountId } from "./kernel/arn.ts";
import { assert } from "./kernel/assert.ts";
import { requestIdMaker } from "./kernel/ids.ts";
import { isLoopbackHost } from "./kernel/loopback.ts";
import { once, onceThere } from "./kernel/once.ts";
import type { Soon } from "./kernel/soon.ts";
import { NOWHERE } from "./kernel/table.ts";
import { lazyDirectory } from "./lazy-directory.ts";
import { lazyFederation, requireGuardedProviders } from "./lazy-federation.ts";
import { lazyPolicied } from "./lazy-policied.ts";
import { lazySharing } from "./lazy-sharing.ts";
import type { WireResponse } from "./protocol/protocol.ts";
import type { Service } from "./service/service.ts";
import { siteOf } from "./sites.ts";
import { BlobSweep } from "./store/blob-sweep.ts";
import { startDigestBeside } from "./store/digest/digests.ts";
import { openEmbedded, openMemory, openPostgres, type Durability, type OpenedStore } from "./store/drivers/open.ts";
import type { Sealer } from "./store/sealer.ts";
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
  /** The newest mails and text messages that services sent, newest first. */
  outbox(limit: number): Promise<readonly PostedMessage[]>;
  /** What services send to queues, topics, functions and event buses and did not arrive yet, or never will; newest first. */
  deliveries(limit: number): Promise<readonly KeptDelivery[]>;
  /** Recorded decisions taken again with a proposed policy. */
  replay(order: ReplayOrder): AsyncIterable<ReplayLine>;
  /** The test identity provider. */
  readonly identityProvider: IdentityProvider;
  reset(): Promise<void>;
  /** Lets calls that wait for something, as for a message, answer now. */
  stopWaiting(): void;
  close(): Promise<void>;
}

/** The services that are built, each loaded on first use. */
export const SERVICES: Readonly<Record<string, () => Soon<Service>>> = {
  accessanalyzer: onceThere(async () => (await import("./services/accessanalyzer/index.ts")).accessanalyzer),
  "cognito-identity": onceThere(async () => (await import("./services/cognito-identity/index.ts")).cognitoIdentity),
  "cognito-identity-provider": onceThere(
    async () => (await import("./services/cognito-identity-provider/index.ts")).cognitoIdentityProvider,
  ),
  glacier: onceThere(async () => (await import("./services/glacier/index.ts")).glacier),
  iam: onceThere(async () => (await import("./services/iam/index.ts")).iam),
  identitystore: onceThere(
    async () => (await import("./services/identity-center/identitystore/index.ts")).identitystore,
  ),
  kms: onceThere(async () => (await import("./services/kms/index.ts")).kms),
  organizations: onceThere(async () => (await import("./services/organizations/index.ts")).organizations),
  ram: onceThere(async () => (await import("./services/ram/index.ts")).ram),
  rolesanywhere: onceThere(async () => (await import("./services/rolesanywhere/index.ts")).rolesanywhere),
  s3: onceThere(async () => (await import("./services/s3/index.ts")).s3),
  "s3-control": onceThere(async () => (await import("./services/s3/control/index.ts")).s3Control),
  "secrets-manager": onceThere(async () => (await import("./services/secrets-manager/index.ts")).secretsManager),
  signin: onceThere(async () => (await import("./services/signin/index.ts")).signin),
  sqs: onceThere(async () => (await import("./services/sqs/index.ts")).sqs),
  ssm: onceThere(async () => (await import("./services/ssm/index.ts")).ssm),
  sso: onceThere(async () => (await import("./services/identity-center/sso/index.ts")).sso),
  "sso-admin": onceThere(async () => (await import("./services/identity-center/sso-admin/index.ts")).ssoAdmin),
  "sso-oidc": onceThere(async () => (await import("./services/identity-center/sso-oidc/index.ts")).ssoOidc),
  sts: onceThere(async () => (await import("./services/sts/index.ts")).sts),
};

const PROBE_FACTS: ProbeFacts = { version: packageFacts.version, services: Object.keys(SERVICES) };

/** IAM's answers and those of Organizations: neither service knows the other. */
async function loadDirectory(sealer: Sealer): Promise<Directory> {
  const [{ iamDirectory }, { organizationFacts }] = await Promise.all([
    import("./services/iam/directory.ts"),
    import("./services/organizations/facts.ts"),
  ]);
  return iamDirectory(sealer, organizationFacts());
}

async function loadShareFacts(directory: Directory): Promise<ShareFacts> {
  const { shareFacts } = await import("./services/ram/facts.ts");
  return shareFacts(directory);
}

/** About 20 MB. */
const RECORDS_IN_MEMORY_MAX = 20_000;
const DEFAULT_PORT = 4566;
const DEFAULT_ACCOUNT = "000000000000" as AccountId;
const DEFAULT_REGION = asRegion("us-east-1");
const DEFAULT_ROOT_SECRET = "test";

export async function openCloud(options: CloudOptions): Promise<OpenCloud> {
  requireGuardedProviders(options.loginProviders);
  const stored = await openStorage(options.storage);
  const clock = await VirtualClock.open(stored.store);
  const cloud = assemble(options, stored, clock);
  const { store, journal, report } = cloud;
  const sweep = new BlobSweep({ ...stored, report: (error) => report(error, "the sweep of bodies") });
  sweep.start();
  const timers = new Timers({ store, clock, run: jobRunner(cloud), report: (error) => report(error, "a timer") });
  return {
    clock,
    account: cloud.defaultAccount,
    journal,
    async reset() {
      await journal.flush();
      await store.reset();
      journal.forget();
      cloud.directory.emptied();
      await clock.refresh();
      sweep.afterReset();
    },
    answer: (arrival) => {
      if (isPreflight(arrival)) return Promise.resolve(answerPreflight());
      const site = siteOf(arrival);
      if (site !== undefined) return answerSite(arrival, site, cloud);
      return arrival.method === "OPTIONS" ? answerPageOrCall(arrival, cloud) : answer(arrival, cloud);
    },
    outbox: (limit) => store.transact(NOWHERE, (tx) => newestMessages(limit, tx)),
    deliveries: (limit) => store.transact(NOWHERE, (tx) => newestDeliveries(limit, tx)),
    async *replay(order) {
      const { replayCalls } = await import("./gateway/replay.ts");
      yield* replayCalls(order, cloud);
    },
    async identityProvider(request) {
      const { identityProvider } = await import("./idp/identity-provider.ts");
      return identityProvider({ ...stored, clock })(request);
    },
    stopWaiting: () => cloud.polls.end(),
    async close() {
      cloud.polls.end();
      await timers.close();
      await sweep.close();
      await journal.flush();
      await store.close();
    },
  };
}

/** What a browser asks in advance of a service that has rules for pages; any other request is a call. */
const answerPageOrCall = async (arrival: Arrival, cloud: Cloud): Promise<WireResponse> =>
  (await answerOptions(arrival, cloud)) ?? answer(arrival, cloud);

interface ClosableCloud extends Cloud {
  readonly polls: Polls;
}

function assemble(
  options: CloudOptions,
  { store, blobStore, sealer }: OpenedStore,
  clock: VirtualClock,
): ClosableCloud {
  const report = options.report ?? reportToStandardError;
  const account = options.account === undefined ? DEFAULT_ACCOUNT : parseAccountId(options.account);
  assert(account !== undefined, "an account id has twelve digits");
  const directory = lazyDirectory(once(() => loadDirectory(sealer)));
  const closed = new ClosedAccounts(store);
  const service = (id: string) => options.services?.[id] ?? SERVICES[id]?.();
  const now = () => clock.now();
  const rootSecret = options.rootSecret ?? DEFAULT_ROOT_SECRET;
  const auth = options.auth ?? "enforced";
  const cloud: ClosableCloud = {
    polls: new Polls({ store, clock }),
    federation: lazyFederation({ store, sealer, clock, directory, loginProviders: options.loginProviders }),
    policied: lazyPolicied({ services: () => Object.keys({ ...SERVICES, ...options.services }), service }),
    sharing: lazySharing({ load: once(() => loadShareFacts(directory)), service }),
    clock,
    store,
    journal: new Journal({
      store,
      scope: NOWHERE,
      now,
      onLoss: (cause) => report(cause, "the journal"),
      recordsMax: options.recordsMax ?? (options.storage.kind === "memory" ? RECORDS_IN_MEMORY_MAX : undefined),
    }),
    recorded: { find: (query) => cloud.journal.page(query) },
    newRequestId: requestIdMaker(),
    directory,
    now,
    report,
    keys: sealer,
    blobs: (tx) => blobStore.bind(tx),
    verifier: new SignatureVerifier({ clock, startDigest: startDigestBeside }),
    credentials: new CredentialResolver({
      clock,
      sealer,
      directory,
      closed,
      defaultAccount: account,
      rootSecret,
      auth,
    }),
    authorizer: new Authorizer({ directory, closed }),
    service,
    callInside: async (asked, from, tx) => {
      const inner = await import("./gateway/inner-call.ts");
      return inner.callInside(asked, { from, tx, note: (record) => from.madeInside(record) }, cloud);
    },
    denialOf: (given, call) => recordOfDenial(given, call, cloud),
    defaultAccount: account,
    defaultRegion: DEFAULT_REGION,
  };
  return cloud;
}

export interface ServerOptions extends Omit<CloudOptions, "storage"> {
  /** 4566 where left out; 0: any free port. */
  readonly port?: number | undefined;
  /** `127.0.0.1` where left out. */
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
  const host = options.host ?? "127.0.0.1";
  if (!isLoopbackHost(host)) requireGuarded(host, options);
  const cloud = await openCloud({ ...options, storage: storageOf(options) });
  try {
    const listening = await listen({
      host,
      port: options.port ?? DEFAULT_PORT,
      answer: (arrival) => {
        if (isControl(arrival)) return control(arrival, parts);
        return isHealthProbe(arrival) ? answerProbe(arrival, PROBE_FACTS) : cloud.answer(arrival);
      },
      certificate: async () => {
        const { loadCertificate } = await import("./gateway/certificate.ts");
        return loadCertificate({ directory: options.dataDirectory, now: new Date(cloud.clock.realNow()) });
      },
      drainSecondsMax: DRAIN_SECONDS_MAX,
      headSecondsMax: HEAD_SECONDS_MAX,
    });
    const endpoint = `http://${host.includes(":") ? `[${host}]` : host}:${listening.port}`;
    const parts = controlParts(cloud, { options, endpoint, host });
    const { port } = listening;
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
    deliveries: (limit) => cloud.deliveries(limit),
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
