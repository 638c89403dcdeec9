/**
 * Where IAM users sign in with their password.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/console_sign-in-iam.html
 */
import type { PasswordVerdict } from "../../identity/directory.ts";
import { parseAccountId, type AccountId } from "../../kernel/arn.ts";
import { html } from "../../kernel/html.ts";
import type { Context } from "../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../service/site.ts";
import { failedLogin } from "./console-login.ts";
import { requireDestination } from "./destination.ts";
import { passwordExpired, wrongAuthenticationInformation } from "./errors.ts";
import { page } from "./page.ts";
import { changePage, sealTicket } from "./password-change.ts";
import { enter, sessionOf, SIGN_IN_PATH } from "./user-session.ts";

/** The sign-in page; at an account's own address it is filled in whose. */
export const askWho = (request: SiteRequest): SiteAnswer =>
  signInPage({ account: accountIn(request.host), destination: request.query.get("redirect_uri") ?? "" });

/** What a page's form says, blank where it says nothing. */
interface Entered {
  readonly account: string;
  readonly userName?: string;
  readonly destination: string;
}

function signInPage(entered: Entered, complaint = ""): SiteAnswer {
  const { account, userName = "", destination } = entered;
  return page({
    title: "IAM user sign in",
    status: complaint === "" ? 200 : 400,
    body: html`<p>${complaint}</p>
      <form action="${SIGN_IN_PATH}" method="post">
        <label>Account ID or alias <input name="account" value="${account}" required /></label>
        <label>User name <input name="username" value="${userName}" autocomplete="username" required /></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
        <label>MFA code <input name="mfacode" inputmode="numeric" autocomplete="one-time-code" /></label>
        <input type="hidden" name="redirect_uri" value="${destination}" /><button>Sign in</button>
      </form>`,
  });
}

/** `111111111111.signin.aws.amazon.com`, or an alias in its place; regions have such names too. */
function accountIn(host: string): string {
  const [, name = ""] = /^([a-z0-9-]+)\.signin\./.exec(host) ?? [];
  return /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(name) ? "" : name;
}

/** Signs in, or asks for what is missing. @throws {SignInRefused} */
export async function signInUser(request: SiteRequest, context: Context): Promise<SiteAnswer> {
  const form = new URLSearchParams(request.body);
  const entered = {
    account: form.get("account") ?? "",
    userName: form.get("username") ?? "",
    destination: form.get("redirect_uri") ?? "",
  };
  if (entered.destination !== "") requireDestination(entered.destination, request);
  const refusal = signInPage(entered, wrongAuthenticationInformation().message);
  const account = await accountOf(entered.account, context);
  if (account === undefined) return refusal;
  const verdict = await check(account, form, context);
  switch (verdict.kind) {
    case "refused":
      return { ...refusal, event: failedLogin(account, verdict.userExists ? entered.userName : undefined) };
    case "code-wanted":
      return signInPage(entered, "This user has an MFA device: enter its code as well.");
    case "expired":
      throw passwordExpired();
    case "signed-in":
      return verdict.passwordChangeRequired
        ? changePage(sealTicket(verdict, entered.destination, context))
        : enter(sessionOf(verdict, context), entered.destination, { request, context });
  }
}

function check(account: AccountId, form: URLSearchParams, context: Context): Promise<PasswordVerdict> {
  const code = form.get("mfacode")?.trim();
  return context.directory.checkPassword(
    {
      account,
      userName: form.get("username") ?? "",
      password: form.get("password") ?? "",
      code: code === "" ? undefined : code,
      atMs: context.now().getTime(),
    },
    context.tx,
  );
}

const accountOf = async (named: string, { directory, tx }: Context): Promise<AccountId | undefined> =>
  parseAccountId(named) ?? (await directory.accountOfAlias(named, tx));
