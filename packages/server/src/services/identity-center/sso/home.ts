/** What a user may take on, and how programs are told to. */
import { hiddenField, html } from "../../../kernel/html.ts";
import { portalUrl } from "../portal-address.ts";
import { describe } from "./account.ts";
import { accountRolesOf } from "./access.ts";
import { consolePath } from "./console.ts";
import { page } from "./page.ts";
import { signInFirst } from "./sign-in.ts";
import { formToken, signedInBy, type PageMaker } from "./visit.ts";

export const showHome: PageMaker = async (visit) => {
  const { request, context, instance } = visit;
  const signedIn = await signedInBy(visit);
  if (!signedIn) return signInFirst(visit);
  const roles = await accountRolesOf(signedIn, context);
  const accounts = await describe([...new Set(roles.map(({ account }) => account))], instance, context);
  const items = accounts.map(({ accountId = "", accountName = "" }) => {
    const own = roles.filter(({ account }) => account === accountId);
    const profiles = own.map(({ permissionSet: { name } }) =>
      [
        `[profile ${name}-${accountId}]`,
        `sso_start_url = ${portalUrl(instance, request.endpoint, "/start")}`,
        `sso_region = ${instance.region}`,
        `sso_account_id = ${accountId}`,
        `sso_role_name = ${name}`,
      ].join("\n"),
    );
    return html`<section>
      <h2>${accountName} (${accountId})</h2>
      <ul>
        ${own.map(
          ({ permissionSet: { name } }) =>
            html`<li>${name} · <a href="${consolePath(accountId, name)}">Management console</a></li>`,
        )}
      </ul>
      <details>
        <summary>Profiles for the AWS CLI</summary>
        <pre>${profiles.join("\n\n")}</pre>
      </details>
    </section>`;
  });
  return page({
    title: "AWS access portal",
    body: html`<p>Signed in as <strong>${signedIn.user.attributes.UserName}</strong>.</p>
      ${items.length === 0 ? html`<p>No account is assigned to you.</p>` : items}
      <form method="post" action="/start/sign-out">
        ${hiddenField("form", formToken(signedIn, visit))}<button>Sign out</button>
      </form>`,
  });
};
