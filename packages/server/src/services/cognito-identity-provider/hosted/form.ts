/** Forms that only the page they were shown on can send: a cookie and a hidden field, made for each other. */
import type { Html } from "../../../kernel/html.ts";
import { html } from "../../../kernel/html.ts";
import type { Context } from "../../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../../service/site.ts";
import { cookieHeader, cookieOf } from "./cookie.ts";
import { form, page, type Form } from "./page.ts";
import { foreignForm } from "./refusal.ts";

const PURPOSE = "cognito-idp form";
const FIELD = "_csrf";
const SECRET = /^[0-9a-f-]{36}$/;

interface FormPage extends Omit<Form, "hidden"> {
  readonly title: string;
  readonly hidden?: Readonly<Record<string, string>>;
  readonly leadsTo: string;
  /** Lines above the form. */
  readonly notes?: readonly string[];
  /** Links below the form: what they say, and where they lead. */
  readonly links?: Readonly<Record<string, string>>;
}

export function formPage(asked: FormPage, request: SiteRequest, context: Pick<Context, "keys" | "newId">): SiteAnswer {
  const { title, leadsTo, links = {}, notes = [], ...rest } = asked;
  const present = cookieOf(request, "XSRF-TOKEN");
  const secret = present !== undefined && SECRET.test(present) ? present : context.newId();
  const hidden = { ...asked.hidden, [FIELD]: context.keys.seal(secret, PURPOSE) };
  return page({
    title,
    body: html`${notes.map((note) => html`<p>${note}</p>`)} ${form({ ...rest, hidden })}
    ${Object.entries(links).map(([text, to]) => link(text, to))}`,
    status: asked.problem === undefined ? 200 : 400,
    leadsTo,
    headers: cookieHeader("XSRF-TOKEN", secret, request),
  });
}

/** A page of links alone. */
export const linksPage = ({
  title,
  links,
  leadsTo,
}: Required<Pick<FormPage, "title" | "links" | "leadsTo">>): SiteAnswer =>
  page({ title, body: html`${Object.entries(links).map(([text, to]) => link(text, to))}`, leadsTo });

const link = (text: string, to: string): Html => html`<p><a href="${to}">${text}</a></p>`;

/** What was typed into a form that was ours. @throws {HostedRefusal} */
export function requireForm(request: SiteRequest, { keys }: Pick<Context, "keys">): URLSearchParams {
  const typed = new URLSearchParams(request.body);
  const secret = cookieOf(request, "XSRF-TOKEN");
  const opened = keys.open(typed.get(FIELD) ?? "", PURPOSE);
  const isOurs = opened !== undefined && secret !== undefined && Buffer.from(opened).toString("utf8") === secret;
  if (!isOurs) throw foreignForm();
  return typed;
}
