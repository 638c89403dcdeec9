/**
 * Where an OpenID Connect provider is asked: as its settings say, or as it says itself.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html
 */
import { OutwardError } from "../../../kernel/outward-error.ts";
import type { Context } from "../../../service/context.ts";
import { federationFailed, triggerTooLate } from "../errors.ts";
import { parseDocument, textIn } from "../json-document.ts";
import { openDetails, type Details, type Provider } from "./identity-provider-row.ts";

export interface OidcProvider {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly issuer: string;
  readonly scopes: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly userUrl: string | undefined;
  readonly userMethod: "GET" | "POST";
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-social-idp.html */
const GOOGLE: Details = { oidc_issuer: "https://accounts.google.com", attributes_request_method: "GET" };

const ANSWER_MS_MAX = 5000;
const DOCUMENT_BYTES_MAX = 256 * 1024;

/** @throws {AwsError} `InvalidParameterException` where the provider does not say where it is asked */
export function oidcProvider(provider: Provider, context: Context): OidcProvider {
  const details = { ...openDetails(provider, context), ...(provider.type === "Google" && GOOGLE) };
  const { oidc_issuer: issuer = "", client_id: clientId = "", authorize_scopes: scopes = "openid" } = details;
  const { authorize_url: authorizeUrl, token_url: tokenUrl, attributes_url: userUrl } = details;
  const userMethod = details["attributes_request_method"] === "POST" ? "POST" : "GET";
  const said = { name: provider.name, clientId, clientSecret: details["client_secret"], issuer, scopes, userMethod };
  if (authorizeUrl !== undefined && tokenUrl !== undefined)
    return { ...said, authorizeUrl, tokenUrl, userUrl, userMethod };
  const document = parseDocument(context.aside(`the addresses of ${issuer}`, discovery(provider.name, issuer)));
  const found = {
    authorizeUrl: textIn(document, "authorization_endpoint"),
    tokenUrl: textIn(document, "token_endpoint"),
    userUrl: userUrl ?? textIn(document, "userinfo_endpoint"),
  };
  if (found.authorizeUrl === undefined || found.tokenUrl === undefined)
    throw federationFailed(`${provider.name} does not say where it is asked`);
  return { ...said, ...found, authorizeUrl: found.authorizeUrl, tokenUrl: found.tokenUrl, userMethod };
}

const discovery = (name: string, issuer: string) => ({
  secondsMax: ANSWER_MS_MAX / 1000,
  attemptsMax: 1,
  tooLate: () => triggerTooLate(name),
  ask: async (context: Context) => {
    const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const { text } = await fetched({ url, method: "GET", headers: { accept: "application/json" } }, context);
    return text;
  },
});

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @throws {AwsError} in the words that an app is told */
export async function fetched({ body, ...asked }: Asked, { outward }: Context) {
  try {
    const answer = await outward.request({
      ...asked,
      body: body === undefined ? undefined : Buffer.from(body, "utf8"),
      timeoutMs: ANSWER_MS_MAX,
      bytesMax: DOCUMENT_BYTES_MAX,
    });
    return { status: answer.status, text: Buffer.from(answer.body).toString("utf8") };
  } catch (error) {
    throw error instanceof OutwardError ? federationFailed(WORDS[error.why]) : error;
  }
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html (Examples of negative responses) */
const WORDS = {
  timeout: "Timeout occurred in calling IdP token endpoint",
  unreachable: "Connection reset",
  refused: "Connection reset",
} as const;
