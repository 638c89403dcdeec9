/** Where functions run, as the service of functions sees it: processes, of which it knows no more than this. */
import type { Principal } from "../identity/principal.ts";
import type { AccountId, Arn, Region } from "../kernel/arn.ts";

/** Where a function's processes write their lines, and as whom. */
export interface FunctionLog {
  readonly account: AccountId;
  readonly region: Region;
  readonly group: string;
  readonly stream: string;
  /** The session of the function's role: without its permission nothing is kept. */
  readonly writer: Principal;
}

export interface LogEvent {
  /** Virtual epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}

/** What an instance is made of. */
export interface InstanceSetup {
  /** `nodejs24.x`, `python3.13`, `provided.al2023` */
  readonly runtime: string;
  /** Of its version, as the log names it. */
  readonly runtimeArn: string;
  readonly handler: string;
  /** A zip file, and what it goes by: the same name is always the same content. */
  readonly code: CodeArchive;
  /** In the order in which they are laid over each other. */
  readonly layers: readonly CodeArchive[];
  /** All of what the process finds there, but for what only the host knows. */
  readonly environment: Readonly<Record<string, string>>;
  /** How much its `/tmp` holds. */
  readonly temporaryMb: number;
  readonly log: FunctionLog;
  /** Virtual epoch milliseconds: when its credentials are over. */
  readonly expiresAtMs: number;
}

export interface CodeArchive {
  readonly sha256: string;
  read(): Promise<Uint8Array>;
}

export interface InvocationOrder {
  /** Instances that go by the same name are interchangeable. */
  readonly pool: string;
  /** The function's ARN without a qualifier: its instances end together. */
  readonly group: string;
  /** The account and the region, in one word. */
  readonly account: string;
  /** At the most so many at a time of those that share a limit: a function's own, or its account's. */
  readonly concurrency: { readonly of: string; readonly max: number };
  readonly requestId: string;
  readonly functionArn: Arn;
  readonly version: string;
  readonly payload: Uint8Array;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly logFormat: "Text" | "JSON";
  /** The lowest level of the platform's own lines in JSON. */
  readonly systemLogLevel: "DEBUG" | "INFO" | "WARN";
  readonly clientContext?: string | undefined;
  readonly identity?: string | undefined;
  readonly traceId?: string | undefined;
  /** Whether the end of the log is wanted. */
  readonly tail: boolean;
  /** Takes the pieces of a streamed answer while they come. */
  readonly onPiece?: ((piece: Uint8Array, contentType: string) => void) | undefined;
  /** Called where a new instance is needed. */
  readonly setUp: () => Promise<InstanceSetup>;
}

/** What became of an invocation, as its process knows it. */
export interface Ended {
  readonly kind: "ended";
  readonly payload: Uint8Array;
  /** Of a streamed answer. */
  readonly contentType: string | undefined;
  /** `payload` says what failed. */
  readonly failed: boolean;
  /** The last 4 KB; empty unless asked for. */
  readonly tail: string;
  readonly durationMs: number;
  /** Present where the instance was new. */
  readonly initMs: number | undefined;
}

export type Invoked =
  | { readonly kind: "throttled" }
  /** The machine has nothing that runs it, or its code cannot be unpacked. */
  | { readonly kind: "unrunnable"; readonly lacks: "runtime" | "code"; readonly reason: string }
  | (Ended & { readonly together: Together });

/** How many were under way when an invocation began, itself included. */
export interface Together {
  readonly ofGroup: number;
  /** Of those that share its limit. */
  readonly sharing: number;
  readonly ofAccount: number;
}

export interface FunctionHost {
  /** Runs one invocation to its end: takes time, so in `receive` and errands only. */
  invoke(order: InvocationOrder): Promise<Invoked>;
  /** Has an instance ready; whether it is. */
  warm(order: Omit<InvocationOrder, "payload" | "requestId" | "tail" | "onPiece">): Promise<boolean>;
  /** How many invocations are under way of those that share a limit. */
  running(of: string): number;
  /** Ends what is idle of a group, and the rest when it has answered. */
  retire(group: string): void;
}
