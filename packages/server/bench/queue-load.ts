/**
 * Producers and consumers of a queue in a process of their own: each connection sends a message, receives one and deletes
 * it, over and over, each call signed, with as little between as possible.
 */
import { createHmac, hash } from "node:crypto";
import { connect, type Socket } from "node:net";

export interface QueueOrder {
  readonly port: number;
  readonly queueUrl: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface QueueResult {
  /** Sent, received and deleted. */
  readonly messages: number;
  readonly seconds: number;
}

const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };
const REGION = "us-east-1";
const BODY = "m".repeat(256);

process.on("message", (order: QueueOrder) => {
  void run(order).then((result) => process.send?.(result));
});

async function run({ port, queueUrl: QueueUrl, connections, seconds }: QueueOrder): Promise<QueueResult> {
  let messages = 0;
  const start = performance.now();
  const until = start + seconds * 1000;
  const signer = new Signer(port);
  const send = signer.request("SendMessage", { QueueUrl, MessageBody: BODY });
  const receive = signer.request("ReceiveMessage", { QueueUrl });
  const work = async (): Promise<void> => {
    const sqs = new Line(port);
    while (performance.now() < until) {
      await sqs.call(send);
      const { Messages: received = [] } = await sqs.call(receive);
      for (const { ReceiptHandle } of received) {
        await sqs.call(signer.request("DeleteMessage", { QueueUrl, ReceiptHandle }));
        messages++;
      }
    }
    sqs.end();
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { messages, seconds: (performance.now() - start) / 1000 };
}

interface Answer {
  readonly Messages?: readonly { readonly ReceiptHandle: string }[];
}

/** A connection on which one call follows the other. */
class Line {
  readonly #socket: Socket;
  #pieces: Buffer[] = [];
  #answered = Promise.withResolvers<Answer>();

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("error", (error) => this.#answered.reject(error));
    this.#socket.on("data", (piece: Buffer) => this.#take(piece));
  }

  call(request: string): Promise<Answer> {
    this.#answered = Promise.withResolvers();
    this.#socket.write(request);
    return this.#answered.promise;
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    this.#pieces.push(piece);
    const text = Buffer.concat(this.#pieces).toString("latin1");
    const head = text.indexOf("\r\n\r\n");
    const length = /content-length: (\d+)/i.exec(text)?.[1];
    const body = text.slice(head + 4);
    if (head === -1 || body.length < Number(length ?? 0)) return;
    this.#pieces = [];
    const status = text.slice(9, 12);
    if (status === "200") this.#answered.resolve(body === "" ? {} : JSON.parse(body));
    else this.#answered.reject(new Error(`${status} ${body}`));
  }
}

class Signer {
  readonly #host: string;
  #day = "";
  #key: Buffer = Buffer.alloc(0);

  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`;
  }

  /** A whole request; good for some minutes, as often as it is sent. */
  request(operation: string, input: object): string {
    const body = JSON.stringify(input);
    const headers = Object.entries({ ...this.#signed(operation, body), "content-length": String(body.length) });
    return `POST / HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
  }

  #signed(operation: string, body: string): Record<string, string> {
    const now = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
    const day = now.slice(0, 8);
    const scope = `${day}/${REGION}/sqs/aws4_request`;
    const target = `AmazonSQS.${operation}`;
    const names = "host;x-amz-date;x-amz-target";
    const canonical = `POST\n/\n\nhost:${this.#host}\nx-amz-date:${now}\nx-amz-target:${target}\n\n${names}\n${hash("sha256", body, "hex")}`;
    const text = `AWS4-HMAC-SHA256\n${now}\n${scope}\n${hash("sha256", canonical, "hex")}`;
    const signature = createHmac("sha256", this.#keyOf(day)).update(text).digest("hex");
    return {
      host: this.#host,
      "content-type": "application/x-amz-json-1.0",
      "x-amz-date": now,
      "x-amz-target": target,
      authorization: `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    };
  }

  #keyOf(day: string): Buffer {
    if (day !== this.#day) {
      this.#day = day;
      this.#key = [day, REGION, "sqs", "aws4_request"].reduce<Buffer>(
        (key, part) => createHmac("sha256", key).update(part).digest(),
        Buffer.from(`AWS4${CREDENTIALS.secretAccessKey}`),
      );
    }
    return this.#key;
  }
}

process.on("disconnect", () => process.exit());
