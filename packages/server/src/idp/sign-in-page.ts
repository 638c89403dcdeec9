import { html } from "../kernel/html.ts";

/** The page on which one says who one is. */
export function signInPage(action: string, fields: Readonly<Record<string, string>>): string {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Sign in</title>
      </head>
      <body>
        <main>
          <h1>Test identity provider</h1>
          <form action="${action}" method="get">
            ${hidden} <label>Name <input name="login_hint" autocomplete="username" required autofocus /></label>
            <button>Sign in</button>
          </form>
        </main>
      </body>
    </html> `.text;
}
