/**
 * A load generator in a process of its own: raw sockets that send ready-made requests one after
 * another and count answers by their length, so that it takes as little of the machine as possible.
 */
import { connect, type Socket } from "node:net";

export interface LoadOrder {
  readonly port: number;
  /** Whole HTTP/1.1 requests, base64; each connection takes them in turn. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Each request goes on with a body of so many letters `k`. */
  readonly bodyBytes?: number;
}

export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  /** Answers whose status was not 2xx. */
  readonly failures: number;
  readonly firstFailure?: string | undefined;
  /** Of a hundred answers ninety-nine came within. */
  readonly p99Ms: number;
}

process.on("message", (order: LoadOrder) => {
  void run(order).then((result) => process.send?.(result));
});

async function run({ port, requests, connections, seconds, bodyBytes = 0 }: LoadOrder): Promise<LoadResult> {
  const body = Buffer.alloc(bodyBytes, "k");
  const bytes = requests.map((request) => Buffer.from(request, "base64"));
  const tally: Tally = { answers: 0, failures: 0, firstFailure: undefined, tookMs: [] };
  const start = performance.now();
  const until = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, (_, index) =>
      drive({ port, bytes, body, first: index, step: connections, until, tally }),
    ),
  );
  const { tookMs, ...counts } = tally;
  const p99Ms = tookMs.toSorted((one, other) => one - other)[Math.floor(tookMs.length * 0.99)] ?? 0;
  return { ...counts, p99Ms, seconds: (performance.now() - start) / 1000 };
}

interface Tally {
  answers: number;
  failures: number;
  firstFailure: string | undefined;
  readonly tookMs: number[];
}

interface Drive {
  readonly port: number;
  readonly bytes: readonly Buffer[];
  readonly body: Buffer;
  readonly first: number;
  readonly step: number;
  readonly until: number;
  readonly tally: Tally;
}

function drive({ port, bytes, body, first, step, until, tally }: Drive): Promise<void> {
  return new Promise((done, failed) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let index = first;
    let sentAt = 0;
    const reader = new AnswerReader();
    const send = (): void => {
      sentAt = performance.now();
      socket.write(bytes[index % bytes.length] ?? Buffer.alloc(0));
      if (body.byteLength > 0) socket.write(body);
      index += step;
    };
    socket.on("connect", send);
    socket.on("error", failed);
    socket.on("close", done);
    socket.on("data", (piece: Buffer) => {
      const status = reader.take(piece);
      if (status === undefined) return;
      tally.answers += 1;
      tally.tookMs.push(performance.now() - sentAt);
      if (!status.startsWith("2")) {
        tally.failures += 1;
        tally.firstFailure ??= piece.toString("utf8").slice(0, 800);
      }
      if (performance.now() < until) send();
      else end(socket);
    });
  });
}

const end = (socket: Socket): void => void socket.destroy();

/** Finds the end of each answer by its `content-length`, or by the last chunk of a chunked one. */
class AnswerReader {
  #left = 0;
  #chunked = false;
  #status = "";

  /** The status of the answer that ends with `piece`. */
  take(piece: Buffer): string | undefined {
    let body = piece.byteLength;
    if (this.#left === 0 && !this.#chunked) {
      const head = piece.indexOf("\r\n\r\n");
      const text = piece.toString("latin1", 0, head);
      this.#status = text.slice(9, 12);
      // only told to go on: the answer is yet to come
      if (this.#status === "100") return body === head + 4 ? undefined : this.take(piece.subarray(head + 4));
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      this.#chunked = length === undefined && this.#status !== "204";
      this.#left = Number(length ?? 0);
      body -= head + 4;
    }
    if (this.#chunked) {
      if (piece.toString("latin1", Math.max(0, piece.byteLength - 5)) !== "0\r\n\r\n") return undefined;
      this.#chunked = false;
      return this.#status;
    }
    this.#left -= body;
    return this.#left === 0 ? this.#status : undefined;
  }
}

process.on("disconnect", () => process.exit());
