/** What somebody wants a token or a response to say, as JSON. */
import type { JWTPayload } from "jose";
import { isAccessTokenProvider, type AccessTokenFacts } from "./access-token.ts";
import { TOKEN_SECONDS_USUAL } from "./oidc.ts";
import type { SamlFacts, SignedPart } from "./saml-response.ts";

const SECONDS_MAX = 31_536_000;
const SAML_SECONDS_USUAL = 300;

interface TokenOrder {
  readonly claims: JWTPayload;
  readonly seconds: number | undefined;
}

export interface SamlOrder extends Omit<SamlFacts, "issuer" | "issuedAtMs"> {
  readonly sign: SignedPart;
}

/** Text says what is wrong. */
export function readTokenOrder(body: string): TokenOrder | string {
  const order = parse(body);
  const claims = order?.["claims"];
  if (!isRecord(claims)) return "`claims` is an object";
  const seconds = order?.["seconds"];
  return isSeconds(seconds) ? { claims, seconds } : SECONDS_WORDS;
}

/** Text says what is wrong. */
export function readAccessTokenOrder(body: string): AccessTokenFacts | string {
  const { provider, subject, application, client = application, seconds } = parse(body) ?? {};
  if (!isAccessTokenProvider(provider)) return "`provider` is `www.amazon.com` or `graph.facebook.com`";
  if (!isText(subject) || subject === "") return "`subject` is a text";
  if (!isText(application) || application === "" || !isText(client)) return "`application` and `client` are texts";
  if (!isSeconds(seconds)) return SECONDS_WORDS;
  return { provider, subject, application, client, seconds: seconds ?? TOKEN_SECONDS_USUAL };
}

/** Text says what is wrong. */
export function readSamlOrder(body: string): SamlOrder | string {
  const order = parse(body) ?? {};
  const { subject, sessionName = subject, roles, attributes = {}, seconds, sign = "Assertion", ...rest } = order;
  if (!isText(subject) || !isText(sessionName)) return "`subject` is a text";
  if (!isRoles(roles)) return "`roles` is a list of `{ roleArn, providerArn }`";
  if (!isAttributes(attributes)) return "`attributes` has a list of texts for each name";
  if (!isSeconds(seconds)) return SECONDS_WORDS;
  if (!isPart(sign)) return "`sign` is `Assertion` or `Response`";
  return {
    subject,
    sessionName,
    roles,
    attributes,
    sign,
    seconds: seconds ?? SAML_SECONDS_USUAL,
    recipient: textOrNothing(rest["recipient"]),
    audience: textOrNothing(rest["audience"]),
    format: textOrNothing(rest["format"]),
  };
}

const SECONDS_WORDS = `\`seconds\` is a whole number from 1 to ${SECONDS_MAX}`;

const isSeconds = (value: unknown): value is number | undefined =>
  value === undefined || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= SECONDS_MAX);

const textOrNothing = (value: unknown): string | undefined => (isText(value) ? value : undefined);

const isText = (value: unknown): value is string => typeof value === "string";

const isPart = (value: unknown): value is SignedPart => value === "Assertion" || value === "Response";

const isRoles = (value: unknown): value is SamlFacts["roles"] => Array.isArray(value) && value.every(isRole);

const isRole = (value: unknown): value is SamlFacts["roles"][number] =>
  isRecord(value) && typeof value["roleArn"] === "string" && typeof value["providerArn"] === "string";

const isAttributes = (value: unknown): value is Readonly<Record<string, readonly string[]>> =>
  isRecord(value) &&
  Object.values(value).every((texts) => Array.isArray(texts) && texts.every((text) => typeof text === "string"));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
