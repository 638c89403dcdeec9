import { mkdtempSync, rmSync } from "node:fs";
import assert from "node:assert/strict";
import { createServer as createWebServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../src/main.ts";
import { RecordingTerminal, type RecordingOptions } from "./recording-terminal.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kumobako-cli-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function kumobako(line: string, options: RecordingOptions = {}) {
  const terminal = new RecordingTerminal({ directory, ...options });
  const code = await run(line.split(" ").filter(Boolean), terminal);
  return { code, out: terminal.out, err: terminal.err };
}

/** A web server that knows one answer. */
async function answering(text: string) {
  const server = createWebServer((_request, response) => response.end(text)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert(typeof address === "object" && address !== null);
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

describe("help", () => {
  test("is shown with examples and exit codes, and is a success", async () => {
    const { code, out, err } = await kumobako("--help");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("Usage: kumobako [options] [command]");
    expect(out).toContain("$ kumobako start");
    expect(out).toMatch(/^ {2}3 +no Kumobako answers at the endpoint$/m);
  });

  test.each([
    "start",
    "stop",
    "status",
    "env",
    "reset",
    "clock",
    "why",
    "decisions",
    "replay",
    "lab",
    "logs",
    "ca",
    "idp",
  ])("of %s is shown", async (name) => {
    const { code, out } = await kumobako(`${name} --help`);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: kumobako ${name}`);
  });

  test("is shown by the command help as well, of commands of commands too", async () => {
    expect(await kumobako("help")).toEqual(await kumobako("--help"));
    expect(await kumobako("help clock advance")).toEqual(await kumobako("clock advance --help"));
    expect((await kumobako("help deliveries")).out).toContain("Usage: kumobako events|deliveries");
  });

  test("is plain where it is not for a terminal", async () => {
    expect((await kumobako("start --help")).out).not.toContain("\u001B[");
  });

  test("is coloured on a terminal", async () => {
    expect((await kumobako("start --help", { isTTY: true })).out).toContain("\u001B[");
  });

  test("is plain on a terminal with NO_COLOR", async () => {
    expect((await kumobako("start --help", { isTTY: true, env: { NO_COLOR: "1" } })).out).not.toContain("\u001B[");
  });
});

describe("a wrong command line", () => {
  test("is a failure of its own, with what was probably meant", async () => {
    const { code, out, err } = await kumobako("statsu");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("Did you mean status?");
  });

  test.each([
    ["start --port 70000", "A port is a number from 0 to 65535."],
    ["start --account 12", "An account id is twelve digits: 111111111111."],
    ["start --auth none", "Allowed choices are enforced, permissive."],
    ["start --memory --data x", "cannot be used with option"],
    ["clock advance soon", "A duration is 90s, 15m, 12h, 7d or 1h30m."],
    ["decisions --limit 0", "It is a number, 1 or more."],
    ["lab run S99", "there is no lab `S99`"],
    ["help clok", "unknown command 'clok'"],
    ["help clock advanse", "unknown command 'clock advanse'"],
    ["status --endpoint localhost:4566", "`localhost:4566` is no endpoint"],
  ])("%s: %s", async (line, message) => {
    const { code, err } = await kumobako(line);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});

describe("a host that other machines reach", () => {
  test("is refused without a root secret, and the remedy is named", async () => {
    const { code, err } = await kumobako("start --host 0.0.0.0 --memory --port 0");
    expect(code).toBe(2);
    expect(err).toContain("binding `0.0.0.0` opens the server to other machines, and it has no root secret");
    expect(err).toContain("remedy: KUMOBAKO_ROOT_SECRET=");
  });

  test("is refused to permissive servers", async () => {
    const { code, err } = await kumobako("start --host 0.0.0.0 --auth permissive --memory --port 0");
    expect(code).toBe(2);
    expect(err).toContain("takes everybody on the network for the root user");
  });
});

test("a start that would send tokens in the clear is refused, and the remedy is named", async () => {
  const { code, err } = await kumobako("start --memory --port 0 --login-providers http://idp.example");
  expect(code).toBe(1);
  expect(err).toContain("login providers cannot be asked at `http://idp.example`");
  expect(err).toContain("remedy: an address that begins with https://, or one of this machine");
});

describe("where no server answers", () => {
  test.each(["status", "clock", "clock freeze", "why", "decisions", "reset --yes", "lab run S01", "ca"])(
    "%s says so, and what to do",
    async (line) => {
      const { code, err } = await kumobako(`${line} --endpoint http://127.0.0.1:9`);
      expect(code).toBe(3);
      expect(err).toContain("no Kumobako answers at http://127.0.0.1:9");
      expect(err).toContain("remedy: ");
    },
  );

  test("--json says it in JSON", async () => {
    const { code, err } = await kumobako("status --json --endpoint http://127.0.0.1:9");
    expect(code).toBe(3);
    expect(JSON.parse(err)).toMatchObject({ error: { message: "no Kumobako answers at http://127.0.0.1:9" } });
  });

  test("another program's answer is no Kumobako's", async () => {
    await using other = await answering("<html>hello</html>");
    const { code, err } = await kumobako(`status --endpoint ${other.endpoint}`);
    expect(code).toBe(3);
    expect(err).toContain(`what answers at ${other.endpoint} is no Kumobako`);
  });

  test("stop has nothing to stop", async () => {
    const { code, out } = await kumobako("stop");
    expect(code).toBe(0);
    expect(out).toBe(`no Kumobako of ${directory}/.kumobako is running\n`);
  });

  test("logs names the file that is missing", async () => {
    const { code, err } = await kumobako("logs");
    expect(code).toBe(1);
    expect(err).toContain(`there is no log at ${directory}/.kumobako/server.log`);
  });
});

describe("a port that another program has", () => {
  test("is named, with the remedy", async () => {
    const other = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, err } = await kumobako(`start --memory --port ${port}`);
    other.close();
    expect(code).toBe(4);
    expect(err).toContain(`port ${port} is in use by another program`);
    expect(err).toContain(`remedy: kumobako start --port ${port + 1}, or find it with: lsof -i :${port}`);
  });
});
