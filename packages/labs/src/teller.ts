import { commandLine } from "./command-line.ts";
import { Browser } from "./browser.ts";
import { Directory } from "./directory.ts";
import { orderOf } from "./identity-provider.ts";
import type {
  Actor,
  Credentials,
  DeedBody,
  Expectation,
  ReplayedGroup,
  ReplayOrder,
  StepBody,
  StepReport,
  Teller,
  Vouching,
} from "./lab.ts";
import { send, type OperationFor, type OutputFor, type ServiceName } from "./service-call.ts";
import type { Person } from "./slapd.ts";

export interface TellerParts {
  readonly endpoint: string;
  readonly suffix: string;
  /** The secret of root users. */
  readonly rootSecret: string;
  readonly onStep: (report: StepReport) => void;
  /** Where programs are looked for, instead of where systems keep them. */
  readonly programFolders?: readonly string[] | undefined;
}

const WITHOUT_DIRECTORY = "needs OpenLDAP's server, which this machine has not: `apt-get install slapd ldap-utils`";

/** Tells a story against a running cloud: the calls through the official SDK, the clock through the control API. */
export class CloudTeller implements Teller {
  readonly suffix: string;
  readonly endpoint: string;
  readonly #rootSecret: string;
  readonly #onStep: (report: StepReport) => void;
  readonly #programFolders: readonly string[] | undefined;
  #number = 0;

  constructor({ endpoint, suffix, rootSecret, onStep, programFolders }: TellerParts) {
    this.endpoint = endpoint.replace(/\/$/, "");
    this.suffix = suffix;
    this.#rootSecret = rootSecret;
    this.#onStep = onStep;
    this.#programFolders = programFolders;
  }

  account(letter: "A" | "B" | "C"): string {
    const lead = { A: "1111", B: "2222", C: "3333" }[letter];
    let hash = 7;
    for (const character of this.suffix) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 100_000_000;
    return lead + String(hash).padStart(8, "0");
  }

  root(account: string): Actor {
    return { name: `root of ${account}`, credentials: { accessKeyId: account, secretAccessKey: this.#rootSecret } };
  }

  actor(name: string, credentials: Credentials): Actor {
    return { name, credentials };
  }

  async step<S extends ServiceName, Name extends OperationFor<S>>(
    body: StepBody<S, Name>,
  ): Promise<OutputFor<S, Name>> {
    const { as, call, does, input } = body;
    const [service, operation] = call;
    const command = commandLine(service, operation, shown(input));
    const told = { does, as: as.name, command };
    const order = { service, operation, input, endpoint: this.endpoint, region: as.region ?? "us-east-1" };
    try {
      const output = (await send({ ...order, credentials: as.credentials })) as OutputFor<S, Name>;
      this.#judge(told, body.expect, { output });
      return output;
    } catch (error) {
      this.#judge(told, body.expect, { error });
      return {} as OutputFor<S, Name>;
    }
  }

  get issuer(): string {
    return `${this.endpoint}/_kumobako/idp`;
  }

  async vouch(does: string, vouching: Vouching): Promise<string> {
    const { command, method, path, body, read } = orderOf(vouching);
    const text = await this.#control(method, path, body);
    this.#tell({ does, as: "the identity provider", command, outcome: "vouched", status: "passed" });
    return read(text);
  }

  async deed<Output>({ does, as, command, act, expect }: DeedBody<Output>): Promise<Output | undefined> {
    const told = { does, as, command };
    try {
      const output = await act();
      this.#judge(told, expect, { output });
      return output;
    } catch (error) {
      this.#judge(told, expect, { error });
      return undefined;
    }
  }

  browser(): Browser {
    return new Browser(this.endpoint);
  }

  async directory(does: string, people: readonly Person[]): Promise<Directory | undefined> {
    const told = { does, as: "the company", command: "slapd -f slapd.conf -h ldap://127.0.0.1:PORT" };
    try {
      const directory = await Directory.start(people, this.#programFolders);
      if (directory === undefined) this.notRun(does, WITHOUT_DIRECTORY);
      else this.#judge(told, { outcome: "succeeds" }, { output: directory });
      return directory;
    } catch (error) {
      this.#judge(told, { outcome: "succeeds" }, { error });
      return undefined;
    }
  }

  async recordedCalls(action: string, principal: string): Promise<readonly string[]> {
    const query = new URLSearchParams({ action, principal, limit: "1000" });
    const { decisions }: { readonly decisions: readonly { readonly requestId: string }[] } = JSON.parse(
      await this.#control("GET", `decisions?${query}`),
    );
    return decisions.map(({ requestId }) => requestId);
  }

  async replay(order: ReplayOrder): Promise<readonly ReplayedGroup[]> {
    const lines = (await this.#control("POST", "replay", order)).trim().split("\n");
    return lines.flatMap((line) => {
      const { group }: { readonly group?: ReplayedGroup } = JSON.parse(line);
      return group ?? [];
    });
  }

  async wait(does: string, seconds: number): Promise<void> {
    await this.#control("POST", "clock/advance", { seconds });
    this.#tell({
      does,
      as: "time",
      command: `kumobako clock advance ${seconds}s`,
      outcome: "passed by",
      status: "passed",
    });
  }

  async now(): Promise<Date> {
    const { now }: { readonly now: string } = JSON.parse(await this.#control("GET", "clock"));
    return new Date(now);
  }

  notBuilt(does: string, needs: string): void {
    this.#tell({ does, as: "", command: "", outcome: `needs ${needs}, which is not built yet`, status: "not-built" });
  }

  notRun(does: string, why: string): void {
    this.#tell({ does, as: "", command: "", outcome: why, status: "not-run" });
  }

  #judge<Output>(
    told: Pick<StepReport, "does" | "as" | "command">,
    expected: Expectation<Output>,
    happened: { readonly output: Output } | { readonly error: unknown },
  ): void {
    if ("output" in happened) {
      const wrong = expected.outcome === "refused" ? wanted(expected) : expected.check?.(happened.output);
      this.#tell({ ...told, outcome: "succeeded", ...verdict(wrong), ...idOf(happened.output) });
      return;
    }
    const { name, message } = happened.error instanceof Error ? happened.error : { name: "Error", message: "unknown" };
    const code = codeOf(happened.error) ?? name;
    const wrong = expected.outcome === "refused" && fits(expected, code, message) ? undefined : wanted(expected);
    this.#tell({ ...told, outcome: `${code}: ${message}`, ...verdict(wrong), ...idOf(happened.error) });
  }

  #tell(report: Omit<StepReport, "number">): void {
    this.#number += 1;
    this.#onStep({ number: this.#number, ...report });
  }

  async #control(method: string, path: string, body?: object): Promise<string> {
    const response = await fetch(`${this.endpoint}/_kumobako/${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${this.#rootSecret}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`control call failed: ${method} ${path}: ${response.status}`);
    return await response.text();
  }
}

type Refused = Extract<Expectation<unknown>, { outcome: "refused" }>;

const fits = ({ code, because = "" }: Refused, actual: string, message: string): boolean =>
  actual === code && message.includes(because);

const wanted = (expected: { readonly outcome: "succeeds" } | Refused): string =>
  expected.outcome === "succeeds"
    ? "success"
    : expected.because === undefined
      ? expected.code
      : `${expected.code} saying "${expected.because}"`;

const verdict = (wrong: string | undefined) =>
  wrong === undefined ? ({ status: "passed" } as const) : ({ status: "failed", expected: wrong } as const);

/** A HEAD answer has no body, so the SDK can only name its status. */
const codeOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "Code" in error && typeof error.Code === "string"
    ? error.Code
    : undefined;

function idOf(value: unknown): { requestId?: string } {
  const { $metadata } = (value ?? {}) as { $metadata?: { requestId?: string } };
  return $metadata?.requestId === undefined ? {} : { requestId: $metadata.requestId };
}

/** The input as a person would type it: bodies by their size. */
function shown(input: unknown): object {
  return Object.fromEntries(
    Object.entries(input as object).map(([name, value]) => [name, name === "Body" ? "file.txt" : (value as unknown)]),
  );
}
