/** What the parts of a cloud are made of, and how they know each other. */
import { VirtualClock } from "./clock/virtual-clock.ts";
import { Audiences } from "./events/audience.ts";
import { Journal } from "./events/journal.ts";
import type { Measures } from "./events/measures.ts";
import type { Cloud } from "./gateway/cloud.ts";
import { recordOfDenial } from "./gateway/denial.ts";
import { functionLogWriter } from "./gateway/function-log.ts";
import { measuring } from "./gateway/measured.ts";
import { asAsked, findOperation, renamed, unknownMember } from "./gateway/named-call.ts";
import { Polls } from "./gateway/polls.ts";
import { Authorizer } from "./identity/authorizer.ts";
import { CredentialResolver, PUBLIC_ROOT_SECRET } from "./identity/credentials/resolve.ts";
import { ClosedAccounts } from "./identity/closed-accounts.ts";
import type { Directory } from "./identity/directory.ts";
import type { ShareFacts } from "./identity/sharing.ts";
import { SignatureVerifier } from "./identity/sigv4/verify.ts";
import { asRegion, parseAccountId, type AccountId } from "./kernel/arn.ts";
import { assert } from "./kernel/assert.ts";
import { requestIdMaker } from "./kernel/ids.ts";
import { once } from "./kernel/once.ts";
import { NOWHERE } from "./kernel/table.ts";
import { lazyDirectory } from "./lazy-directory.ts";
import { LazyFunctions } from "./lazy-functions.ts";
import { lazyFederation } from "./lazy-federation.ts";
import { lazyOutward } from "./lazy-outward.ts";
import { lazyPolicied } from "./lazy-policied.ts";
import { lazySharing } from "./lazy-sharing.ts";
import { SERVICES } from "./services.ts";
import { startDigestBeside } from "./store/digest/digests.ts";
import { type OpenedStore } from "./store/drivers/open.ts";
import type { Sealer } from "./store/sealer.ts";
import type { CloudOptions } from "./main.ts";

/** About 20 MB. */
const RECORDS_IN_MEMORY_MAX = 20_000;
const DEFAULT_ACCOUNT = "000000000000" as AccountId;
const DEFAULT_REGION = asRegion("us-east-1");

interface ClosableCloud extends Cloud {
  readonly polls: Polls;
  readonly measures: Measures;
  readonly functions: LazyFunctions;
}

interface Opened extends OpenedStore {
  readonly audiences: Audiences;
  readonly report: Cloud["report"];
}

export function assemble(
  options: CloudOptions,
  { store, blobStore, sealer, audiences, report }: Opened,
  clock: VirtualClock,
): ClosableCloud {
  const account = options.account === undefined ? DEFAULT_ACCOUNT : parseAccountId(options.account);
  assert(account !== undefined, "an account id has twelve digits");
  const directory = lazyDirectory(once(() => loadDirectory(sealer)));
  const closed = new ClosedAccounts(store);
  const service = (id: string) => options.services?.[id] ?? SERVICES[id]?.();
  const now = () => clock.now();
  const rootSecret = options.rootSecret ?? PUBLIC_ROOT_SECRET;
  const auth = options.auth ?? "enforced";
  const cloud: ClosableCloud = {
    ...measuring(() => cloud),
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
      audiences,
      onLoss: (cause) => report(cause, "the journal"),
      recordsMax: options.recordsMax ?? (options.storage.kind === "memory" ? RECORDS_IN_MEMORY_MAX : undefined),
    }),
    recorded: {
      find: (query) => cloud.journal.page(query),
      batch: (key) => cloud.journal.batch(key),
    },
    audiences,
    functions: new LazyFunctions({
      now,
      report: (cause) => report(cause, "a function's process"),
      writeLog: (...written) => functionLogWriter(cloud)(...written),
    }),
    outward: lazyOutward(options.outward ?? "loopback"),
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
    operations: { find: (name, action) => findOperation(name, action, { service }), unknownMember, renamed },
    namedCall: asAsked,
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
