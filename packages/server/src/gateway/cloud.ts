import type { Clock } from "../clock/clock.ts";
import type { Journal } from "../events/journal.ts";
import type { CredentialResolver } from "../identity/credentials/resolve.ts";
import type { SignatureVerifier } from "../identity/sigv4/verify.ts";
import type { AccountId, Region } from "../kernel/arn.ts";
import type { Soon } from "../kernel/soon.ts";
import type { Service } from "../service/service.ts";
import type { Store } from "../store/store.ts";
import type { CallSurroundings } from "./call-context.ts";

/** All that the pipeline works with, made by the composition root. */
export interface Cloud extends CallSurroundings {
  readonly clock: Clock;
  readonly store: Store;
  readonly journal: Journal;
  readonly verifier: SignatureVerifier;
  readonly credentials: CredentialResolver;
  /** `undefined`: the service is known and not built. */
  readonly service: (modelId: string) => Soon<Service | undefined>;
  readonly defaultAccount: AccountId;
  readonly defaultRegion: Region;
  /** Hears of failures that are ours. */
  readonly report: (error: unknown, requestId: string) => void;
}
