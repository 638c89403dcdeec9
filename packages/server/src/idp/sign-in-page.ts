import { documentOf, hiddenField, html } from "../kernel/html.ts";

/** The page on which one goes back to the application. */
export function returnPage(action: string, fields: Readonly<Record<string, string>>): string {
  const hidden = Object.entries(fields).map(([name, value]) => hiddenField(name, value));
  const body = html`<form action="${action}" method="post">${hidden} <button autofocus>Continue</button></form>`;
  return documentOf({ title: "Signed in", heading: "Test identity provider", body });
}

/** The page on which one says who one is. */
export function signInPage(action: string, fields: Readonly<Record<string, string>>): string {
  const hidden = Object.entries(fields).map(([name, value]) => hiddenField(name, value));
  const body = html`<form action="${action}" method="get">
    ${hidden} <label>Name <input name="login_hint" autocomplete="username" required autofocus /></label>
    <button>Sign in</button>
  </form>`;
  return documentOf({ title: "Sign in", heading: "Test identity provider", body });
}
