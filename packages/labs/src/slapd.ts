/**
 * A directory server for the labs: OpenLDAP's `slapd`, in a temporary directory of its own, on a free port of this
 * machine alone, and gone afterwards.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Where systems keep it; a user's `PATH` often leaves these out. */
const FOLDERS = [
  "/usr/sbin",
  "/usr/local/sbin",
  "/usr/libexec",
  "/usr/local/libexec",
  "/opt/homebrew/opt/openldap/libexec",
];

const SUFFIX = "dc=example,dc=com";
const START_TRIES = 400;
const START_PAUSE_MS = 25;

/** Somebody in the directory. */
export interface Person {
  readonly name: string;
  readonly password: string;
  /** The name of the role that is tied to them. */
  readonly awsRole?: string;
}

export interface DirectoryServer {
  /** `ldap://127.0.0.1:40123`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What a name means in a distinguished name is taken from it, so that nobody types themselves into another's. */
export const distinguishedName = (name: string): string =>
  `uid=${name.replace(/[\\,+"<>;=#]/g, String.raw`\$&`)},${SUFFIX}`;

/** The program, where one of the folders has it. */
export function findSlapd(
  folders: readonly string[] = [...(process.env["PATH"] ?? "").split(delimiter), ...FOLDERS],
): string | undefined {
  return folders.map((folder) => join(folder, "slapd")).find((path) => existsSync(path));
}

/** @throws with the server's own words, where it does not start. */
export async function startSlapd(program: string, people: readonly Person[]): Promise<DirectoryServer> {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-slapd-"));
  const configuration = join(directory, "slapd.conf");
  const ldif = join(directory, "people.ldif");
  mkdirSync(join(directory, "entries"), { mode: 0o700 });
  writeFileSync(configuration, configurationOf(directory), { mode: 0o600 });
  writeFileSync(ldif, ldifOf(people), { mode: 0o600 });
  const port = await freePort();
  const url = `ldap://127.0.0.1:${port}`;
  // the shell ends the server when it is told to, and also when its own input ends because this process is gone
  const script = '"$1" -T add -f "$2" -l "$3" || exit; "$1" -d none -h "$4" -f "$2" & read -r _; kill $!; wait $!';
  const shell = spawn("/bin/sh", ["-c", script, "sh", program, configuration, ldif, url], {
    cwd: directory,
    stdio: ["pipe", "ignore", "pipe"],
  });
  let words = "";
  shell.stderr.on("data", (piece: Buffer) => (words += piece.toString("utf8")));
  const ended = once(shell, "exit");
  const stop = async () => {
    shell.stdin.end("\n");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  if (await answers(port, () => shell.exitCode === null)) return { url, stop };
  await stop();
  throw new Error(`slapd did not start: ${words.trim().split("\n").at(-1)}`);
}

/** The entries are plain files; the classes are those that the story needs, so that no schema has to be found. */
const configurationOf = (directory: string): string => `pidfile ${join(directory, "slapd.pid")}
attributetype ( 0.9.2342.19200300.100.1.25 NAME 'dc' EQUALITY caseIgnoreIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.4203.666.11.9.1 NAME 'awsRole' EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 0.9.2342.19200300.100.4.13 NAME 'domain' SUP top STRUCTURAL MUST dc )
objectclass ( 1.3.6.1.4.1.4203.666.11.9.2 NAME 'staff' SUP top STRUCTURAL MUST ( uid $ userPassword ) MAY awsRole )
database ldif
suffix "${SUFFIX}"
directory ${join(directory, "entries")}
access to attrs=userPassword by anonymous auth by * none
access to * by self read by * none
`;

function ldifOf(people: readonly Person[]): string {
  const entries = people.map(({ name, password, awsRole }) =>
    [
      `dn: ${distinguishedName(name)}`,
      "objectClass: staff",
      `uid: ${name}`,
      `userPassword: ${hashOf(password)}`,
      ...(awsRole === undefined ? [] : [`awsRole: ${awsRole}`]),
    ].join("\n"),
  );
  return [`dn: ${SUFFIX}\nobjectClass: domain\ndc: example`, ...entries].join("\n\n").concat("\n");
}

/** As directories keep passwords: salted and hashed. */
function hashOf(password: string): string {
  const salt = crypto.getRandomValues(new Uint8Array(8));
  const hash = createHash("sha1").update(password).update(salt).digest();
  return `{SSHA}${Buffer.concat([hash, salt]).toString("base64")}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

/** Whether something listens there within ten seconds. */
async function answers(port: number, isRunning: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < START_TRIES && isRunning(); tries++) {
    if (await accepts(port)) return true;
    await pause(START_PAUSE_MS);
  }
  return false;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
