import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";

export interface CaOptions {
  readonly pem?: boolean;
}

/**
 * Where the local certificate authority's certificate is, or its text. A server makes it when the first
 * TLS connection comes, so where there is none yet, this makes that connection.
 */
export async function ca({ directory, endpoint, output }: Session, { pem }: CaOptions): Promise<void> {
  const shown = existsSync(directory.ca) ? readFileSync(directory.ca, "utf8") : await fetchCa(endpoint);
  const path = existsSync(directory.ca) ? directory.ca : undefined;
  const text = shown.trimEnd();
  output.answer({ path, pem: text }, () => (pem || path === undefined ? text : path));
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
