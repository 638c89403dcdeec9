/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-SAML-signing-encryption.html */
import { X509Certificate } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import {
  CreateIdentityProviderCommand,
  DescribeIdentityProviderCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { CALLBACK, withHostedPages } from "../../../../test/hosted-pages.ts";
import { encrypted, XMLENC } from "../../../../test/encrypted-assertion.ts";
import { foreignKey, ISSUER, key } from "../../../../test/saml-identities.ts";
import { samlMetadata, samlResponse, signed, unsignedResponse, type SamlFacts } from "../../../idp/saml-response.ts";

const HERE = "https://customers.auth.us-east-1.amazoncognito.com/saml2/idpresponse";
/** Pages of a pool whose provider encrypts its assertions, or does not. */
async function withOffice(more: Record<string, string> = { EncryptedResponses: "true" }) {
  const pages = await withHostedPages();
  const { admin, cloud, poolId: UserPoolId, browser } = pages;
  const named = { UserPoolId, ProviderName: "Office" };
  const ProviderDetails = { MetadataFile: samlMetadata(ISSUER, key), ...more };
  await admin.send(new CreateIdentityProviderCommand({ ...named, ProviderType: "SAML", ProviderDetails }));
  const { IdentityProvider } = await admin.send(new DescribeIdentityProviderCommand(named));
  const certificate = IdentityProvider?.ProviderDetails?.["ActiveEncryptionCertificate"] ?? "";
  const { id } = await pages.newClient({ SupportedIdentityProviders: ["Office"] });
  const query = { client_id: id, response_type: "code", redirect_uri: CALLBACK, state: "s1" };
  /** What becomes of who comes back with what `make` makes of facts about him. */
  const told = async (make: (facts: SamlFacts) => string | Promise<string>) => {
    const by = browser();
    const { location } = await by.get(`/oauth2/authorize?${new URLSearchParams(query).toString()}`);
    const asked = new URLSearchParams(location?.search);
    const packed = Buffer.from(asked.get("SAMLRequest") ?? "", "base64");
    const facts: SamlFacts = {
      issuer: ISSUER,
      subject: "ann@office.example.com",
      sessionName: "ann",
      roles: [],
      issuedAtMs: cloud.clock.now().getTime(),
      seconds: 300,
      recipient: HERE,
      audience: `urn:amazon:cognito:sp:${UserPoolId}`,
      inResponseTo: / ID="([^"]+)"/.exec(inflateRawSync(packed).toString("utf8"))?.[1] ?? "",
    };
    const SAMLResponse = Buffer.from(await make(facts)).toString("base64");
    const RelayState = asked.get("RelayState") ?? "";
    const posted = await browser().post("/saml2/idpresponse", { SAMLResponse, RelayState });
    const isHere = posted.location?.pathname === "/saml2/idpresponse";
    const back = isHere ? await by.get(posted.location?.href ?? "") : posted;
    return Object.fromEntries(back.location?.searchParams ?? []);
  };
  return { certificate, told, UserPoolId };
}

const signedIn = { code: expect.any(String), state: "s1" };
const refused = { error: "invalid_request", error_description: expect.stringMatching(/^Error in SAML response/) };

test("each SAML provider has a certificate of its own, of the pool's", async () => {
  const { certificate, UserPoolId } = await withOffice({});
  const { subject, publicKey, validTo, validFrom } = new X509Certificate(Buffer.from(certificate, "base64"));
  expect(subject).toBe(`CN=${UserPoolId}`);
  expect(publicKey.asymmetricKeyType).toBe("rsa");
  expect(new Date(validTo).getFullYear() - new Date(validFrom).getFullYear()).toBeGreaterThanOrEqual(9);
  expect((await withOffice({})).certificate).not.toBe(certificate);
});

test.each([
  [{}],
  [{ encryptionAlgorithm: "http://www.w3.org/2009/xmlenc11#aes256-gcm" }],
  [{ encryptionAlgorithm: `${XMLENC}aes128-cbc` }],
] as const)("an assertion that is signed and then encrypted signs its user in: %j", async (algorithms) => {
  const { certificate, told } = await withOffice();
  expect(await told((facts) => encrypted(samlResponse(facts, key), certificate, algorithms))).toMatchObject(signedIn);
});

test("an assertion that is encrypted in a signed response signs its user in", async () => {
  const { certificate, told } = await withOffice();
  const make = async (facts: SamlFacts) =>
    signed(await encrypted(unsignedResponse(facts), certificate), key, "Response");
  expect(await told(make)).toMatchObject(signedIn);
});

test("nobody is signed in by what is not signed, or for another receiver, or encrypted in a way that is broken", async () => {
  const { certificate, told } = await withOffice();
  const other = (await withOffice()).certificate;
  const unsigned = await told((facts) => encrypted(unsignedResponse(facts), certificate));
  expect(unsigned).toMatchObject(refused);
  const ways = [
    (facts: SamlFacts) => encrypted(samlResponse(facts, foreignKey), certificate),
    (facts: SamlFacts) => encrypted(samlResponse(facts, key), other),
    (facts: SamlFacts) =>
      encrypted(samlResponse(facts, key), certificate, { keyEncryptionAlgorithm: `${XMLENC}rsa-1_5` }),
    async (facts: SamlFacts) => {
      const text = await encrypted(samlResponse(facts, key), certificate);
      return text.replace(
        /(CipherValue>)([^<]{40})(?=[^<]*<\/[^>]*CipherValue>\s*<\/[^>]*CipherData>\s*<\/[^>]*EncryptedData)/,
        "$1AAAA",
      );
    },
  ];
  // whatever it is, it is told in the same words
  for (const way of ways) expect(await told(way)).toEqual(unsigned);
});

test("a provider that encrypts is not believed in the clear, nor another in secret", async () => {
  const secret = await withOffice();
  expect(await secret.told((facts) => samlResponse(facts, key))).toMatchObject(refused);
  const open = await withOffice({});
  expect(await open.told((facts) => samlResponse(facts, key))).toMatchObject(signedIn);
  expect(await open.told((facts) => encrypted(samlResponse(facts, key), open.certificate))).toMatchObject(refused);
});
