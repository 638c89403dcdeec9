import { expect, test } from "vitest";
import { serverCertificate } from "../../../test/certificates.ts";
import { verifyCertificateSignature } from "./certificate-signature.ts";
import { AuthenticationError } from "./errors.ts";

const DATE = "20261122T120000Z";
const now = () => Date.UTC(2026, 10, 22, 12);
const clock = { now, realNow: now };

const DER = serverCertificate.CertificateBody.replaceAll(/-----[A-Z ]+-----|\s/g, "");
/** Of that certificate, in decimal digits. */
const SERIAL = "275696116602188924947030478142020861030473099290";
const SCOPE = "20261122/us-east-1/rolesanywhere/aws4_request";
const NAMES = "host;x-amz-date;x-amz-x509";

/** The headers of a request whose signature is of nobody, and otherwise what it should be. */
const headers = (more: Readonly<Record<string, string | undefined>> = {}) => ({
  host: "rolesanywhere.us-east-1.amazonaws.com",
  "x-amz-date": DATE,
  "x-amz-x509": DER,
  authorization: authorization(),
  ...more,
});

const authorization = (
  algorithm = "AWS4-X509-ECDSA-SHA256",
  credential = `${SERIAL}/${SCOPE}`,
  signature = "30060201010201ff",
) => `${algorithm} Credential=${credential}, SignedHeaders=${NAMES}, Signature=${signature}`;

/** Why it is refused. */
function refusal(sent: Readonly<Record<string, string | undefined>>): string {
  try {
    const head = { method: "POST", path: "/sessions", query: "", headers: sent };
    verifyCertificateSignature(head, new Uint8Array(), clock);
    return "taken";
  } catch (error) {
    return error instanceof AuthenticationError && error.httpStatus === 403
      ? error.message
      : `broken: ${String(error)}`;
  }
}

test("a certificate without the right signature proves nothing", () => {
  expect(refusal(headers())).toBe("Invalid signature");
});

test("what is no certificate is refused, not stumbled over", () => {
  const flipped = `${DER.slice(0, 300)}AAAA${DER.slice(304)}`;
  for (const text of [undefined, "", "x", "AAAA", DER.slice(0, 100), "MAA=", "MIIB", flipped]) {
    const { "x-amz-x509": _, ...rest } = headers();
    expect(refusal({ ...rest, "x-amz-x509": text })).toMatch(/^(Untrusted certificate|Invalid signature)/);
  }
  for (let at = 0; at < DER.length; at += 3) {
    const cut = `${DER.slice(0, at)}${DER.charAt(at) === "A" ? "B" : "A"}${DER.slice(at + 1)}`;
    expect(refusal(headers({ "x-amz-x509": cut }))).toMatch(/^(Untrusted certificate|Invalid signature)/);
  }
});

test("an authorization that is not in form is refused", () => {
  for (const text of [
    undefined,
    "",
    "AWS4-X509-",
    "AWS4-X509-MD5",
    "AWS4-X509-ECDSA-SHA256",
    authorization("AWS4-X509-RSA-SHA256"),
    authorization("AWS4-HMAC-SHA256"),
    authorization(undefined, SERIAL),
    authorization(undefined, `${SERIAL}/20261122/us-east-1/sts/aws4_request`),
    authorization(undefined, `${SERIAL}/20261121/us-east-1/rolesanywhere/aws4_request`),
    authorization(undefined, `1/${SCOPE}`),
    authorization(undefined, undefined, ""),
    authorization(undefined, undefined, "abc"),
    authorization(undefined, undefined, "zz"),
  ]) {
    expect(refusal(headers({ authorization: text }))).toBe("Invalid signature");
  }
});

test("the date has to be there, and near", () => {
  for (const date of [undefined, "", "today", "2026-11-22T12:00:00Z"]) {
    expect(refusal(headers({ "x-amz-date": date }))).toBe("Invalid signature");
  }
  expect(refusal(headers({ "x-amz-date": "20261122T121501Z" }))).toBe("Signature expired");
  expect(refusal(headers({ "x-amz-date": "20261122T114459Z" }))).toBe("Signature expired");
});
