/** One port on several addresses of this machine. */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { assert } from "../../kernel/assert.ts";
import { systemErrorCode } from "../../store/system-error.ts";

interface Binding {
  readonly hosts: readonly [string, ...string[]];
  readonly port: number;
}

interface Bound {
  readonly port: number;
  readonly listeners: readonly Server[];
}

/** How often another free port is tried where somebody has it at another address. */
const FREE_PORTS_TRIED_MAX = 20;

/** @throws where the port is taken at any of the addresses, or the first is none of this machine's */
export async function bindAll({ hosts, port }: Binding, take: (socket: Socket) => void): Promise<Bound> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await bindOnce({ hosts, port }, take);
    } catch (error) {
      if (port !== 0 || systemErrorCode(error) !== "EADDRINUSE" || tries === FREE_PORTS_TRIED_MAX) throw error;
    }
  }
}

/** Takes no more connections. */
export const closing = (server: Server): Promise<void> => new Promise((done) => void server.close(() => done()));

async function bindOnce({ hosts: [first, ...others], port }: Binding, take: (socket: Socket) => void): Promise<Bound> {
  const listeners = [await bind(first, port, take)];
  const bound = portOf(listeners[0]);
  for (const host of others) {
    try {
      listeners.push(await bind(host, bound, take));
    } catch (error) {
      if (NO_SUCH_ADDRESS.has(systemErrorCode(error) ?? "")) continue;
      await Promise.all(listeners.map(closing));
      throw error;
    }
  }
  return { port: bound, listeners };
}

/** Where a machine has no IPv6. */
const NO_SUCH_ADDRESS: ReadonlySet<string> = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

function bind(host: string, port: number, take: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ noDelay: true }, take);
  return new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      done(server);
    });
  });
}

function portOf(server: Server | undefined): number {
  const address: AddressInfo | string | null | undefined = server?.address();
  assert(typeof address === "object" && address !== null, "a server that listens has an address");
  return address.port;
}
