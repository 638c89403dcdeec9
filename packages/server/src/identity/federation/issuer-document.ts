/** What issuers and login providers answer, fetched within bounds: of time, of size, and of where it may come from. */
import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { TLSSocket } from "node:tls";
import { parseJson } from "./json-object.ts";
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
  const { text } = await fetchAnswer(url, thumbprints);
  const document = text === undefined ? undefined : parseJson(text);
  if (document === undefined) throw noVerificationKey();
  return document;
};

export interface FetchedAnswer {
  readonly status: number;
  /** What the server calls that status: `Bad Request`. */
  readonly reason: string;
  /** Left out where the status is not 200, or there is more of it than one takes. */
  readonly text: string | undefined;
}

/**
 * Follows no redirection.
 * @throws {IdentityRefused} where nobody answers
 */
export async function fetchAnswer(url: URL, thumbprints: readonly string[]): Promise<FetchedAnswer> {
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  const answer = await open(url, thumbprints, signal);
  const { statusCode: status = 0, statusMessage: reason = "" } = answer;
  if (status === 200) return { status, reason, text: await textOf(answer) };
  answer.destroy();
  return { status, reason, text: undefined };
}

async function textOf(answer: IncomingMessage): Promise<string | undefined> {
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
  if (size > DOCUMENT_BYTES_MAX) return undefined;
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
