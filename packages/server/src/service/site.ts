/** Web pages and documents that a service shows to browsers and libraries, beside the API of its model. */
import type { AccountPrincipal } from "../identity/principal.ts";
import type { AccountId } from "../kernel/arn.ts";
import type { AwsError } from "../kernel/aws-error.ts";
import type { ByteStream } from "../kernel/bytes.ts";
import type { Context } from "./context.ts";

export interface SiteRequest {
  readonly method: string;
  /** Without its port: `login.auth.us-east-1.amazoncognito.com`. */
  readonly host: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lowercase names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** At most 64 KiB, or what `sites.ts` lets it have, as UTF-8. */
  readonly body: string;
  /** `http://localhost:4566`: where the client reached us, to build URLs from. */
  readonly endpoint: string;
}

export interface SiteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ByteStream;
  /** What there is to record of the visit beside the calls that it made. */
  readonly event?: SiteEvent;
}

/** Something that happened on a page, as CloudTrail tells it: `ConsoleLogin`. */
export interface SiteEvent {
  readonly operation: string;
  readonly account: AccountId;
  /** Who it was, or where nobody was believed, the name that they gave. */
  readonly who: AccountPrincipal | { readonly type: "unknown"; readonly userName: string };
  readonly error?: { readonly code: string; readonly message: string };
}

/** Thrown by a site: nothing that it wrote stays, and this is its answer. */
export class SiteRefusal extends Error {
  override readonly name = "SiteRefusal";
  readonly answer: SiteAnswer;
  constructor(answer: SiteAnswer) {
    super(`answered with ${answer.status}`);
    this.answer = answer;
  }
}

/**
 * Answers one request to a service's site, inside one transaction like a handler's. Nobody is authenticated: the
 * context's principal is the service itself, in the default account and region; `context.tx.in` goes elsewhere.
 * @throws {SiteRefusal}
 */
export type Site = (request: SiteRequest, context: Context) => Promise<SiteAnswer>;

/** The page for what was refused once all was done that the request asked for. */
export type SiteProblem = (problem: AwsError) => SiteAnswer;

/**
 * Asked before a body is taken in that is larger than a form's: an answer is given instead of taking it in.
 * @throws {SiteRefusal}
 */
export type SiteGate = (request: Omit<SiteRequest, "body">, context: Context) => Promise<SiteAnswer | undefined>;
