/**
 * Producers and consumers of a queue in a process of their own: each connection sends a message, receives one and deletes
 * it, over and over, each call signed, with as little between as possible.
 */
import { createHmac, hash } from "node:crypto";
import { Agent, request } from "node:http";

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
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const sqs = new Caller(port, agent);
  let messages = 0;
  const start = performance.now();
  const until = start + seconds * 1000;
  const work = async (): Promise<void> => {
    while (performance.now() < until) {
      await sqs.call("SendMessage", { QueueUrl, MessageBody: BODY });
      const { Messages: received = [] } = await sqs.call("ReceiveMessage", { QueueUrl });
      for (const { ReceiptHandle } of received) {
        await sqs.call("DeleteMessage", { QueueUrl, ReceiptHandle });
        messages++;
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  agent.destroy();
  return { messages, seconds: (performance.now() - start) / 1000 };
}

interface Answer {
  readonly Messages?: readonly { readonly ReceiptHandle: string }[];
}

class Caller {
  readonly #port: number;
  readonly #agent: Agent;
  readonly #host: string;
  #day = "";
  #key: Buffer = Buffer.alloc(0);

  constructor(port: number, agent: Agent) {
    this.#port = port;
    this.#agent = agent;
    this.#host = `127.0.0.1:${port}`;
  }

  call(operation: string, input: object): Promise<Answer> {
    const body = JSON.stringify(input);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const sent = request(
      {
        host: "127.0.0.1",
        port: this.#port,
        method: "POST",
        path: "/",
        agent: this.#agent,
        headers: this.#signed(operation, body),
      },
      (answer) => {
        const pieces: Buffer[] = [];
        answer.on("data", (piece: Buffer) => pieces.push(piece));
        answer.on("end", () => {
          const text = Buffer.concat(pieces).toString("utf8");
          const given: Answer = answer.statusCode === 200 && text !== "" ? JSON.parse(text) : {};
          if (answer.statusCode === 200) resolve(given);
          else reject(new Error(`${operation}: ${answer.statusCode} ${text}`));
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
    return promise;
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
