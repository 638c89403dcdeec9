/** The frame of the hosted pages, and how they are sent. */
import { documentOf, hiddenField, html, type Html } from "../../../kernel/html.ts";
import type { SiteAnswer } from "../../../service/site.ts";

interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** Where forms of the page may lead in the end: browsers hold redirections to it too. */
  readonly leadsTo?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const NOT_KEPT = { "cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" };

/** No script, nothing from elsewhere, in nobody's frame. */
export const page = ({ title, body, status = 200, leadsTo, headers = {} }: Page): SiteAnswer => ({
  status,
  headers: {
    ...NOT_KEPT,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; base-uri 'none'; form-action 'self'${sourceOf(leadsTo)}; frame-ancestors 'none'`,
    "x-frame-options": "DENY",
    ...headers,
  },
  body: documentOf({ title, body }),
});

/** An address as a content security policy names its place: by its origin, or by an app's own scheme. */
function sourceOf(address: string | undefined): string {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null) return "";
  const isNamed = /^https?:$/.test(url.protocol) && /^[\w.-]+$/.test(url.hostname);
  return ` ${isNamed ? url.origin : url.protocol}`;
}

/** Apps in browsers call the endpoints themselves: with what they hold, and no cookies. */
export const ANY_ORIGIN = { "access-control-allow-origin": "*" };

/** To another page, whatever method led here. Letters that a header cannot have are escaped, as browsers do it. */
export const redirect = (location: string, headers: Readonly<Record<string, string>> = {}): SiteAnswer => ({
  status: 302,
  headers: { ...NOT_KEPT, location: location.replace(/[^\x21-\x7e]/gu, encodeURIComponent), ...headers },
  body: "",
});

export const json = (status: number, value: object, headers: Readonly<Record<string, string>> = {}): SiteAnswer => ({
  status,
  headers: {
    ...NOT_KEPT,
    ...ANY_ORIGIN,
    "content-type": "application/json;charset=UTF-8",
    pragma: "no-cache",
    ...headers,
  },
  body: JSON.stringify(value),
});

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind?: "text" | "password" | "email" | "tel";
  /** What browsers fill in. */
  readonly autocomplete: string;
  readonly value?: string;
  /** One of these is chosen. */
  readonly options?: readonly string[];
}

export interface Form {
  /** Path and query. */
  readonly action: string;
  readonly fields: readonly Field[];
  readonly hidden: Readonly<Record<string, string>>;
  readonly button: string;
  /** What went wrong the last time. */
  readonly problem?: string | undefined;
}

export const form = ({ action, fields, hidden, button, problem }: Form): Html => html`
  ${problem === undefined ? [] : [html`<p role="alert">${problem}</p>`]}
  <form action="${action}" method="post">
    ${Object.entries(hidden).map(([name, value]) => hiddenField(name, value))} ${fields.map(field)}
    <p><button type="submit">${button}</button></p>
  </form>
`;

const field = (asked: Field): Html => html`
  <p>
    <label for="${asked.name}">${asked.label}</label>
    ${asked.options === undefined ? input(asked) : choice(asked.name, asked.options)}
  </p>
`;

const input = ({ name, kind = "text", autocomplete, value = "" }: Field): Html =>
  html`<input id="${name}" name="${name}" type="${kind}" value="${value}" autocomplete="${autocomplete}" required />`;

const choice = (name: string, options: readonly string[]): Html => html`
  <select id="${name}" name="${name}" required>
    ${options.map((option) => html`<option>${option}</option>`)}
  </select>
`;
