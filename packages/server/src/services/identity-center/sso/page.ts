/** The frame of the portal's pages: they work without scripts, and nothing comes from elsewhere. */
import { documentOf, html, type Html } from "../../../kernel/html.ts";
import type { SiteAnswer } from "../../../service/site.ts";

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:40rem;padding:0 1rem;color:#16191f;background:#fff}
label{display:block;margin-top:1rem}input{font:inherit;padding:.4rem;width:100%;box-sizing:border-box;border:1px solid #545b64}
button{font:inherit;margin:1rem .5rem 0 0;padding:.4rem 1rem}.code{font:1.5rem monospace;letter-spacing:.1em}
[role=alert]{border-left:.3rem solid #d13212;padding-left:.6rem}`;

/** Forms may lead on to clients that wait on this machine. */
const FORM_TARGETS = "'self' http://127.0.0.1:* http://localhost:* https:";

const policyFor = (targets: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; form-action ${targets}; frame-ancestors 'none'; base-uri 'none'`;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": policyFor(FORM_TARGETS),
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** For a page whose form leads to `url`, and to nothing else. */
export const withFormsTo = (url: string) => ({ "content-security-policy": policyFor(new URL(url).origin) });

interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export const page = ({ title, body, status = 200, headers = {} }: Page): SiteAnswer => ({
  status,
  headers: { ...HEADERS, ...headers },
  body: documentOf({ title: `${title} · AWS access portal (local)`, heading: title, style: STYLE, body }),
});

export const redirect = (location: string, headers: Readonly<Record<string, string>> = {}): SiteAnswer => ({
  status: 303,
  headers: { location, "cache-control": "no-store", ...headers },
  body: "",
});

export const problem = (status: number, text: string): SiteAnswer =>
  page({ status, title: "Something went wrong", body: html`<p role="alert">${text}</p>` });

/** Something went wrong that the form below can mend. */
export const alert = (text: string | undefined): Html =>
  text === undefined ? html`` : html`<p role="alert">${text}</p>`;

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: "text" | "password";
  /** What a browser may fill in. */
  readonly autocomplete: string;
}

export const field = ({ name, label, type, autocomplete }: Field): Html =>
  html`<label for="${name}">${label}</label
    ><input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required />`;
