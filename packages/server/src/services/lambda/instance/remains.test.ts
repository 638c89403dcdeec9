/** What functions leave on the machine, and that it goes. */
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PutProvisionedConcurrencyConfigCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { serviceTrust } from "../../../../test/service-policy.ts";
import { zipOf } from "../../../../test/zip.ts";
import { pauseAbout } from "../../../clock/pause.ts";
import { probeSandbox } from "../../../compute/sandbox.ts";

/** Those among this machine's processes that sleep so long. */
const sleepersOf = (seconds: string): readonly string[] =>
  readdirSync("/proc").filter((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, "latin1") === `sleep\0${seconds}\0`;
    } catch {
      return false;
    }
  });

/** Source: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html (State) */
const isStill = (pid: string): boolean => readFileSync(`/proc/${pid}/status`, "latin1").includes("\nState:\tT");

/** Begins a program, and then does what comes `after`. */
const sleeper = (detached: boolean, after: string) => `
  import { spawn } from "node:child_process";
  export const handler = async ({ seconds }) => {
    const child = spawn("sleep", [seconds], { detached: ${detached}, stdio: "ignore" });
    child.unref();
    await new Promise((resolve) => child.on("spawn", resolve));
    ${after}
  };`;

test("what a function began and left ends with it, whether in its group or not", async () => {
  const world = await functionWorld();
  const [together, apart] = [`${process.pid}.1`, `${process.pid}.2`];
  await world.create("exits", sleeper(false, "process.exit(3);"));
  await world.create("stays", sleeper(true, "return 1;"));
  expect((await world.invoke("exits", { seconds: together })).error).toBe("Unhandled");
  await expect.poll(() => sleepersOf(together)).toEqual([]);
  expect((await world.invoke("stays", { seconds: apart })).answer).toBe(1);
  expect(sleepersOf(apart)).toHaveLength(1);
  await world.cloud.cloud.close();
  await expect.poll(() => sleepersOf(apart)).toEqual([]);
});

/** A user that is nobody's, and not root. */
const USER = "54321";

/** Begins a program as a user who can make no namespaces: the programs that make them are not found there. */
const POORLY = [
  ...(process.getuid?.() === 0 ? ["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"] : []),
  "env",
  "PATH=/nowhere",
];

/** A server in a process of its own, begun so, which keeps its functions in `folder`. */
async function openServer(folder: string, begin: readonly string[] = POORLY) {
  const program = `
    const { startServer } = await import(${JSON.stringify(join(import.meta.dirname, "../../../main.ts"))});
    console.log((await startServer({ port: 0, host: "127.0.0.1" })).endpoint);`;
  const [command, ...rest] = [...begin, process.execPath, "--input-type=module", "-e", program];
  const env = { ...process.env, TMPDIR: folder };
  const server = spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"], env });
  const exited = once(server, "exit");
  const kill = async () => {
    server.kill("SIGKILL");
    await exited;
  };
  onTestFinished(kill);
  const [said] = await once(server.stdout.setEncoding("utf8"), "data");
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const usual = { region: "us-east-1", endpoint: String(said).trim(), credentials };
  const lambda = new LambdaClient(usual);
  const { Role } = await new IAMClient(usual).send(
    new CreateRoleCommand({ RoleName: "any", AssumeRolePolicyDocument: serviceTrust("lambda") }),
  );
  return {
    lambda,
    kill,
    async create(FunctionName: string, source: string) {
      const Code = { ZipFile: zipOf({ "index.mjs": source }) };
      const usually = { Runtime: "nodejs24.x", Handler: "index.handler", Timeout: 20, Role: Role?.Arn } as const;
      await lambda.send(new CreateFunctionCommand({ FunctionName, Code, ...usually }));
    },
    async invoke(FunctionName: string, event: unknown = {}): Promise<unknown> {
      const order = { FunctionName, Payload: Buffer.from(JSON.stringify(event)) };
      const { Payload = [] } = await lambda.send(new InvokeCommand(order));
      return JSON.parse(Buffer.from(Payload).toString("utf8"));
    },
  };
}

/** Where everybody may make folders. */
function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "remains-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o1777);
  return folder;
}

const answering = (answer: string) => `export const handler = async () => ${JSON.stringify(answer)};`;

test("code that no instance runs any more is not kept unpacked", async () => {
  const folder = openFolder();
  const server = await openServer(folder);
  await server.create("f", answering("old"));
  expect(await server.invoke("f")).toBe("old");
  const code = () => {
    const [own = "none"] = readdirSync(folder);
    return readdirSync(join(folder, own, "code")).flatMap((name) => readdirSync(join(folder, own, "code", name)));
  };
  expect(code()).toEqual(["index.mjs"]);
  const ZipFile = zipOf({ "index.mjs": answering("new") });
  await server.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "f", ZipFile }));
  await expect.poll(code).toEqual([]);
  expect(await server.invoke("f")).toBe("new");
  expect(code()).toEqual(["index.mjs"]);
  await server.lambda.send(new DeleteFunctionCommand({ FunctionName: "f" }));
  await expect.poll(code).toEqual([]);
});

test("code that fails each time is not unpacked each time, and goes with its function", async () => {
  const folder = openFolder();
  const server = await openServer(folder);
  await server.create("f", "export const handler = async () => process.exit(3);");
  const failed = { errorType: "Runtime.ExitError" };
  expect(await server.invoke("f")).toMatchObject(failed);
  const [own = "none"] = readdirSync(folder);
  const instances = () => readdirSync(join(folder, own)).filter((name) => name.startsWith("instance-"));
  await expect.poll(instances).toEqual([]);
  const unpacked = readdirSync(join(folder, own, "code"));
  expect(await server.invoke("f")).toMatchObject(failed);
  await expect.poll(instances).toEqual([]);
  expect(readdirSync(join(folder, own, "code"))).toEqual(unpacked);
  await server.lambda.send(new DeleteFunctionCommand({ FunctionName: "f" }));
  await expect.poll(() => readdirSync(join(folder, own, "code"))).toEqual([]);
});

test("an instance that ends though nothing is asked of it leaves nothing, and its code for the next one", async () => {
  const folder = openFolder();
  const server = await openServer(folder);
  const source = sleeper(true, "return process.pid;");
  await server.create("f", source);
  const seconds = `${process.pid}.6`;
  const pid = await server.invoke("f", { seconds });
  expect(sleepersOf(seconds)).toHaveLength(1);
  const [own = "none"] = readdirSync(folder);
  const instances = () => readdirSync(join(folder, own)).filter((name) => name.startsWith("instance-"));
  expect(instances()).toHaveLength(1);
  const unpacked = readdirSync(join(folder, own, "code"));
  process.kill(Number(pid), "SIGKILL");
  await expect.poll(instances).toEqual([]);
  expect(sleepersOf(seconds)).toEqual([]);
  expect(readdirSync(join(folder, own, "code"))).toEqual(unpacked);
  expect(await server.invoke("f", { seconds })).not.toBe(pid);
});

/** Begins two programs that leave its session: one without its variables, the other without it as a parent. */
const DAEMONS = `
  import { spawn, spawnSync } from "node:child_process";
  export const handler = async ({ bare, orphan }) => {
    const child = spawn("env", ["-i", "/usr/bin/env", "sleep", bare], { detached: true, stdio: "ignore" });
    child.unref();
    await new Promise((resolve) => child.on("spawn", resolve));
    spawnSync("setsid", ["sh", "-c", "sleep " + orphan + " </dev/null >/dev/null 2>&1 & exit 0"]);
  };`;

test("what a function began and left ends with it where it has no root folder of its own", async () => {
  const server = await openServer(openFolder());
  await server.create("daemons", DAEMONS);
  const [bare, orphan] = [`${process.pid}.3`, `${process.pid}.4`];
  expect(await server.invoke("daemons", { bare, orphan })).toBeNull();
  await expect.poll(() => [...sleepersOf(bare), ...sleepersOf(orphan)]).toHaveLength(2);
  await server.lambda.send(new DeleteFunctionCommand({ FunctionName: "daemons" }));
  await expect.poll(() => [...sleepersOf(bare), ...sleepersOf(orphan)]).toEqual([]);
});

test("what ran on a server that was killed ends with the next one's first function, and its folder goes", async () => {
  const folder = openFolder();
  const killed = await openServer(folder);
  await killed.create("daemons", DAEMONS);
  const [bare, orphan] = ["0", `${process.pid}.5`];
  await killed.invoke("daemons", { bare, orphan });
  await expect.poll(() => sleepersOf(orphan)).toHaveLength(1);
  const [left] = readdirSync(folder);
  await killed.kill();
  const next = await openServer(folder);
  await next.create("f", "export const handler = async () => 1;");
  expect(await next.invoke("f")).toBe(1);
  expect(sleepersOf(orphan)).toEqual([]);
  expect(readdirSync(folder)).toEqual([expect.not.stringMatching(`^${left}$`)]);
});

const APART: readonly string[] = [];

test("what stood still on a server that was killed ends as well", async () => {
  const folder = openFolder();
  const killed = await openServer(folder, APART);
  await killed.create("daemons", DAEMONS);
  const orphan = `${process.pid}.7`;
  await killed.invoke("daemons", { bare: "0", orphan });
  await expect.poll(() => sleepersOf(orphan).map(isStill)).toEqual([probeSandbox() !== "folder"]);
  await killed.kill();
  const next = await openServer(folder, APART);
  await next.create("f", "export const handler = async () => 1;");
  expect(await next.invoke("f")).toBe(1);
  expect(sleepersOf(orphan)).toEqual([]);
});

test("an instance that was to be kept ready for a function ends with it, though it is deleted while it begins", async () => {
  const folder = openFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const world = await functionWorld();
  const source = "await new Promise((resolve) => setTimeout(resolve, 700)); export const handler = async () => 1;";
  await world.create("f", source, { Publish: true });
  const kept = { FunctionName: "f", Qualifier: "1", ProvisionedConcurrentExecutions: 1 };
  await world.lambda.send(new PutProvisionedConcurrencyConfigCommand(kept));
  const beginning = world.cloud.clock.advance(1);
  const instances = () =>
    readdirSync(folder).flatMap((own) => readdirSync(join(folder, own)).filter((name) => name.startsWith("instance-")));
  await expect.poll(instances).toHaveLength(1);
  await world.lambda.send(new DeleteFunctionCommand({ FunctionName: "f" }));
  await beginning;
  await expect.poll(instances).toEqual([]);
});

test("a cloud that is closed while its functions begin leaves nothing of them", async () => {
  const folder = openFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const beforeMs of [1, 20, 40]) {
    const world = await functionWorld();
    await world.create("f", "export const handler = () => new Promise(() => {});");
    const asked = world.invoke("f").catch(String);
    await pauseAbout(beforeMs);
    await world.cloud.close();
    expect(readdirSync(folder)).toEqual([]);
    await asked;
    expect(readdirSync(folder)).toEqual([]);
  }
});
