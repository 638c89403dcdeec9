/** The control API of a running server, `docs/reference/control-api.md`, as a client sees it. */
import { Failure } from "./failure.ts";

export interface ClockState {
  readonly now: string;
  readonly offsetSeconds: number;
  readonly frozen: boolean;
}

export interface Health {
  readonly status: string;
  readonly version: string;
  readonly account: string;
  readonly endpoint: string;
  readonly store: string;
  readonly clock: ClockState;
  readonly pid: number;
}

export interface CallView {
  readonly requestId: string;
  readonly at: string;
  readonly service: string;
  readonly operation: string;
  readonly userIdentity: { readonly type: string; readonly arn?: string };
  readonly error?: { readonly code: string; readonly message: string };
  readonly decisions: readonly {
    readonly decision: "allow" | "deny";
    readonly action: string;
    readonly resource: string;
  }[];
}

export interface DecisionsQuery {
  readonly limit?: number | undefined;
  readonly principal?: string | undefined;
  readonly action?: string | undefined;
  readonly decision?: string | undefined;
  /** ISO 8601. */
  readonly since?: string | undefined;
}

export interface MessageView {
  readonly at: string;
  readonly kind: "email" | "sms" | "push";
  readonly from: string;
  readonly to: string;
  readonly subject?: string;
  readonly text: string;
  /** Of notifications for devices. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface ReplayOrder {
  readonly as: string;
  readonly target: string;
  /** The policy's text. */
  readonly policy: string;
  readonly name: string;
  readonly replaces?: string | undefined;
  /** ISO 8601. */
  readonly since?: string | undefined;
  readonly calls: boolean;
}

interface ReplayOutcome {
  readonly principal: string;
  readonly action: string;
  readonly from: "allow" | "deny";
  readonly to: "allow" | "deny";
}

export interface ReplayChange extends ReplayOutcome {
  readonly requestId: string;
  readonly at: string;
  readonly resource: string;
}

export interface ReplayGroup extends ReplayOutcome {
  readonly decisions: number;
  readonly example: { readonly requestId: string; readonly resource: string };
  readonly explanation: string;
}

export interface ReplaySummary {
  readonly calls: number;
  readonly decisions: number;
  readonly touched: number;
  readonly changed: number;
  readonly unlike: number;
  readonly unreadable: number;
  readonly ungrouped: number;
}

/** One line of the answer. */
export interface ReplayLine {
  readonly progress?: { readonly decisions: number; readonly share: number };
  readonly change?: ReplayChange;
  readonly group?: ReplayGroup;
  readonly summary?: ReplaySummary;
}

/** What a service sent. */
export interface EventView {
  readonly at: string;
  readonly service: string;
  /** An ARN. */
  readonly to: string;
  readonly attempts: number;
  readonly error?: string;
  readonly state: "under way" | "given up" | "arrived";
  readonly content:
    | { readonly kind: "message"; readonly text: string }
    | { readonly kind: "event"; readonly detailType: string; readonly detail: object };
}

export interface TokenOrder {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly seconds?: number | undefined;
}

export interface AccessTokenOrder {
  readonly provider: string;
  readonly subject: string;
  readonly application: string;
  readonly client?: string | undefined;
  readonly seconds?: number | undefined;
}

export interface AssertionOrder {
  readonly subject: string;
  readonly sessionName?: string | undefined;
  readonly roles: readonly { readonly roleArn: string; readonly providerArn: string }[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly seconds?: number | undefined;
}

const HEALTH_TIMEOUT_MS = 3000;
const REMEDY = "start one with `kumobako start`, or name another with --endpoint or --port";

export class ControlClient {
  readonly endpoint: string;
  readonly #secret: string | undefined;

  /** `secret` is shown to a server that is bound beyond loopback. */
  constructor({ endpoint, secret }: { readonly endpoint: string; readonly secret: string | undefined }) {
    this.endpoint = endpoint.replace(/\/+$/, "");
    this.#secret = secret;
  }

  health = (): Promise<Health> => this.#call("GET", "health", { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
  reset = (): Promise<object> => this.#call("POST", "reset");
  clock = (): Promise<ClockState> => this.#call("GET", "clock");
  advanceClock = (seconds: number): Promise<ClockState> => this.#call("POST", "clock/advance", { body: { seconds } });
  freezeClock = (): Promise<ClockState> => this.#call("POST", "clock/freeze");
  resumeClock = (): Promise<ClockState> => this.#call("POST", "clock/resume");

  decisions(query: DecisionsQuery): Promise<{ readonly decisions: readonly CallView[] }> {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    return this.#call("GET", `decisions?${new URLSearchParams(given).toString()}`);
  }

  decision = (requestId: string): Promise<CallView & { readonly explanation: string }> =>
    this.#call("GET", `decisions/${encodeURIComponent(requestId)}`);

  outbox = (limit: number): Promise<{ readonly messages: readonly MessageView[] }> =>
    this.#call("GET", `outbox?limit=${limit}`);

  events = (limit: number): Promise<{ readonly events: readonly EventView[] }> =>
    this.#call("GET", `events?limit=${limit}`);

  /** Line by line, as the server goes on. */
  async *replay(order: ReplayOrder): AsyncGenerator<ReplayLine, void> {
    const { body } = await this.#answer("POST", "replay", { body: order });
    let rest = "";
    try {
      for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) yield JSON.parse(line);
      }
    } catch {
      throw new Failure("failed", `${this.endpoint} broke its answer off`);
    }
  }

  issueToken = (order: TokenOrder): Promise<{ readonly token: string }> =>
    this.#call("POST", "idp/issue", { body: order });
  issueAccessToken = (order: AccessTokenOrder): Promise<{ readonly token: string }> =>
    this.#call("POST", "idp/login/issue", { body: order });
  issueAssertion = (order: AssertionOrder): Promise<{ readonly response: string }> =>
    this.#call("POST", "idp/saml/issue", { body: order });
  samlMetadata = (): Promise<string> => this.#text("GET", "idp/saml/metadata");
  rotateIdpKey = (): Promise<{ readonly keyId: string }> => this.#call("POST", "idp/rotate");

  /** The answer's form is the server's promise. */
  async #call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const text = await this.#text(method, path, options);
    try {
      return JSON.parse(text);
    } catch {
      throw new Failure("notRunning", `what answers at ${this.endpoint} is no Kumobako`, REMEDY);
    }
  }

  async #text(method: string, path: string, options: CallOptions = {}): Promise<string> {
    return (await this.#answer(method, path, options)).text();
  }

  /** A status other than 200 is a failure with the server's words. */
  async #answer(method: string, path: string, { body, signal }: CallOptions): Promise<Response> {
    if (!/^https?:$/.test(URL.parse(this.endpoint)?.protocol ?? "")) {
      throw new Failure("usage", `\`${this.endpoint}\` is no endpoint`, "one is like http://localhost:4566");
    }
    const response = await fetch(`${this.endpoint}/_kumobako/${path}`, {
      method,
      headers: {
        ...(body && { "content-type": "application/json" }),
        ...(this.#secret !== undefined && { authorization: `Bearer ${this.#secret}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    }).catch(() => {
      throw new Failure("notRunning", `no Kumobako answers at ${this.endpoint}`, REMEDY);
    });
    if (response.ok) return response;
    const text = await response.text();
    throw new Failure("failed", errorOf(text) ?? `${this.endpoint} answered ${response.status} to ${method} ${path}`);
  }
}

interface CallOptions {
  readonly body?: object;
  readonly signal?: AbortSignal;
}

function errorOf(text: string): string | undefined {
  try {
    const { error }: { readonly error?: unknown } = JSON.parse(text);
    return typeof error === "string" ? error : undefined;
  } catch {
    // Another program's answer: the status has to do.
    return undefined;
  }
}
