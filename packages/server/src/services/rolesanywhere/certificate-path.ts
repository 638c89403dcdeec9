/** From the certificate of a signer to an authority that is trusted. Source: https://www.rfc-editor.org/rfc/rfc5280#section-6 */
import {
  hasStrongSignature,
  isAuthority,
  isIssuedBy,
  isUnderstood,
  isValidAt,
  pathLengthOf,
  signsCertificates,
  type Certificate,
} from "./certificate.ts";

interface Trust {
  readonly anchors: readonly Certificate[];
  /** What the signer sent along: few, for every order of them may be tried. */
  readonly intermediates: readonly Certificate[];
  readonly atMs: number;
}

/** From the signer's certificate to an anchor, both included; `undefined` where no way leads there. */
export function findPath(leaf: Certificate, trust: Trust): readonly Certificate[] | undefined {
  if (!isValidAt(leaf, trust.atMs) || !isUnderstood(leaf)) return undefined;
  return extend([leaf], trust);
}

function extend(path: readonly Certificate[], trust: Trust): readonly Certificate[] | undefined {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const anchor = trust.anchors.find(
    (candidate) => mayFollow(candidate, path, trust.atMs) && isIssuedBy(last, candidate),
  );
  if (anchor !== undefined) return [...path, anchor];
  for (const candidate of trust.intermediates) {
    if (path.includes(candidate) || !mayFollow(candidate, path, trust.atMs) || !isIssuedBy(last, candidate)) continue;
    const found = extend([...path, candidate], trust);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether it is an authority, and one that lets so many follow. */
const mayFollow = (candidate: Certificate, path: readonly Certificate[], atMs: number): boolean =>
  isAuthority(candidate) &&
  signsCertificates(candidate) &&
  hasStrongSignature(candidate) &&
  isUnderstood(candidate) &&
  isValidAt(candidate, atMs) &&
  path.length - 1 <= pathLengthOf(candidate);
