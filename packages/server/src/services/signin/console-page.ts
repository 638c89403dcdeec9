/** What somebody who is signed in sees: who they are, for how long, and which page they wanted. */
import { html } from "../../kernel/html.ts";
import type { Context } from "../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../service/site.ts";
import { findSession } from "./console-session.ts";
import { nobodySignedIn } from "./errors.ts";
import type { StsSdk } from "./kit.ts";
import { page } from "./page.ts";

/** @throws {SignInRefused} where nobody is signed in. */
export async function showConsole(request: SiteRequest, context: Context): Promise<SiteAnswer> {
  const session = await findSession(request, context);
  if (session === undefined) throw nobodySignedIn();
  const { principal, expiresAtMs, issuer = "" } = session;
  const { Arn = "", Account = "" } = await context.call<StsSdk, "GetCallerIdentity">({
    service: "sts",
    operation: "GetCallerIdentity",
    input: {},
    as: principal,
    account: principal.account,
  });
  const rows = Object.entries({
    Principal: Arn,
    Account,
    "Signed in until": new Date(expiresAtMs).toISOString(),
    "Signed in by": issuer,
    "Page asked for": request.query.get("destination") ?? "",
  }).filter(([, value]) => value !== "");
  return page({
    title: "AWS Management Console",
    body: html`<dl>
        ${rows.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
      <form action="/federation" method="post">
        <input type="hidden" name="Action" value="logout" /><button>Sign out</button>
      </form>`,
  });
}
