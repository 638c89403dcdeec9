/**
 * Certificates that a provider's thumbprints vouch for, where the machine's own authorities do not.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { PeerCertificate, TLSSocket } from "node:tls";

const CHAIN_LENGTH_MAX = 10;

/** Whether the other side of `socket` is `host`, by an authority or by a thumbprint. */
export function vouchesFor(socket: TLSSocket, host: string, thumbprints: readonly string[]): boolean {
  if (socket.authorized) return true;
  try {
    return isPinned(chainOf(socket), host, thumbprints);
  } catch {
    // a certificate that cannot be read vouches for nobody
    return false;
  }
}

/** Each certificate is signed by the next one, the first is the host's, and the last one is known. */
function isPinned(chain: readonly X509Certificate[], host: string, thumbprints: readonly string[]): boolean {
  const [leaf] = chain;
  if (leaf === undefined || !isFor(leaf, host)) return false;
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer !== undefined && !certificate.verify(issuer.publicKey)) return false;
  }
  const last = chain.at(-1)?.fingerprint.replaceAll(":", "").toLowerCase();
  return thumbprints.some((thumbprint) => thumbprint.toLowerCase() === last);
}

function isFor(leaf: X509Certificate, host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "");
  return (isIP(name) === 0 ? leaf.checkHost(name) : leaf.checkIP(name)) !== undefined;
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
