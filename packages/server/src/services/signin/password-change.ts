/** Passwords that have to be changed before they open anything. */
import { AwsError } from "../../kernel/aws-error.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import { html } from "../../kernel/html.ts";
import { openText, sealText } from "../../kernel/sealed-text.ts";
import type { Context } from "../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../service/site.ts";
import { passwordNotChanged, signInTooOld } from "./errors.ts";
import type { IamSdk } from "./kit.ts";
import { PASSWORD_CHANGE_SECONDS } from "./limits.ts";
import { page } from "./page.ts";
import { enter, sessionOf, SIGN_IN_PATH, type SignedIn } from "./user-session.ts";

const PURPOSE = "console-password-change";

/** Who has shown a password that has to be changed: the code of a second factor is not asked for once more. */
interface Ticket extends Pick<SignedIn, "user" | "secondFactor"> {
  readonly destination: string;
  readonly expiresAtMs: number;
}

export function sealTicket({ user, secondFactor }: SignedIn, destination: string, context: Context): string {
  const expiresAtMs = context.now().getTime() + PASSWORD_CHANGE_SECONDS * SECOND_MS;
  const ticket: Ticket = { user, secondFactor, destination, expiresAtMs };
  return sealText(context.keys, JSON.stringify(ticket), PURPOSE);
}

export const changePage = (ticket: string, complaint = ""): SiteAnswer =>
  page({
    title: "You must change your password to continue",
    status: complaint === "" ? 200 : 400,
    body: html`<p>${complaint}</p>
      <form action="${SIGN_IN_PATH}/password" method="post">
        <input type="hidden" name="ticket" value="${ticket}" />
        <label>Old password <input name="password" type="password" autocomplete="current-password" required /></label>
        <label>New password <input name="newpassword" type="password" autocomplete="new-password" required /></label>
        <button>Confirm password change</button>
      </form>`,
  });

/** Sets another password as the user would, with all the rules of that, and signs in. @throws {SignInRefused} */
export async function changePassword(request: SiteRequest, context: Context): Promise<SiteAnswer> {
  const form = new URLSearchParams(request.body);
  const sealed = form.get("ticket") ?? "";
  const ticket = requireTicket(sealed, context);
  const principal = sessionOf(ticket, context);
  try {
    await context.call<IamSdk, "ChangePassword">({
      service: "iam",
      operation: "ChangePassword",
      input: { OldPassword: form.get("password") ?? "", NewPassword: form.get("newpassword") ?? "" },
      as: principal,
      account: principal.account,
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return changePage(sealed, passwordNotChanged(error).message);
  }
  return enter(principal, ticket.destination, { request, context });
}

function requireTicket(sealed: string, context: Context): Ticket {
  const text = openText(context.keys, sealed, PURPOSE);
  if (text === undefined) throw signInTooOld();
  const ticket: Ticket = JSON.parse(text);
  if (ticket.expiresAtMs <= context.now().getTime()) throw signInTooOld();
  return ticket;
}
