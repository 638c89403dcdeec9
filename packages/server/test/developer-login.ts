/** A program that gets credentials as `aws login` does, and the user in front of the browser that lets it. */
import { createHash } from "node:crypto";
import { AttachUserPolicyCommand, CreateLoginProfileCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { visit } from "./sign-in.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

const SAME_DEVICE = "arn:aws:signin:::devtools/same-device";
export const CROSS_DEVICE = "arn:aws:signin:::devtools/cross-device";
export const CALLBACK = "http://127.0.0.1:40123/oauth/callback";
export const LOCAL_DEVELOPMENT = "arn:aws:iam::aws:policy/SignInLocalDevelopmentAccess";

const ACCOUNT = "000000000000";
const PASSWORD = "Secret-pass1";
const VERIFIER = "v".repeat(64);
const HOST = "signin.localhost:4566";
const TOKEN_URL = "http://localhost:4566/v1/token";

/** A user with a password and, where no others are named, AWS's policy for local development. */
export async function withDeveloper(policyArns: readonly string[] = [LOCAL_DEVELOPMENT]) {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  const UserName = "ann";
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new CreateLoginProfileCommand({ UserName, Password: PASSWORD }));
  for (const PolicyArn of policyArns) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const form = { account: ACCOUNT, username: UserName, password: PASSWORD };
  const { cookie } = await visit(cloud, "/console", { form, host: HOST });
  return { cloud, iam, UserName, cookie };
}

/** What the program asks the browser to ask. */
export const wish = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  response_type: "code",
  client_id: SAME_DEVICE,
  state: "s1",
  code_challenge_method: "SHA-256",
  scope: "openid",
  redirect_uri: CALLBACK,
  code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
  ...more,
});

interface Browser {
  readonly cloud: TestCloud;
  readonly cookie: string;
}

export const ask = ({ cloud, cookie }: Browser, query: Readonly<Record<string, string>> = wish()) =>
  visit(cloud, "/v1/authorize", { query, cookie, host: HOST });

export const answer = (
  { cloud, cookie }: Browser,
  form: Readonly<Record<string, string>> = wish(),
  said = "continue",
) => visit(cloud, "/v1/authorize", { form: { ...form, answer: said }, cookie, host: HOST });

/** The code that the program gets. */
export async function codeFor(browser: Browser): Promise<string> {
  const { location = "" } = await answer(browser);
  return new URL(location).searchParams.get("code") ?? "";
}

/** A program with a key of its own. */
export async function program(cloud: TestCloud) {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk = await exportJWK(publicKey);
  const proof = (htu = TOKEN_URL): Promise<string> =>
    new SignJWT({ htm: "POST", htu, jti: "1" })
      .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk })
      .setIssuedAt()
      .sign(privateKey);
  const post = async (input: object, dpop?: string) => {
    const { statusCode, headers, body } = await cloud.send({
      method: "POST",
      path: "/v1/token",
      headers: { host: "localhost:4566", "content-type": "application/json", dpop: dpop ?? (await proof()) },
      body: JSON.stringify({ clientId: SAME_DEVICE, ...input }),
    });
    const told: Answered = JSON.parse(Buffer.from(body).toString("utf8"));
    return { status: statusCode, errorType: headers["x-amzn-errortype"], ...told };
  };
  const redeem = (code: string, more: object = {}) =>
    post({ grantType: "authorization_code", code, codeVerifier: VERIFIER, redirectUri: CALLBACK, ...more });
  const renew = (refreshToken: string | undefined, more: object = {}) =>
    post({ grantType: "refresh_token", refreshToken, ...more });
  return { proof, post, redeem, renew };
}

interface Answered {
  readonly accessToken?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  readonly tokenType?: string;
  readonly expiresIn?: number;
  readonly refreshToken?: string;
  readonly idToken?: string;
  readonly error?: string;
  readonly message?: string;
}
