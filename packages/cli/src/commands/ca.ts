import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";
import { makeStateDirectory } from "../state-directory.ts";

export interface CaOptions {
  readonly pem?: boolean;
}

const ANSWER_TIMEOUT_MS = 3000;

/**
 * Where the local certificate authority's certificate is, or its text. A server makes it when the first TLS connection
 * comes, so it is asked for over one. What it shows counts, not what lies in the directory: a server in memory has an
 * authority of its own, whose certificate is written down for the tools that want a file. One that does not run is known
 * by what it kept.
 */
export async function ca({ directory, endpoint, output }: Session, { pem }: CaOptions): Promise<void> {
  const kept = existsSync(directory.ca) ? readFileSync(directory.ca, "utf8") : undefined;
  const text = await fetchCa(endpoint).catch((failure: unknown) => {
    if (kept === undefined) throw failure;
    return kept;
  });
  const path = kept?.trim() === text.trim() ? directory.ca : await writeServed(directory, text);
  output.answer({ path, pem: text.trimEnd() }, (shown) => (pem ? shown.pem : shown.path));
}

async function writeServed(directory: Session["directory"], text: string): Promise<string> {
  await makeStateDirectory(directory);
  writeFileSync(directory.servedCa, text);
  return directory.servedCa;
}

/** The root of the chain that the server shows. */
function fetchCa(endpoint: string): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  const host = hostname.replaceAll(/[[\]]/g, "");
  return new Promise((resolve, reject) => {
    // Nothing is sent over this connection, and what it gives is only shown.
    const socket = connect({ host, port: Number(port || 443), rejectUnauthorized: false }, () => {
      resolve(new X509Certificate(rootOf(socket.getPeerCertificate(true)).raw).toString());
      socket.end();
    });
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error("no answer")));
    socket.on("error", () =>
      reject(
        new Failure("notRunning", `no Kumobako answers at ${endpoint} over TLS`, "start one with `kumobako start`"),
      ),
    );
  });
}

function rootOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate {
  const { issuerCertificate } = certificate;
  const isRoot = !issuerCertificate || issuerCertificate.fingerprint256 === certificate.fingerprint256;
  return isRoot ? certificate : rootOf(issuerCertificate);
}
