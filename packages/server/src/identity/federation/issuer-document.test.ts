import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import { createServer, type ServerOptions } from "node:https";
import { X509Certificate as Certificate, X509CertificateGenerator } from "@peculiar/x509";
import { expect, onTestFinished, test } from "vitest";
import { issueAuthority, issueLeaf, type Issued } from "../../gateway/listener/certificate-issue.ts";
import { assert } from "../../kernel/assert.ts";
import { issuerAddress, keySetAddress } from "./issuer-address.ts";
import { fetchDocument } from "./issuer-document.ts";

const now = new Date();
const authority = await issueAuthority(now);
const leaf = await issueLeaf(authority, now, ["localhost"]);

const thumbprintOf = (pem: string): string => new X509Certificate(pem).fingerprint.replaceAll(":", "");

/** Answers with an empty document, over TLS; gives its address. */
async function secureIssuer(options: ServerOptions): Promise<URL> {
  const server = createServer(options, (_request, response) => response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  assert(typeof address === "object" && address !== null, "it listens");
  return new URL(`https://localhost:${address.port}/`);
}

const chained = (own: Issued, above: Issued): ServerOptions => ({
  key: own.key,
  cert: `${own.certificate}\n${above.certificate}`,
});

test("where no authority of the machine vouches for an issuer, the thumbprint of its chain's end does", async () => {
  const url = await secureIssuer(chained(leaf, authority));
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
  expect(await fetchDocument(url, ["0".repeat(40), thumbprintOf(authority.certificate).toLowerCase()])).toEqual({});
  expect(await fetchDocument(url, [thumbprintOf(authority.certificate)])).toEqual({});
  // Source: https://github.com/aws-actions/configure-aws-credentials/issues/357
  const mismatch = "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint";
  await expect(fetchDocument(url, ["0".repeat(40)])).rejects.toThrow(mismatch);
  await expect(fetchDocument(url, [thumbprintOf(leaf.certificate)])).rejects.toThrow(mismatch);
  await expect(fetchDocument(url, [])).rejects.toThrow(/could not be reached/);
});

test("a certificate for another name is not the issuer's, whoever signed it", async () => {
  const other = await issueLeaf(authority, now, ["other.localhost"]);
  const url = await secureIssuer(chained(other, authority));
  await expect(fetchDocument(url, [thumbprintOf(authority.certificate)])).rejects.toThrow(
    /match configured thumbprint/,
  );
});

test("a known certificate that is only put behind another one's does not vouch for it", async () => {
  const impostor = await impersonate(authority);
  const forged = await issueLeaf(impostor, now, ["localhost"]);
  const known = [thumbprintOf(authority.certificate)];
  const url = await secureIssuer(chained(forged, authority));
  await expect(fetchDocument(url, known)).rejects.toThrow(/match configured thumbprint/);
});

/** An authority of the same name with another key. */
async function impersonate({ certificate }: Issued): Promise<Issued> {
  const { subject, serialNumber } = new Certificate(certificate);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const own = await X509CertificateGenerator.createSelfSigned({
    name: subject,
    serialNumber,
    notBefore: new Date(now.getTime() - 86_400_000),
    notAfter: new Date(now.getTime() + 86_400_000),
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    certificate: own.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/(.{64})/g, "$1\n")}\n-----END PRIVATE KEY-----\n`,
  };
}

test("an issuer is out in the world, over TLS, or on this machine", () => {
  const good = ["https://idp.example.com/a", "http://localhost:4566/idp", "http://127.0.0.1:1", "https://[::1]:2/x"];
  for (const text of good) expect(issuerAddress(text).href, text).toContain(text);
  const bad = [
    "http://idp.example.com",
    "https://169.254.169.254/latest",
    "https://10.0.0.1",
    "https://[fe80::1]/",
    "https://2852039166/",
    "ftp://localhost/",
    "file:///etc/passwd",
    "https://user@idp.example.com",
    "https://idp.example.com?x",
    "https://idp.example.com#x",
    "idp",
  ];
  for (const text of bad) expect(() => issuerAddress(text), text).toThrow(/^Couldn't retrieve verification key/);
});

test("an issuer out in the world does not have keys fetched from this machine", () => {
  const [outside, here] = [new URL("https://idp.example.com"), new URL("http://localhost:4566")];
  expect(keySetAddress("https://keys.example.com/k", outside).host).toBe("keys.example.com");
  expect(keySetAddress("http://127.0.0.1:1/k", here).host).toBe("127.0.0.1:1");
  for (const text of [
    "http://localhost/k",
    "https://127.0.0.1/k",
    "https://x.localhost/",
    "http://keys.example.com/k",
    7,
  ]) {
    expect(() => keySetAddress(text, outside), String(text)).toThrow(/^Couldn't retrieve verification key/);
  }
});
