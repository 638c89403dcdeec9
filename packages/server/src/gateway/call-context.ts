import type { Authorizer } from "../identity/authorizer.ts";
import type { Decision } from "../identity/decision.ts";
import type { Directory } from "../identity/directory.ts";
import type { Principal } from "../identity/principal.ts";
import { partitionOf, type AccountId, type Region } from "../kernel/arn.ts";
import { newUniqueId, newUuid, type IdKind } from "../kernel/ids.ts";
import type { Transaction } from "../kernel/table.ts";
import type { Access } from "../service/access.ts";
import type { Context, RequestFacts } from "../service/context.ts";
import type { Blobs } from "../store/blobs.ts";
import type { Sealer } from "../store/sealer.ts";
import type { Timers } from "../clock/timers.ts";
import { accessDenied } from "./failure.ts";
import type { Exchange } from "./exchange.ts";

/** What all calls of one cloud share. */
export interface CallSurroundings {
  readonly authorizer: Authorizer;
  readonly directory: Directory;
  readonly blobs: (tx: Transaction) => Blobs;
  readonly keys: Sealer;
  readonly timers: Timers;
  readonly now: () => number;
}

/** The context of one call inside one transaction. */
export class CallContext implements Context {
  readonly tx: Transaction;
  readonly #exchange: Exchange;
  readonly #around: CallSurroundings;
  #blobs: Blobs | undefined;
  #request: RequestFacts | undefined;

  constructor(exchange: Exchange, tx: Transaction, around: CallSurroundings) {
    this.#exchange = exchange;
    this.#around = around;
    this.tx = tx.in({ account: exchange.caller.account, region: exchange.caller.region });
  }

  get account(): AccountId {
    return this.#exchange.caller.account;
  }
  get region(): Region {
    return this.#exchange.caller.region;
  }
  get partition(): string {
    return partitionOf(this.region);
  }
  get requestId(): string {
    return this.#exchange.requestId;
  }
  get principal(): Principal {
    return this.#exchange.caller.principal;
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
  get request(): RequestFacts {
    return (this.#request ??= factsOf(this.#exchange));
  }

  now(): Date {
    return new Date(this.#around.now());
  }

  newId(kind?: IdKind): string {
    return kind === undefined ? newUuid() : newUniqueId(kind);
  }

  async decide(access: Access): Promise<Decision> {
    const decision = await this.#around.authorizer.decide(access, this);
    this.#exchange.questions.push({ access, decision });
    return decision;
  }

  async require(access: Access): Promise<void> {
    const decision = await this.decide(access);
    if (decision.decision === "deny") throw accessDenied(decision, this.#exchange);
  }

  at(dueMs: number, job: string, key: string, payload?: unknown): void {
    const { account, region } = this;
    const service = this.#exchange.target.service.name;
    this.#around.timers.set(this.tx, { dueMs, account, region, service, job, key, payload });
  }

  cancel(job: string, key: string): void {
    const { account, region } = this;
    this.#around.timers.cancel(this.tx, { account, region, service: this.#exchange.target.service.name, job, key });
  }
}

function factsOf(exchange: Exchange): RequestFacts {
  const { arrival, origin } = exchange;
  return {
    endpoint: `${arrival.secure ? "https" : "http"}://${arrival.headers["host"] ?? "localhost"}`,
    sourceIp: origin.sourceIp,
    userAgent: arrival.headers["user-agent"],
    secureTransport: arrival.secure,
    headers: arrival.headers,
    get body() {
      return exchange.stream;
    },
    get trailers() {
      return exchange.trailers;
    },
  };
}
