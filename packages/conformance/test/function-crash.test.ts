/** A real server that is killed while a function runs: nothing of it stays, and what was queued runs again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { serviceTrust } from "../../server/test/service-policy.ts";
import { configOf, kill, startServer, type RunningServer } from "./clients/running-server.ts";

/** `index.mjs`: counts its runs, each of which takes a second, and tells how many there were when it is asked to. */
const ARCHIVE =
  "UEsDBBQAAAAIAAAAIVgbmh4VegAAAJMAAAAJAAAAaW5kZXgubWpzHc0xDsIwEATA3q9YOltJYWorvIGCD1jhAIvkHJ3PCijK3zFpZ1e7EymkcsEAHwx9liyKMXNRvCLfJ5KWxPLlEXbDQvTG7jBcsBkgPWBPf3OIa0wKphVXyXMqZO0zH8VCeksz5apNepy99871x2nXhbYipFX4gGD2YH5QSwECFAMUAAAACAAAACFYG5oeFXoAAACTAAAACQAAAAAAAAAAAAAApAEAAAAAaW5kZXgubWpzUEsFBgAAAAABAAEANwAAAKEAAAAAAA==";

async function runs(server: RunningServer): Promise<number> {
  const asked = new InvokeCommand({ FunctionName: "slow", Payload: '{"peek":true}' });
  const { Payload } = await new LambdaClient(configOf(server)).send(asked);
  return Number(Payload?.transformToString());
}

/** The ids of the processes that run handlers on this machine. */
function handlers(): readonly string[] {
  return readdirSync("/proc").filter((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, "utf8").includes("/var/runtime/bootstrap");
    } catch {
      return false;
    }
  });
}

test("what was queued when the server was killed runs again, and no process is left", { timeout: 60_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "function-crash-"));
  try {
    const before = handlers();
    const first = await startServer({ args: [], directory });
    const role = { RoleName: "plain", AssumeRolePolicyDocument: serviceTrust("lambda") };
    const { Role } = await new IAMClient(configOf(first)).send(new CreateRoleCommand(role));
    const lambda = new LambdaClient(configOf(first));
    const order = { FunctionName: "slow", Role: Role?.Arn, Runtime: "nodejs22.x", Handler: "index.handler" } as const;
    const Code = { ZipFile: Buffer.from(ARCHIVE, "base64") };
    await lambda.send(new CreateFunctionCommand({ ...order, Timeout: 10, Code }));
    expect(await runs(first)).toBe(0);
    const own = handlers().filter((id) => !before.includes(id));
    await lambda.send(new InvokeCommand({ FunctionName: "slow", InvocationType: "Event", Payload: "{}" }));
    await kill(first);
    await expect.poll(() => handlers().filter((id) => own.includes(id)), { timeout: 5000 }).toEqual([]);
    await using second = await startServer({ args: [], directory });
    await expect.poll(() => runs(second), { timeout: 20_000, interval: 500 }).toBe(1);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
