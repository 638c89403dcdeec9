/**
 * How a SAML provider is asked to sign somebody in, and what it says of them. Differs: assertions that nobody has asked
 * for are refused; the certificate that assertions are encrypted with is the same for its ten years.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp.html,
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-SAML-signing-encryption.html
 */
import { deflateRawSync } from "node:zlib";
import { html } from "../../../kernel/html.ts";
import type { Context } from "../../../service/context.ts";
import { federationFailed } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import type { FederationAttempt } from "./federation-attempt-row.ts";
import { openDetails, type Provider } from "./identity-provider-row.ts";
import type { Vouched } from "./oidc-sign-in.ts";
import { fetched } from "./provider-address.ts";
import { openSamlKey, signWithSamlKey } from "./saml-certificate.ts";

const SECONDS_MAX = 5;

/** What the provider says of itself: as it was uploaded, or as it is published. @throws {AwsError} */
function metadataOf(provider: Provider, context: Context): string {
  const { MetadataFile: file, MetadataURL: url = "" } = openDetails(provider, context);
  if (file !== undefined) return file;
  return context.aside(`the metadata of ${provider.name}`, {
    secondsMax: SECONDS_MAX,
    attemptsMax: 1,
    tooLate: () => federationFailed("Read timed out"),
    ask: async (outside) => (await fetched({ url, method: "GET", headers: {} }, outside)).text,
  });
}

/** What providers know a pool as. */
const audienceOf = ({ id }: Pool): string => `urn:amazon:cognito:sp:${id}`;

const requestId = ({ nonce }: Pick<FederationAttempt, "nonce">): string => `_${nonce}`;

interface Asking {
  readonly pool: Pool;
  readonly provider: Provider;
  /** Where the answer is to be sent. */
  readonly returnUrl: string;
  readonly state: string;
  readonly nonce: string;
}

/** Where the browser asks. @throws {AwsError} where the provider takes no requests in an address */
export async function samlRequestUrl(asking: Asking, context: Context): Promise<string> {
  const { pool, provider, returnUrl, state } = asking;
  const place = await context.federation.samlSignInPlace(metadataOf(provider, context));
  if (place?.redirectUrl === undefined) throw federationFailed(`${provider.name} does not say where it is asked`);
  const request = html`<samlp:AuthnRequest
    xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
    ID="${requestId(asking)}"
    Version="2.0"
    IssueInstant="${context.now().toISOString()}"
    Destination="${place.redirectUrl}"
    AssertionConsumerServiceURL="${returnUrl}"
    ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    ><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
      >${audienceOf(pool)}</saml:Issuer
    ></samlp:AuthnRequest
  >`;
  const packed = deflateRawSync(Buffer.from(request.text, "utf8")).toString("base64");
  const query = new URLSearchParams({ SAMLRequest: packed, RelayState: state }).toString();
  const isSigned = openDetails(provider, context)["RequestSigningAlgorithm"] === "rsa-sha256";
  const signed = isSigned ? await withSignature(query, pool, context) : query;
  return `${place.redirectUrl}${place.redirectUrl.includes("?") ? "&" : "?"}${signed}`;
}

/** Source: https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf (3.4.4.1) */
async function withSignature(query: string, pool: Pool, context: Context): Promise<string> {
  const algorithm = new URLSearchParams({ SigAlg: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" });
  const content = `${query}&${algorithm.toString()}`;
  const signature = await signWithSamlKey(Buffer.from(content, "utf8"), pool, context);
  return `${content}&${new URLSearchParams({ Signature: signature.toString("base64") }).toString()}`;
}

interface Answered {
  readonly pool: Pool;
  readonly provider: Provider;
  readonly attempt: FederationAttempt;
  /** The addresses that the answer may have been sent to. */
  readonly recipients: readonly string[];
  readonly response: string;
}

/** @throws {AwsError} in the words that the app is told */
export async function samlVouched(
  { pool, provider, attempt, recipients, response }: Answered,
  context: Context,
): Promise<Vouched> {
  const metadata = metadataOf(provider, context);
  const encryption = encryptionOf(provider, context);
  const expected = { metadata, recipients, audience: audienceOf(pool), encryption };
  const verdict = await context.federation.verifySamlSignIn(response, expected);
  if (verdict.verdict === "refused") throw unbelieved(verdict.refusal.words);
  const { subject, issuer, attributes, inResponseTo } = verdict.identity;
  if (inResponseTo !== requestId(attempt)) throw unbelieved("it answers another request");
  const claims = Object.fromEntries(Object.entries(attributes).map(([name, values]) => [name, flattened(values)]));
  return { subject, issuer, claims, sources: { samlResponse: claims } };
}

/** `undefined`: its assertions come in the clear. */
function encryptionOf(provider: Provider, context: Context) {
  const isEncrypted = openDetails(provider, context)["EncryptedResponses"]?.toLowerCase() === "true";
  if (!isEncrypted || provider.encryption === undefined) return undefined;
  const key = openSamlKey(provider.encryption, context).export({ type: "pkcs8", format: "pem" });
  return { keys: [key.toString()], isRequired: true };
}

const unbelieved = (why: string) => federationFailed(`Error in SAML response processing: ${why}`);

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html (several values) */
function flattened(values: readonly string[]): string {
  const [only = "", ...more] = values;
  if (more.length === 0) return only;
  return `[${values.map((value) => new URLSearchParams({ v: value }).toString().slice(2)).join(", ")}]`;
}
