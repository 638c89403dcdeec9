/**
 * The way from the portal to the console: the user brings the console's sign-in an assertion, as from any other
 * provider. On AWS a script sends it off; here that takes one more click, for the pages work without scripts.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
 */
import { hiddenField, html } from "../../../kernel/html.ts";
import { samlSignInUrl } from "../portal-address.ts";
import { accountRolesOf } from "./access.ts";
import { page, problem, withFormsTo } from "./page.ts";
import { roleAssertion } from "./role-assertion.ts";
import { signInFirst } from "./sign-in.ts";
import { signedInBy, type PageMaker } from "./visit.ts";

export const consolePath = (account: string, name: string): string =>
  `/start/console?${new URLSearchParams({ account_id: account, role_name: name })}`;

const NO_ROLE = "You have no such role in that account.";

export const showConsole: PageMaker = async (visit) => {
  const { request, context } = visit;
  const signedIn = await signedInBy(visit);
  if (!signedIn) return signInFirst(visit);
  const [account, name] = [request.query.get("account_id") ?? "", request.query.get("role_name")];
  const roles = await accountRolesOf(signedIn, context, account);
  const wanted = roles.find(({ permissionSet }) => permissionSet.name === name);
  if (!wanted) return problem(403, NO_ROLE);
  const { permissionSet } = wanted;
  const assertion = await roleAssertion(wanted, signedIn, context, permissionSet.sessionSeconds);
  if (!assertion) return problem(403, NO_ROLE);
  const signIn = samlSignInUrl(request.endpoint);
  const relayState = request.query.get("destination") ?? permissionSet.relayState;
  return page({
    title: "Management console",
    headers: withFormsTo(signIn),
    body: html`<p>As <strong>${permissionSet.name}</strong> in the account ${account}.</p>
      <form method="post" action="${signIn}">
        ${hiddenField("SAMLResponse", assertion.response)}${
          relayState === undefined ? [] : hiddenField("RelayState", relayState)
        }<button>Open the console</button>
      </form>`,
  });
};
