/** A browser that fills in the portal's forms, and reads the mail that it sends. */
import { assert } from "../src/kernel/assert.ts";
import type { TestCloud } from "./test-cloud.ts";

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
    /** Fills in the only form of the page, or the one with that button. */
    submit: (shown: Shown, fields: Readonly<Record<string, string>> = {}) => {
      const action = /<form method="post" action="([^"]+)"/.exec(shown.text)?.[1];
      assert(action !== undefined, "the page has a form");
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
    [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name = "", value = ""]) => [
      name,
      value.replaceAll("&amp;", "&"),
    ]),
  );

export const PASSWORD = "Correct-horse-1";

/** A user's first visit: a code by mail, a password, and on to where it was going. */
export async function firstSignIn(cloud: TestCloud, browser: Browser, user: string, to = "/start"): Promise<Shown> {
  const form = await browser.follow(await browser.get(to));
  const chooser = await browser.submit(form, { user });
  return browser.follow(await browser.submit(chooser, { code: await codeByMail(cloud), password: PASSWORD }));
}

/** The code in the newest mail. */
export async function codeByMail(cloud: TestCloud): Promise<string> {
  const [mail] = await cloud.cloud.outbox(1);
  const code = /is (\d{6})\./.exec(mail?.text ?? "")?.[1];
  assert(code !== undefined, "a mail has a code");
  return code;
}
