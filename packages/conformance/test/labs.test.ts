import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasAwsCli } from "./clients/aws-cli.ts";
import { runProgram } from "./clients/external-program.ts";
import { kumobakoIn, LAUNCHER, startServer } from "./clients/running-server.ts";

interface Step {
  readonly command: string;
  readonly status: string;
}

/** Of the commands for one operation, the one that says most. */
function fullest(commands: readonly string[]): readonly string[] {
  const found = new Map<string, string>();
  for (const command of commands) {
    const operation = command.split(" ").slice(0, 3).join(" ");
    if (command.length > (found.get(operation)?.length ?? 0)) found.set(operation, command);
  }
  return [...found.values()];
}

describe("`kumobako lab`", () => {
  test("lists the labs, and runs one step after another", async () => {
    await using server = await startServer();
    expect(await server.answer("lab", "list")).toMatch(/^S01 {2}A wrong permission/m);
    const told = await server.answer("lab", "run", "S24");
    expect(told).toMatch(/^S24 {2}CLI: authenticate/);
    expect(told).toMatch(/^✓ {2}1 /m);
    expect(told).toMatch(/^\d+ passed$/m);
    expect(told).not.toContain("✗");
  });
});

test("a lab that somebody interrupts ends at once", async () => {
  await using server = await startServer();
  const args = [LAUNCHER, "lab", "run", "S24"];
  const running = spawn(process.execPath, args, { cwd: server.directory, stdio: ["ignore", "pipe", "ignore"] });
  await once(running.stdout, "data");
  running.kill("SIGINT");
  expect(await once(running, "exit")).toEqual([null, "SIGINT"]);
});

describe.skipIf(!hasAwsCli)("what labs show (needs the AWS CLI)", () => {
  test("are commands that the AWS CLI takes", { timeout: 600_000 }, async () => {
    await using server = await startServer();
    const ids = (await server.answer("lab", "list")).match(/^S\d+/gm) ?? [];
    const shown: string[] = [];
    for (const id of ids) {
      // months pass, in which the alarms of all labs before are looked at each minute
      const { out } = await kumobakoIn(server.directory, ["lab", "run", id, "--json"], 300_000);
      const { steps }: { steps: Step[] } = JSON.parse(out);
      shown.push(...steps.map(({ command }) => command).filter((command) => command.startsWith("aws ")));
    }
    const commands = fullest(shown);
    expect(commands.length).toBeGreaterThan(15);
    // As a person would paste them, whoever they are: refusals are answers too.
    for (const name of ["file.txt", "report.txt"]) writeFileSync(join(server.directory, name), "");
    for (const name of archivesIn(commands)) writeFileSync(join(server.directory, name), EMPTY_ARCHIVE);
    const script = commands.map(
      (command) => `said=$(${located(command)} 2>&1 >/dev/null) || ${unlessRefused} echo ${quoted(command)} "$said"`,
    );
    const { out } = await runProgram("sh", {
      args: ["-c", inTwos(script)],
      directory: server.directory,
      env: {
        HOME: server.directory,
        AWS_ENDPOINT_URL: server.endpoint,
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "444444444444",
        AWS_SECRET_ACCESS_KEY: "test",
      },
      timeoutMs: 380_000,
    });
    expect(out).toBe("");
  });
});

/** The record that ends an archive. Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.16) */
const EMPTY_ARCHIVE = Buffer.concat([Buffer.from("PK\u0005\u0006"), Buffer.alloc(18)]);

const archivesIn = (commands: readonly string[]): readonly string[] =>
  commands.flatMap((command) => [...command.matchAll(/fileb:\/\/(\S+)/g)].map(([, name = ""]) => name));

/** Version 1 of the CLI does not look at `AWS_ENDPOINT_URL` for SQS. Source: https://github.com/aws/aws-cli/blob/develop/awscli/customizations/overridesslcommonname.py */
const located = (command: string): string =>
  command.replace(/^aws sqs /, 'aws --endpoint-url "$AWS_ENDPOINT_URL" sqs ');

/** The CLI reached the service, which said no: so the command was one. With `--quiet` it tells only of what is no command. */
const unlessRefused = `{ case "$said" in "" | *"An error occurred ("*) true ;; *) false ;; esac; } ||`;

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A script that runs its lines two by two. */
const inTwos = (lines: readonly string[]): string =>
  lines.map((line, at) => `{ ${line}; } &${at % 2 === 1 ? " wait" : ""}`).join("\n") + "\nwait";
