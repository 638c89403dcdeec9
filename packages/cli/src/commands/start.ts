import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Failure } from "../failure.ts";
import { ControlClient } from "../control.ts";
import type { Session } from "../session.ts";
import { readNote, removeNote, writeNote } from "../state-directory.ts";

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  readonly memory?: boolean;
  readonly postgres?: string;
  readonly account: string;
  readonly auth: "enforced" | "permissive";
  readonly durability: "full" | "normal";
  readonly records?: number;
  readonly loginProviders?: string;
  readonly outward?: boolean;
  readonly detach?: boolean;
}

export interface Started {
  readonly endpoint: string;
  readonly pid: number;
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly data: string;
}

/** Runs the server in this process until it is asked to stop. */
export async function start(session: Session, options: StartOptions): Promise<void> {
  const { terminal, output, directory } = session;
  // also one who asks while it starts is heard
  const { stop } = terminal;
  refuseOpenHost(session, options);
  const { startServer } = await import("@kumobako/server");
  const server = await startServer({
    port: options.port,
    host: options.host,
    dataDirectory: options.memory ? undefined : directory.path,
    account: options.account,
    auth: options.auth,
    durability: options.durability,
    recordsMax: options.records,
    // set to nothing is not set
    loginProviders: options.loginProviders || undefined,
    outward: options.outward ? "everywhere" : "loopback",
    rootSecret: session.rootSecret,
    masterKey: masterKeyOf(terminal.env["KUMOBAKO_MASTER_KEY"]),
    postgresUrl: options.postgres,
  }).catch(async (error: unknown) => {
    throw isPortInUse(error) ? await portInUse(options) : designed(error);
  });
  // one that runs beside it, as for tests, does not hide the server of this directory
  if (!(await runningHere(session))) await writeNote(directory, { pid: process.pid, endpoint: server.endpoint });
  try {
    output.answer(started(session, options, server.endpoint), (value) => welcome(session, value));
    await aborted(stop);
    output.note("stopping");
  } finally {
    await server.close();
    removeNote(directory, process.pid);
  }
}

/** Base64, as it stands in the environment. */
const masterKeyOf = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : Buffer.from(text, "base64");

export function started(session: Session, options: StartOptions, endpoint: string, pid = process.pid): Started {
  return {
    endpoint,
    pid,
    account: options.account,
    accessKeyId: "test",
    secretAccessKey: session.rootSecret === undefined ? "test" : "the value of KUMOBAKO_ROOT_SECRET",
    region: "us-east-1",
    data: options.memory ? "in memory" : (options.postgres ?? session.directory.path),
  };
}

/** What a person needs to go on. */
export function welcome({ output, terminal, directory }: Session, value: Started): string {
  const row = (name: string, text: string) => `  ${output.style("dim", name.padEnd(12))}${text}`;
  const credentials = `${value.accessKeyId} / ${value.secretAccessKey}`;
  const which = readNote(directory)?.endpoint === value.endpoint ? "" : ` --endpoint ${quoted(value.endpoint)}`;
  const commands = [`eval "$(kumobako env${which})"`, "aws sts get-caller-identity", "kumobako lab run S01"];
  return [
    `${output.style(["bold", "green"], "Kumobako is running")} at ${output.style("bold", value.endpoint)}`,
    row("account", `${value.account}, region ${value.region}`),
    row("credentials", `${credentials} (the root user; others are issued by IAM and STS)`),
    row("state", value.data),
    "",
    "Try, in a terminal of this directory:",
    ...[...aliasOf(terminal), ...commands].map((command) => `  ${output.style("cyan", command)}`),
  ].join("\n");
}

/** To some shells, the brackets of an address are a pattern. */
const quoted = (endpoint: string): string => (endpoint.includes("[") ? `'${endpoint}'` : endpoint);

/** Where `kumobako` is no command of the shell, as in a clone of the repository, it has to become one. */
function aliasOf({ env }: Session["terminal"]): readonly string[] {
  const folders = (env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join("node_modules", ".bin")));
  if (folders.some((folder) => existsSync(join(folder, "kumobako")))) return [];
  return [`alias kumobako='${process.argv[1] ?? "kumobako"}'`];
}

/** Beyond this machine, `test`/`test` would be an open door, and any key at all another. */
export function refuseOpenHost({ rootSecret }: Session, { host, auth }: Pick<StartOptions, "host" | "auth">): void {
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/.test(host);
  if (isLoopback) return;
  if (auth === "permissive") {
    const message = `binding \`${host}\` with --auth permissive takes everybody on the network for the root user`;
    throw new Failure("usage", message, `kumobako start --host ${host}, or without --host`);
  }
  if (rootSecret !== undefined) return;
  throw new Failure(
    "usage",
    `binding \`${host}\` opens the server to other machines, and it has no root secret`,
    `KUMOBAKO_ROOT_SECRET="$(openssl rand -hex 20)" kumobako start --host ${host}`,
  );
}

/** The server's errors that a person is meant to see name their remedy; others are shown whole. */
function designed(error: unknown): unknown {
  if (!(error instanceof Error && "remedy" in error && typeof error.remedy === "string")) return error;
  return new Failure(error.name === "StoreInUseError" ? "taken" : "failed", error.message, error.remedy);
}

const isPortInUse = (error: unknown) => error instanceof Error && "code" in error && error.code === "EADDRINUSE";

async function portInUse({ port }: StartOptions): Promise<Failure> {
  const remedy = `kumobako start --port ${port + 1}`;
  const control = new ControlClient({ endpoint: `http://localhost:${port}`, secret: undefined });
  const health = await control.health().catch(() => undefined);
  return health === undefined
    ? new Failure("taken", `port ${port} is in use by another program`, `${remedy}, or find it with: lsof -i :${port}`)
    : new Failure("taken", `another Kumobako runs on port ${port}`, `kumobako stop, or ${remedy}`);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** The server of this directory that still runs. */
export async function runningHere({ directory }: Session): Promise<{ pid: number; endpoint: string } | undefined> {
  const note = readNote(directory);
  if (note === undefined) return undefined;
  const control = new ControlClient({ endpoint: note.endpoint, secret: undefined });
  const health = await control.health().catch(() => undefined);
  return health?.status === "running" && health.pid === note.pid ? note : undefined;
}
