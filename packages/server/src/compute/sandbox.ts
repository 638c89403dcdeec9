/**
 * The place a function's process has to itself. As root on Linux: a user of its own and a root folder that holds the
 * system's programs, the code and an own `/tmp`, and nothing of ours. Another user gets the same folder where the
 * system lets it make namespaces. Elsewhere the process runs in a folder of its own, as whoever runs the server.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { totalmem } from "node:os";
import { basename, dirname, join } from "node:path";
import { functionUser } from "../network/peer-user.ts";

export type SandboxKind = "own user" | "namespace" | "folder";

/** What stands where for the process. */
export interface Places {
  readonly task: string;
  readonly opt: string;
  readonly runtime: string;
  /** The interpreter's own folder. */
  readonly lang: string;
  readonly tmp: string;
  /** Clients of AWS, which its Node.js runtimes have; `undefined`: this installation has none. */
  readonly sdk: string | undefined;
}

export interface SandboxOrder {
  /** The instance's own folder, which exists. */
  readonly folder: string;
  /** Where things lie on the machine. */
  readonly sources: Omit<Places, "tmp">;
  /** Told where things lie for the process. */
  readonly command: (places: Places) => readonly string[];
  readonly environment: (places: Places) => Readonly<Record<string, string>>;
  /** Tells instances apart. */
  readonly number: number;
  /** How much its `/tmp` holds. */
  readonly temporaryMb: number;
}

const AMAZON_PLACES: Omit<Places, "sdk"> = {
  task: "/var/task",
  opt: "/opt",
  runtime: "/var/runtime",
  lang: "/var/lang",
  tmp: "/tmp",
};

/** What of the machine is there, where the machine has it. */
const SYSTEM_FOLDERS = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "etc", "dev", "sys"] as const;

/**
 * Both outputs of the function's process are one pipe: of two, nobody could tell what was written first. What the shell
 * adds to the environment, no function sees in AWS.
 */
const BEGIN = 'exec /usr/bin/env -u OLDPWD -u _ "$@" 2>&1';

/**
 * Arguments: the root folder, the user or `-`, how much `/tmp` holds or `-`, pairs of what is mounted where, `--`, the
 * command. `hidepid` keeps other processes out of sight, and no memory is shared with them; `pdeathsig` ends a frozen
 * process with its server. The environment comes in where no argument shows it, and takes effect when no rights are
 * left.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (1,024 files, 1,024 processes and
 * threads), https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json
 * (test_runtime_ulimits: locked memory)
 */
const LAUNCH = `set -e
root=$1 user=$2 tmp=$3; shift 3
while [ "$1" != -- ]; do
  case $1 in /dev|/sys) mount --rbind "$1" "$root$2";; *) mount --bind "$1" "$root$2";; esac
  case $2 in /var/*|/opt) mount -o remount,bind,ro,nosuid "$root$2" 2>/dev/null || :;; esac
  shift 2
done
shift
if [ "$tmp" != - ]; then mount -t tmpfs -o "nosuid,nodev,mode=1777,size=$tmp" tmp "$root/tmp" 2>/dev/null || :; fi
mount -t tmpfs -o nosuid,nodev,size=64m shm "$root/dev/shm" 2>/dev/null || mount --bind "$root/tmp" "$root/dev/shm" 2>/dev/null || :
mount -t proc -o hidepid=2 proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
cd "$root"
ulimit -n 1024 2>/dev/null || :
ulimit -l 64 2>/dev/null || :
begin='eval "$(cat)" 2>/dev/null; cd "$LAMBDA_TASK_ROOT"; ${BEGIN} </dev/null'
if [ "$user" = - ]; then exec chroot . setpriv --bounding-set=-all --inh-caps=-all --no-new-privs --pdeathsig KILL sh -c "$begin" sh "$@"; fi
ulimit -u 1024 2>/dev/null || ulimit -p 1024 2>/dev/null || :
exec chroot . setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --pdeathsig KILL sh -c "$begin" sh "$@"`;

/** What the launcher itself sees: nothing of the function's, which could turn it. */
const LAUNCHER_ENVIRONMENT = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };

const isRoot = (): boolean => process.getuid?.() === 0;

/** What this machine offers; asked once. */
export function probeSandbox(): SandboxKind {
  if (process.platform !== "linux") return "folder";
  const kind = isRoot() ? "own user" : "namespace";
  const [program = "", ...rest] = [...APART[kind], "setpriv", "--no-new-privs", "--pdeathsig", "KILL", "true"];
  return spawnSync(program, rest).status === 0 ? kind : "folder";
}

/**
 * What a process does not share with the machine. Who has the server's own user would see its processes, and could end
 * them: there, processes are set apart as well.
 */
const APART = {
  "own user": ["unshare", "-mi"],
  namespace: ["setpriv", "--pdeathsig", "KILL", "unshare", "-rmip", "--fork", "--kill-child=KILL"],
} as const;

/** The user that the process is; `undefined`: who runs the server. */
export const userOf = (kind: SandboxKind, number: number): number | undefined =>
  kind !== "namespace" && isRoot() ? functionUser(number) : undefined;

/** The root folder of the process that has `folder`. */
const rootIn = (folder: string): string => join(folder, "root");

/** A process with pipes: 0 in, 1 both of its outputs, 2 what the launcher has to say, 3 in, 4 out. In a group of its own. */
export function startIn(kind: SandboxKind, order: SandboxOrder) {
  const places = kind === "folder" ? folderPlaces(order) : ownPlaces(order);
  const environment = order.environment(places);
  const [program = "", ...rest] = [...launcher(kind, order, places), ...order.command(places)];
  const isOpen = kind === "folder";
  const child = spawn(program, rest, {
    cwd: isOpen ? places.task : "/",
    env: isOpen ? environment : LAUNCHER_ENVIRONMENT,
    detached: true,
    // root's rights are never a function's
    ...(isOpen && isRoot() && { uid: functionUser(order.number), gid: functionUser(order.number) }),
    stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
  });
  // it may be gone already
  child.stdin.on("error", () => {});
  child.stdin.end(isOpen ? "" : exportsOf(environment));
  return child;
}

/** As a shell reads it. */
const exportsOf = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
    .join("");

export type SandboxedProcess = ReturnType<typeof startIn>;

const ownPlaces = ({ sources: { sdk } }: SandboxOrder): Places => ({
  ...AMAZON_PLACES,
  sdk: sdk === undefined ? undefined : "/var/sdk/node_modules",
});

function folderPlaces({ folder, sources, number }: SandboxOrder): Places {
  const tmp = join(folder, "tmp");
  mkdirSync(tmp, { recursive: true });
  if (isRoot()) chownSync(tmp, functionUser(number), functionUser(number));
  return { ...sources, tmp };
}

function launcher(kind: SandboxKind, order: SandboxOrder, places: Places): readonly string[] {
  if (kind === "folder") return ["/bin/sh", "-c", BEGIN, "sh"];
  const root = rootIn(order.folder);
  const user = userOf(kind, order.number);
  const mounts = [...layOut(root, user), ...mountsOf(order.sources, places, root)];
  return [...APART[kind], "sh", "-c", LAUNCH, "sh", root, String(user ?? "-"), sizeOf(order), ...mounts, "--"];
}

const MB = 1024 * 1024;

/** What is in it is memory: of a machine that has little, larger ones are left to its disk, and not held. */
const sizeOf = ({ temporaryMb }: SandboxOrder): string =>
  temporaryMb * MB <= totalmem() / 4 ? `${temporaryMb}m` : "-";

/** Makes the root folder. Gives what is to be mounted in it of the machine. */
function layOut(root: string, user: number | undefined): readonly string[] {
  for (const name of ["proc", "tmp", "var", "var/tmp", "opt", "root", "run"])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ["tmp", "var/tmp"]) {
    chmodSync(join(root, name), 0o1777);
    if (user !== undefined) chownSync(join(root, name), user, user);
  }
  const mounts: string[] = [];
  for (const name of SYSTEM_FOLDERS) {
    const found: Stats | undefined = lstatSync(`/${name}`, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() === true) symlinkSync(readlinkSync(`/${name}`), join(root, name));
    else if (found?.isDirectory() === true) {
      mkdirSync(join(root, name));
      mounts.push(`/${name}`, `/${name}`);
    }
  }
  mounts.push(...amazonShell());
  const users = "/etc/passwd";
  if (user !== undefined && existsSync(users)) mounts.push(ownUsers(root, user), users);
  // where names are looked up, on machines that keep it there
  const resolver = "/run/systemd/resolve";
  if (existsSync(resolver)) mounts.push(...mountPoint(resolver, resolver, root));
  return mounts;
}

/** Scripts expect what Amazon Linux has as `sh`. Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html (`set -euo pipefail`) */
function amazonShell(): readonly string[] {
  const [bash, shell] = ["/bin/bash", "/bin/sh"].map((path) => (existsSync(path) ? realpathSync(path) : undefined));
  // a program of many names is not only the shell
  const isShellAlone = shell !== undefined && ["dash", "sh"].includes(basename(shell));
  return bash === undefined || !isShellAlone || bash === shell ? [] : [bash, shell];
}

/** Programs ask who they are. Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (its user) */
function ownUsers(root: string, user: number): string {
  const file = join(dirname(root), "passwd");
  const known = `root:x:0:0:root:/root:/sbin/nologin\nsbx_user1051:x:${user}:${user}::/home/sbx_user1051:/sbin/nologin\n`;
  writeFileSync(file, known, { mode: 0o644 });
  return file;
}

function mountsOf(sources: SandboxOrder["sources"], places: Places, root: string): readonly string[] {
  const { task, opt, runtime, lang, sdk } = sources;
  return [
    ...(sdk !== undefined && places.sdk !== undefined ? mountPoint(sdk, places.sdk, root) : []),
    ...mountPoint(task, places.task, root),
    ...mountPoint(opt, places.opt, root),
    ...mountPoint(runtime, places.runtime, root),
    ...mountPoint(lang, places.lang, root),
  ];
}

function mountPoint(source: string, target: string, root: string): readonly string[] {
  mkdirSync(join(root, dirname(target)), { recursive: true });
  mkdirSync(join(root, target), { recursive: true });
  return [source, target];
}
