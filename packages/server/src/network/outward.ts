/** The way out of the cloud, guarded. */
import { lookup } from "node:dns";
import { request as requestHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { isLoopbackAddress } from "../kernel/loopback.ts";
import { OutwardError } from "../kernel/outward-error.ts";
import type { Outward, OutwardAnswer, OutwardRequest } from "../service/outward.ts";

/** Whom the cloud may call. */
export type OutwardReach = "loopback" | "everywhere";

/** Outside of `reach`, nothing is sent: addresses are looked at once names have become some, so no name leads elsewhere. */
export const outwardTo = (reach: OutwardReach): Outward => ({
  async request(asked) {
    const url = URL.parse(asked.url);
    if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
      throw new OutwardError("refused", `${asked.url} is no address of a web server`);
    }
    try {
      return await answerOf(await open(url, asked, reach), asked.bytesMax);
    } catch (error) {
      throw error instanceof OutwardError ? error : outwardError(error, url);
    }
  },
});

function open(url: URL, asked: OutwardRequest, reach: OutwardReach): Promise<IncomingMessage> {
  const { method, headers, body, timeoutMs } = asked;
  if (/^\/_kumobako\/(?!idp\/)/.test(url.pathname)) throw new OutwardError("refused", CONTROL);
  const options: RequestOptions = {
    method,
    headers: body === undefined ? headers : { ...headers, "content-length": String(body.byteLength) },
    signal: AbortSignal.timeout(timeoutMs),
    agent: false,
    lookup: reach === "everywhere" ? lookup : lookupLoopback,
  };
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isNumeric = /^[\d.]+$|:/.test(host);
  if (reach === "loopback" && isNumeric && !isLoopbackAddress(host)) throw beyond(url.hostname);
  return new Promise((resolve, reject) => {
    const request = url.protocol === "https:" ? requestHttps(url, options) : requestHttp(url, options);
    request.on("response", resolve);
    request.on("error", reject);
    request.end(body);
  });
}

/** Gives addresses of this machine only. */
const lookupLoopback: LookupFunction = (hostname, options, callback) => {
  // a name of this machine by definition. Source: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
  const name = hostname.endsWith(".localhost") ? "localhost" : hostname;
  lookup(name, { ...options, all: true }, (error, found) => {
    const here = error === null ? found.filter(({ address }) => isLoopbackAddress(address)) : [];
    const [first] = here;
    if (error !== null || first === undefined) callback(error ?? beyond(hostname), "");
    else if (options.all === true) callback(null, here);
    else callback(null, first.address, first.family);
  });
};

/** What users have sent is theirs: it must not speak as who sits at this machine. */
const CONTROL = "the control of the cloud is not for what runs in it";

const beyond = (host: string): OutwardError =>
  new OutwardError("refused", `${host} is not this machine, and the cloud was started without --outward`);

async function answerOf(answer: IncomingMessage, bytesMax: number): Promise<OutwardAnswer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Buffer> = answer;
  for await (const piece of body) {
    pieces.push(piece.subarray(0, bytesMax - size));
    size += piece.byteLength;
    if (size >= bytesMax) break;
  }
  answer.destroy();
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return { status: answer.statusCode ?? 0, headers, body: Buffer.concat(pieces) };
}

function outwardError(error: unknown, url: URL): OutwardError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const isLate = name === "TimeoutError" || name === "AbortError";
  return new OutwardError(isLate ? "timeout" : "unreachable", `${url.host}: ${message}`);
}
