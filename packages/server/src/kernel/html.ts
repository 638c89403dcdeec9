/** HTML that nobody can write into: what is put in a template is escaped, unless it is HTML itself. */
import { findOwn } from "./lookup.ts";

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[];

/** html`<b>${name}</b>`: good for text and for attributes in double quotes. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((string, at) => string + textOf(parts[at] ?? "")).join(""));

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  return typeof part === "object" ? part.map(({ text }) => text).join("") : escaped(String(part));
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML holds it, in attributes too. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => findOwn(ESCAPES, character) ?? "");

/** The text of what `escaped` gave. */
export const unescaped = (text: string): string =>
  Object.entries(ESCAPES).reduceRight((given, [character, escape]) => given.replaceAll(escape, character), text);

interface Page {
  readonly title: string;
  /** The heading; the title where left out. */
  readonly heading?: string;
  /** CSS, ours alone: it is not escaped. */
  readonly style?: string;
  readonly body: Html;
}

/** A whole document: what every page has around it. */
export const documentOf = ({ title, heading = title, style, body }: Page): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${style === undefined ? [] : styleOf(style)}
      </head>
      <body>
        <main>
          <h1>${heading}</h1>
          ${body}
        </main>
      </body>
    </html> `.text;

const styleOf = (css: string): Html => new Html(`<style>${css}</style>`);

/** A field that the reader does not see. */
export const hiddenField = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}" />`;
