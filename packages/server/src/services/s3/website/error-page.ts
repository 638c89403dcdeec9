/**
 * Refusals as websites show them.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (TestS3StaticWebsiteHosting, recorded)
 */
import type { AwsError } from "../../../kernel/aws-error.ts";
import { html, Html } from "../../../kernel/html.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { SiteAnswer } from "../../../service/site.ts";
import { UNMODELLED_ERRORS } from "../errors.ts";

/** A refusal, told apart from how it is shown. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** What else is said of it: `Key`. */
  readonly details: Readonly<Record<string, string>>;
  /** What is said in the head alone: the validators of what has not changed. */
  readonly headers: Readonly<Record<string, string>>;
}

const STATUSES: Readonly<Record<string, number>> = { ...UNMODELLED_ERRORS, InvalidObjectState: 403 };

export function refusalOf({ code, message, fields }: AwsError): Refusal {
  // to nobody in particular S3 gives no reasons
  const told = code === "AccessDenied" ? "Access Denied" : message;
  const texts = Object.entries(fields).flatMap(([name, value]) => (typeof value === "string" ? [{ name, value }] : []));
  const [details, headers] = [/^[A-Z]/, /^[a-z]/].map((begins) =>
    Object.fromEntries(texts.filter(({ name }) => begins.test(name)).map(({ name, value }) => [name, value])),
  );
  return {
    code,
    message: told,
    status: findOwn(STATUSES, code) ?? 400,
    details: details ?? {},
    headers: headers ?? {},
  };
}

/** What is in the head of any answer to a request that was refused, whatever its page. */
export const headersOf = ({ code, message, details }: Refusal): Readonly<Record<string, string>> => ({
  "x-amz-error-code": code,
  "x-amz-error-message": message,
  ...Object.fromEntries(Object.entries(details).map(([name, value]) => [`x-amz-error-detail-${name}`, value])),
});

interface Ids {
  readonly requestId: string;
  readonly hostId: string;
}

/** `document` is why the website's own error document is not shown. */
export const errorPage = (refusal: Refusal, { requestId, hostId }: Ids, document?: Refusal): SiteAnswer => ({
  status: refusal.status,
  headers: { ...headersOf(refusal), "content-type": "text/html; charset=utf-8" },
  body: pageOf(refusal, { RequestId: requestId, HostId: hostId }, document),
});

/**
 * Who left out the slash of a folder is told where it is as of an error.
 * Source: https://github.com/scality/cloudserver/blob/development/8.8/tests/functional/aws-node-sdk/lib/utility/website-util.js (run against AWS)
 */
export function foundPage(location: string, ids: Ids): SiteAnswer {
  const page = errorPage({ code: "Found", message: "Resource Found", status: 302, details: {}, headers: {} }, ids);
  return { ...page, headers: { ...page.headers, location } };
}

const REASONS: Readonly<Record<number, string>> = {
  302: "Found",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  412: "Precondition Failed",
  416: "Requested Range Not Satisfiable",
  501: "Not Implemented",
};

/** S3's own lines: browsers do not need them as they are, but programs look for them. */
function pageOf(refusal: Refusal, ids: Readonly<Record<string, string>>, document: Refusal | undefined): string {
  const title = `${refusal.status} ${REASONS[refusal.status] ?? "Error"}`;
  const lines = [
    new Html("<html>"),
    new Html(`<head>${html`<title>${title}</title>`.text}</head>`),
    new Html("<body>"),
    html`<h1>${title}</h1>`,
    ...listOf({ ...factsOf(refusal), ...ids }),
    ...(document === undefined ? [] : [DOCUMENT_HEADING, ...listOf(factsOf(document))]),
    new Html("<hr/>"),
    new Html("</body>"),
    new Html("</html>"),
  ];
  return lines.map(({ text }) => `${text}\n`).join("");
}

const DOCUMENT_HEADING = new Html("<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>");

const factsOf = ({ code, message, details }: Refusal): Readonly<Record<string, string>> => ({
  Code: code,
  Message: message,
  ...details,
});

const listOf = (facts: Readonly<Record<string, string>>): readonly Html[] => [
  new Html("<ul>"),
  ...Object.entries(facts).map(([name, value]) => html`<li>${name}: ${value}</li>`),
  new Html("</ul>"),
];
