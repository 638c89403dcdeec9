/** A browser that fills in the portal's forms, and reads the mail that it sends; and a program that it lets in. */
import { GetRoleCredentialsCommand, SSOClient } from "@aws-sdk/client-sso";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import { assert } from "../src/kernel/assert.ts";
import type { TestCloud, TestCredentials } from "./test-cloud.ts";

export interface Shown {
  readonly statusCode: number;
  readonly text: string;
  readonly location: string | undefined;
}

export function browserAt(cloud: TestCloud, storeId: string) {
  let cookie = "";
  const host = `${storeId}.awsapps.localhost:4566`;
  const send = async (method: string, address: string, form?: Readonly<Record<string, string>>): Promise<Shown> => {
    const { pathname, search } = new URL(address, `http://${host}`);
    const { statusCode, headers, body } = await cloud.send({
      method,
      path: pathname,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: {
        host,
        ...(cookie !== "" && { cookie }),
        ...(form && { "content-type": "application/x-www-form-urlencoded", origin: `http://${host}` }),
      },
      body: form && new URLSearchParams(form).toString(),
    });
    const set = headers["set-cookie"];
    if (set !== undefined) cookie = set.slice(0, set.indexOf(";"));
    return { statusCode, text: Buffer.from(body).toString("utf8"), location: headers["location"] };
  };
  return {
    get: (address: string) => send("GET", address),
    post: (address: string, form: Readonly<Record<string, string>>) => send("POST", address, form),
    /** Fills in the first form of the page, or the one that leads there. */
    submit: (shown: Shown, fields: Readonly<Record<string, string>> = {}, to?: string) => {
      const actions = [...shown.text.matchAll(/<form method="post" action="([^"]+)"/g)].map(([, action]) => action);
      const action = to === undefined ? actions[0] : actions.find((each) => each === to);
      assert(action !== undefined, "the page has the form");
      return send("POST", action, { ...hiddenIn(shown), ...fields });
    },
    /** Follows redirections of the portal itself. */
    follow: async (shown: Shown): Promise<Shown> => {
      let at = shown;
      while (at.location?.startsWith("/") === true) at = await send("GET", at.location);
      return at;
    },
  };
}

export type Browser = ReturnType<typeof browserAt>;

const hiddenIn = ({ text }: Shown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      unescaped(value),
    ]),
  );

const unescaped = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

const PASSWORD = "Correct-horse-1";

/** A user's first visit: a code by mail, a password, and on to where it was going. */
export async function firstSignIn(cloud: TestCloud, browser: Browser, user: string, to = "/start"): Promise<Shown> {
  const form = await browser.follow(await browser.get(to));
  const asked = await browser.submit(form, { user });
  const chooser = await browser.submit(asked, {}, "/start/code");
  return browser.follow(await browser.submit(chooser, { code: await codeByMail(cloud), password: PASSWORD }));
}

/** The code in the newest mail. */
async function codeByMail(cloud: TestCloud): Promise<string> {
  const [mail] = await cloud.cloud.outbox(1);
  const code = /is (\d{6})\./.exec(mail?.text ?? "")?.[1];
  assert(code !== undefined, "a mail has a code");
  return code;
}

export const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

/** A program on a device that has no browser. */
export async function deviceAt(cloud: TestCloud, storeId: string, scopes?: string[]) {
  const oidc = cloud.client(SSOOIDCClient);
  const { clientId, clientSecret } = await oidc.send(
    new RegisterClientCommand({ clientName: "a program", clientType: "public", scopes }),
  );
  const startUrl = `https://${storeId}.awsapps.com/start`;
  const started = await oidc.send(new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }));
  const { deviceCode } = started;
  assert(started.verificationUriComplete !== undefined, "a device has an address to show");
  return {
    ...started,
    clientId,
    clientSecret,
    address: started.verificationUriComplete,
    redeem: () => oidc.send(new CreateTokenCommand({ clientId, clientSecret, grantType: DEVICE_CODE, deviceCode })),
    refresh: (refreshToken: string | undefined) =>
      oidc.send(new CreateTokenCommand({ clientId, clientSecret, grantType: "refresh_token", refreshToken })),
  };
}

/** An access token for a user who has never been here before. */
export async function tokenOf(cloud: TestCloud, storeId: string, user: string): Promise<string> {
  const device = await deviceAt(cloud, storeId);
  const browser = browserAt(cloud, storeId);
  await browser.submit(await firstSignIn(cloud, browser, user, device.address), { answer: "allow" });
  const { accessToken } = await device.redeem();
  assert(accessToken !== undefined, "a device that was let in gets a token");
  return accessToken;
}

/** Credentials of a role that is assigned to whom the token stands for. */
export async function roleCredentials(
  cloud: TestCloud,
  wanted: { readonly accessToken: string; readonly accountId: string; readonly roleName: string },
): Promise<TestCredentials & { readonly expiresAtMs: number }> {
  const { roleCredentials: given } = await cloud.client(SSOClient).send(new GetRoleCredentialsCommand(wanted));
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = given ?? {};
  assert(
    accessKeyId !== undefined && secretAccessKey !== undefined && expiration !== undefined,
    "credentials are whole",
  );
  return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs: expiration };
}
