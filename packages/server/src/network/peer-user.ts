/** Whose program is at the other end of a connection that stays on this machine. */
import { readFile } from "node:fs/promises";

/** Users that no other program has, on Linux: each process of a function is one of them. */
const FIRST_FUNCTION_USER = 700_000_000;
/** Of one server. */
const FUNCTION_USERS = 65_536;
/** Servers on one machine take users apart from each other. */
const SERVERS = 16_384;

/** The user of the function's process of this `number`, counted. */
export const functionUser = (number: number): number =>
  FIRST_FUNCTION_USER + (process.pid % SERVERS) * FUNCTION_USERS + (number % FUNCTION_USERS);

export const isFunctionUser = (user: number): boolean =>
  user >= FIRST_FUNCTION_USER && user < FIRST_FUNCTION_USER + SERVERS * FUNCTION_USERS;

export interface Ends {
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
  /** The connection is over. */
  readonly destroyed: boolean;
}

export type PeerUsers =
  | { readonly kind: "known"; readonly users: readonly number[] }
  /** Who has sent has not waited: nobody can say who it was. */
  | { readonly kind: "gone" }
  /** It comes from elsewhere, or the system does not tell. */
  | { readonly kind: "unknown" };

/** Source: https://docs.kernel.org/networking/proc_net_tcp.html */
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
const NO_SOCKET = "0";

export async function usersOfPeer(ends: Ends): Promise<PeerUsers> {
  const tables = await Promise.all(TABLES.map((path) => readFile(path, "latin1").catch(() => "")));
  // it has no ports any more
  if (ends.destroyed) return { kind: "gone" };
  const [ours, theirs] = [ends.localPort, ends.remotePort].map(portText);
  if (ours === undefined || theirs === undefined) return { kind: "unknown" };
  const lines = tables.flatMap((table) => table.split("\n").filter((line) => line.includes(theirs)));
  const sockets = lines.map(socketOf);
  const users = sockets
    .filter(({ local, remote, inode }) => local.endsWith(theirs) && remote.endsWith(ours) && inode !== NO_SOCKET)
    .map(({ user }) => Number(user));
  if (users.length > 0) return { kind: "known", users };
  const isHere = sockets.some(({ local, remote }) => local.endsWith(ours) && remote.endsWith(theirs));
  return { kind: isHere ? "gone" : "unknown" };
}

function socketOf(line: string) {
  const fields = line.trim().split(/\s+/);
  const [local = "", remote = "", user = "", inode = NO_SOCKET] = [1, 2, 7, 9].map((index) => fields[index]);
  return { local, remote, user, inode };
}

const portText = (port: number | undefined): string | undefined =>
  port === undefined ? undefined : `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
