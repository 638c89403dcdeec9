/** Small JSON documents of issuers, fetched within bounds: of time, of size, and of where they may come from. */
import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { TLSSocket } from "node:tls";
import { vouchesFor } from "./thumbprint.ts";
import { issuerUnreachable, noVerificationKey, wrongThumbprint } from "./refusals.ts";

const ANSWER_MS_MAX = 5_000;
const DOCUMENT_BYTES_MAX = 256 * 1024;

/** @param thumbprints of certificates that are trusted where no authority of the machine vouches for the issuer's */
export type FetchDocument = (url: URL, thumbprints: readonly string[]) => Promise<unknown>;

/**
 * Follows no redirection.
 * @throws {IdentityRefused}
 */
export const fetchDocument: FetchDocument = async (url, thumbprints) => {
  const text = await fetchText(url, thumbprints);
  try {
    return JSON.parse(text);
  } catch {
    throw noVerificationKey();
  }
};

async function fetchText(url: URL, thumbprints: readonly string[]): Promise<string> {
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  const answer = await open(url, thumbprints, signal);
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw noVerificationKey();
  }
  const body: AsyncIterable<Buffer> = answer;
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of body) {
      size += piece.byteLength;
      if (size > DOCUMENT_BYTES_MAX) break;
      pieces.push(piece);
    }
  } catch {
    throw issuerUnreachable();
  }
  if (size > DOCUMENT_BYTES_MAX) throw noVerificationKey();
  return Buffer.concat(pieces).toString("utf8");
}

function open(url: URL, thumbprints: readonly string[], signal: AbortSignal): Promise<IncomingMessage> {
  const secure = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const options = { signal, agent: false, headers: { accept: "application/json" } } as const;
    const request = secure
      ? requestHttps(url, { ...options, rejectUnauthorized: thumbprints.length === 0 })
      : requestHttp(url, options);
    request.on("error", () => reject(issuerUnreachable()));
    request.on("response", resolve);
    if (secure) {
      request.on("socket", (socket) =>
        socket.on("secureConnect", () => {
          if (socket instanceof TLSSocket && vouchesFor(socket, url.hostname, thumbprints)) return request.end();
          reject(wrongThumbprint());
          return request.destroy();
        }),
      );
    } else {
      request.end();
    }
  });
}
