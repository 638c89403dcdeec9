/** A pool with a domain, an app, a user, and a browser to sign them in with. */
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { createHash } from "node:crypto";
import { assert } from "../src/kernel/assert.ts";
import { unescaped } from "../src/kernel/html.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

export const CALLBACK = "https://app.example.com/callback?from=login";
export const PASSWORD = "Correct-Horse-7";

interface Shown {
  readonly status: number;
  readonly text: string;
  readonly location: URL | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

type Parameters = Readonly<Record<string, string>>;

/** Keeps cookies, follows nothing by itself. */
export class Browser {
  readonly #cloud: TestCloud;
  readonly host: string;
  readonly cookies = new Map<string, string>();

  constructor(cloud: TestCloud, host: string) {
    this.#cloud = cloud;
    this.host = host;
  }

  get(address: string, more: Parameters = {}): Promise<Shown> {
    return this.#send("GET", address, more);
  }

  post(address: string, form: Parameters, more: Parameters = {}): Promise<Shown> {
    const body = new URLSearchParams(form).toString();
    return this.#send("POST", address, { "content-type": "application/x-www-form-urlencoded", ...more }, body);
  }

  /** Sends the form of a page, with what is typed into it. */
  submit(page: Shown, typed: Parameters): Promise<Shown> {
    return this.post(formAction(page.text), { ...hiddenFields(page.text), ...typed });
  }

  async #send(method: string, address: string, headers: Parameters, body?: string): Promise<Shown> {
    const url = new URL(address, `http://${this.host}`);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const sent = { host: this.host, ...(cookie !== "" && { cookie }), ...headers };
    // as it stands: the cloud's own client would sort and escape it
    const query = Object.fromEntries(
      [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]),
    );
    const answer = await this.#cloud.send({ method, path: url.pathname, query, headers: sent, body });
    this.#keep(answer.headers["set-cookie"]);
    const { location } = answer.headers;
    return {
      status: answer.statusCode,
      text: Buffer.from(answer.body).toString("utf8"),
      location: location === undefined ? undefined : new URL(location, `http://${this.host}`),
      headers: answer.headers,
    };
  }

  #keep(header: string | undefined): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(header ?? "") ?? [];
    if (value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export const formAction = (text: string): string => unescaped(/<form action="([^"]*)"/.exec(text)?.[1] ?? "");

const hiddenFields = (text: string): Parameters =>
  Object.fromEntries(
    [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      unescaped(name),
      unescaped(value),
    ]),
  );

interface Settings {
  readonly pool?: Partial<CreateUserPoolCommandInput>;
  readonly client?: Partial<CreateUserPoolClientCommandInput>;
}

export async function withHostedPages({ pool = {}, client = {} }: Settings = {}, home?: TestCloud) {
  const cloud = home ?? (await testCloud());
  const admin = cloud.client(CognitoIdentityProviderClient);
  const made = await admin.send(
    new CreateUserPoolCommand({ PoolName: "customers", AutoVerifiedAttributes: ["email"], ...pool }),
  );
  const poolId = made.UserPool?.Id ?? "";
  const newClient = async (settings: Partial<CreateUserPoolClientCommandInput> = {}) => {
    const { UserPoolClient } = await admin.send(
      new CreateUserPoolClientCommand({
        UserPoolId: poolId,
        ClientName: "app",
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
        CallbackURLs: [CALLBACK],
        LogoutURLs: ["https://app.example.com/bye"],
        SupportedIdentityProviders: ["COGNITO"],
        ...settings,
      }),
    );
    assert(UserPoolClient?.ClientId !== undefined, "a client has an id");
    return { id: UserPoolClient.ClientId, secret: UserPoolClient.ClientSecret };
  };
  await admin.send(new CreateUserPoolDomainCommand({ UserPoolId: poolId, Domain: "customers" }));
  const newUser = async (Username: string) => {
    const UserAttributes = [
      { Name: "email", Value: `${Username}@example.com` },
      { Name: "email_verified", Value: "true" },
    ];
    await admin.send(
      new AdminCreateUserCommand({ UserPoolId: poolId, Username, UserAttributes, MessageAction: "SUPPRESS" }),
    );
    await admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId: poolId, Username, Password: PASSWORD, Permanent: true }),
    );
  };
  const app = await newClient(client);
  await newUser("ann");
  const host = "customers.auth.us-east-1.amazoncognito.com";
  const browser = () => new Browser(cloud, host);
  const authorizeUrl = (more: Parameters = {}) =>
    `/oauth2/authorize?${new URLSearchParams({ client_id: app.id, response_type: "code", redirect_uri: CALLBACK, ...more }).toString()}`;
  /** Signs in with a new browser, or one that is given; gives where that leads. */
  const signIn = async (more: Parameters = {}, by = browser()) => {
    const begun = await by.get(authorizeUrl(more));
    const page = await by.get(begun.location?.href ?? "");
    return by.submit(page, { username: "ann", password: PASSWORD });
  };
  const codeFor = async (more: Parameters = {}) => (await signIn(more)).location?.searchParams.get("code") ?? "";
  const ask = (form: Parameters, headers: Parameters = {}) => browser().post("/oauth2/token", form, headers);
  const redeem = (code: string, more: Parameters = {}) =>
    ask({ grant_type: "authorization_code", client_id: app.id, redirect_uri: CALLBACK, code, ...more });
  return { cloud, admin, poolId, app, newClient, newUser, browser, authorizeUrl, signIn, codeFor, ask, redeem };
}

/** A proof key and its challenge. */
export const VERIFIER = "a".repeat(43);
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");
