/** SAML responses whose assertion is encrypted, as providers do it. */
import { createPublicKey, X509Certificate } from "node:crypto";
import { encrypt, type EncryptOptions } from "xml-encryption";
import { assert } from "../src/kernel/assert.ts";

export const XMLENC = "http://www.w3.org/2001/04/xmlenc#";

type Algorithms = Partial<Pick<EncryptOptions, "encryptionAlgorithm" | "keyEncryptionAlgorithm">>;

const pemOf = (certificate: string) => new X509Certificate(Buffer.from(certificate, "base64")).toString();

/** `response` with its assertion encrypted for who has the key of `certificate`: DER in base64. */
export async function encrypted(response: string, certificate: string, algorithms: Algorithms = {}): Promise<string> {
  const [assertion = ""] = /<saml:Assertion.*<\/saml:Assertion>/s.exec(response) ?? [];
  assert(assertion !== "", "a response has an assertion");
  const pem = pemOf(certificate);
  const options = {
    rsa_pub: createPublicKey(pem).export({ type: "spki", format: "pem" }),
    pem,
    encryptionAlgorithm: `${XMLENC}aes256-cbc`,
    keyEncryptionAlgorithm: `${XMLENC}rsa-oaep-mgf1p`,
    disallowEncryptionWithInsecureAlgorithm: false,
    warnInsecureAlgorithm: false,
    ...algorithms,
  } as const;
  const content = await new Promise<string>((done, failed) => {
    encrypt(assertion, options, (error: Error | null, text) => (error === null ? done(text) : failed(error)));
  });
  const inside = `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${content}</saml:EncryptedAssertion>`;
  return response.replace(assertion, () => inside);
}
