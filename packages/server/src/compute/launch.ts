/** How an instance begins: its folder, its program and its environment. */
import { chmod, mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "../kernel/assert.ts";
import type { CodeArchive, InstanceSetup, InvocationOrder, LogEvent } from "../service/function-host.ts";
import { Channel } from "./channel.ts";
import { CodeStore } from "./code-store.ts";
import type { Conversation } from "./conversation.ts";
import { Instance } from "./instance.ts";
import { instanceVariable, Kin, SIGNS } from "./kin.ts";
import { MemoryWatch } from "./process-memory.ts";
import { startOf } from "./process-tree.ts";
import { commandOf, runtimeFolder, sdkFolder, runtimeOf, usualEnvironment, type RuntimeKind } from "./runtime.ts";
import { RuntimeApi } from "./runtime-api.ts";
import { probeSandbox, startIn, userOf, type Places, type SandboxedProcess, type SandboxKind } from "./sandbox.ts";
import { Standstill } from "./standstill.ts";

/** What all instances of a server stand on. */
export interface Ground {
  readonly folder: string;
  readonly code: CodeStore;
  readonly kind: SandboxKind;
}

/** Others may pass through it, and see nothing of what lies in it. */
const PASSABLE = 0o711;

/** Tells whose folder it is: of the process, and where the system tells when that began, of none that had its number before. */
function ownName(): string {
  const start = startOf(process.pid);
  return `kumobako-functions-${process.pid}-${start === undefined ? "" : `${start}-`}`;
}

/** Takes away what servers left that were killed. */
async function sweep(): Promise<void> {
  const place = await realpath(tmpdir());
  for (const name of await readdir(place)) {
    const [, pid, start] = /^kumobako-functions-(\d+)-(?:(\d+)-)?/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid), start)) await removeOwn(join(place, name));
  }
}

async function removeOwn(folder: string): Promise<void> {
  try {
    // by its own name: wherever a link of that name leads, others are at home
    await new Kin(folder, Object.values(SIGNS)).endAll();
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    // somebody else's stays, and another server may take it away at the same time
    if (!hasCode(error, "EPERM", "EACCES", "ENOTEMPTY")) throw error;
  }
}

/** In a container each server may have the same number. */
function isAlive(pid: number, start: string | undefined): boolean {
  const known = startOf(pid);
  if (start !== undefined && known !== undefined) return known === start;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // somebody else's is alive
    return hasCode(error, "EPERM");
  }
}

const hasCode = (error: unknown, ...codes: readonly unknown[]): boolean =>
  error instanceof Error && "code" in error && codes.includes(error.code);

export async function layGround(): Promise<Ground> {
  await sweep();
  // as the system names it, where the way there has links
  const folder = await realpath(await mkdtemp(join(tmpdir(), ownName())));
  await chmod(folder, PASSABLE);
  return { folder, code: new CodeStore(join(folder, "code")), kind: probeSandbox() };
}

export interface Launch {
  readonly setup: InstanceSetup;
  readonly order: Pick<InvocationOrder, "memoryMb">;
  readonly ground: Ground;
  /** Of all instances of the server, counted. */
  readonly number: number;
  readonly endpoint: string;
  readonly now: () => number;
  readonly writeLog: (events: readonly LogEvent[]) => Promise<void>;
  readonly written: () => void;
}

export interface Launched {
  readonly instance: Instance;
  readonly conversation: Conversation;
}

/** @throws {RuntimeMissingError} @throws {ArchiveError} */
export async function launch(ordered: Launch): Promise<Launched> {
  const { setup, order, ground, number, endpoint, now, writeLog, written } = ordered;
  const { kind } = ground;
  const runtime = runtimeOf(setup.runtime);
  const folder = join(ground.folder, `instance-${number}`);
  await using held = new AsyncDisposableStack();
  const task = await holdCode(ground.code, [setup.code], held);
  const opt = await holdCode(ground.code, setup.layers, held);
  await mkdir(folder, { mode: 0o755 });
  held.defer(() => rm(folder, { recursive: true, force: true }));
  const lang = runtime.kind === "provided" ? task : runtime.interpreter.folder;
  const api = runtime.kind === "provided" ? await RuntimeApi.open(userOf(kind, number)) : undefined;
  const child = startIn(kind, {
    folder,
    sources: {
      task,
      opt,
      runtime: runtimeFolder(runtime),
      lang,
      sdk: runtime.kind === "node" ? sdkFolder() : undefined,
    },
    number,
    temporaryMb: setup.temporaryMb,
    command: (places) => wrapped(commandOf(runtime, order.memoryMb, places), setup),
    environment: (places) => ({
      ...environmentOf({ setup, runtime, endpoint, address: api?.address }, places),
      ...(kind === "folder" && instanceVariable(folder)),
    }),
  });
  const runtimeVersion =
    runtime.kind === "provided" ? setup.runtime.replace("provided.", "") : runtime.interpreter.version;
  const kin = new Kin(folder, [kind === "folder" ? SIGNS.variable : SIGNS.root]);
  const memory = new MemoryWatch({ pid: child.pid, kin, limitMb: order.memoryMb });
  const standstill = kind === "folder" ? undefined : new Standstill({ pid: child.pid, kin });
  const parts = { process: child, setup, runtimeVersion, kin, memory, standstill, now, writeLog, written };
  const instance = new Instance({ ...parts, held: held.move() });
  if (runtime.kind === "provided" && !hasBootstrap(task, opt)) {
    const errorMessage = "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
    instance.initFailed(Buffer.from(JSON.stringify({ errorType: "Runtime.InvalidEntrypoint", errorMessage })));
  }
  api?.tell(instance);
  return { instance, conversation: api ?? channelOf(child, instance) };
}

/** Gives its folder, which is there for as long as `held` is. @throws {ArchiveError} */
async function holdCode(
  code: CodeStore,
  archives: readonly CodeArchive[],
  held: AsyncDisposableStack,
): Promise<string> {
  const unpacked = await code.hold(archives);
  held.defer(() => unpacked.release());
  return unpacked.folder;
}

const hasBootstrap = (...folders: readonly string[]): boolean =>
  folders.some((folder) => existsSync(join(folder, "bootstrap")));

function channelOf({ stdio }: SandboxedProcess, instance: Instance): Channel {
  const [, , , out, incoming] = stdio;
  assert(out !== null && out !== undefined && "write" in out, "descriptor 3 of the process is a pipe");
  assert(incoming !== null && incoming !== undefined && "read" in incoming, "descriptor 4 of the process is a pipe");
  return new Channel({ out, in: incoming }, instance);
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper */
function wrapped(command: readonly string[], { environment, runtime }: InstanceSetup): readonly string[] {
  const wrapper = environment["AWS_LAMBDA_EXEC_WRAPPER"];
  return wrapper === undefined || runtime.startsWith("provided") ? command : [wrapper, ...command];
}

interface Surroundings {
  readonly setup: InstanceSetup;
  readonly runtime: RuntimeKind;
  readonly endpoint: string;
  readonly address: string | undefined;
}

function environmentOf({ setup, runtime, endpoint, address }: Surroundings, places: Places) {
  return {
    ...usualEnvironment(runtime, places),
    AWS_ENDPOINT_URL: endpoint,
    ...setup.environment,
    // AWS's own, where nobody listens, as no Runtime API is needed
    AWS_LAMBDA_RUNTIME_API: address ?? "169.254.100.1:9001",
    LAMBDA_TASK_ROOT: places.task,
    LAMBDA_RUNTIME_DIR: places.runtime,
    _HANDLER: setup.handler,
  };
}
