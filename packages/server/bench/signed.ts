/** Requests as the official clients sign them, as the bytes that go over the wire. */

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

type Client = { send(command: never): Promise<unknown> };
type ClientClass = new (config: Readonly<Record<string, unknown>>) => Client;

export interface Signed {
  readonly port: number;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** The bytes that a client of `of` sends for `command`. */
export async function signedRequest(of: ClientClass, command: object, { port, credentials }: Signed): Promise<Buffer> {
  let captured: SdkRequest | undefined;
  const client = new of({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts: 1,
    requestHandler: {
      handle: (request: SdkRequest) => {
        captured = request;
        return Promise.reject(new Error("captured"));
      },
    },
  });
  await client.send(command as never).catch(() => undefined);
  if (captured === undefined) throw new Error("the client sent nothing");
  return bytesOf(captured);
}

function bytesOf({ method, path, query = {}, headers, body = "" }: SdkRequest): Buffer {
  const search = Object.keys(query)
    .toSorted()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(query[name] ?? "")}`)
    .join("&");
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const payload = Buffer.from(body);
  if (!Object.keys(headers).some((name) => name.toLowerCase() === "content-length")) {
    lines.push(`content-length: ${payload.byteLength}`);
  }
  const head = `${method} ${path}${search === "" ? "" : `?${search}`} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), payload]);
}
