/** The frame of the sign-in's pages, and how they are sent. */
import { documentOf, type Html } from "../../kernel/html.ts";
import type { SiteAnswer } from "../../service/site.ts";

/** No script, nothing from elsewhere, in nobody's frame. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export const page = ({ title, body, status = 200, headers = {} }: Page): SiteAnswer => ({
  status,
  headers: { ...HEADERS, ...headers },
  body: documentOf({ title, body }),
});

/** To another page, whatever method led here. */
export const redirect = (location: string, headers: Readonly<Record<string, string>> = {}): SiteAnswer => ({
  status: 303,
  headers: { location, "cache-control": "no-store", ...headers },
  body: "",
});
