/**
 * Certificates that a provider's thumbprints vouch for, where the machine's own authorities do not.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 */
import { X509Certificate } from "node:crypto";
import type { PeerCertificate, TLSSocket } from "node:tls";

const CHAIN_LENGTH_MAX = 10;

/** Whether the other side of `socket` is `host`, by an authority or by a thumbprint. */
export function vouchesFor(socket: TLSSocket, host: string, thumbprints: readonly string[]): boolean {
  return socket.authorized || isPinned(chainOf(socket), host, thumbprints);
}

/** Each certificate is signed by the next one, the first is the host's, and the last one is known. */
function isPinned(chain: readonly X509Certificate[], host: string, thumbprints: readonly string[]): boolean {
  const [leaf] = chain;
  if (leaf?.checkHost(host) === undefined && leaf?.checkIP(host) === undefined) return false;
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer !== undefined && !certificate.verify(issuer.publicKey)) return false;
  }
  const last = chain.at(-1)?.fingerprint.replaceAll(":", "").toLowerCase();
  return thumbprints.some((thumbprint) => thumbprint.toLowerCase() === last);
}

function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: PeerCertificate & { issuerCertificate?: PeerCertificate | undefined } = socket.getPeerCertificate(true);
  while (next.raw !== undefined && chain.length < CHAIN_LENGTH_MAX) {
    chain.push(new X509Certificate(next.raw));
    const above = next.issuerCertificate;
    if (above === undefined || above.raw.equals(next.raw)) break;
    next = above;
  }
  return chain;
}
