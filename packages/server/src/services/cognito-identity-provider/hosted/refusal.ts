/** How the hosted pages and endpoints say no, each in its place: on a page, in JSON, or to the app. */
import { AwsError, MarkingRefusal } from "../../../kernel/aws-error.ts";
import { html } from "../../../kernel/html.ts";
import { SiteRefusal, type SiteAnswer } from "../../../service/site.ts";
import { json, page, redirect } from "./page.ts";

/** Ends the handling of a request with this answer; what was written before it stays. */
export class HostedRefusal extends Error {
  override readonly name = "HostedRefusal";
  readonly answer: SiteAnswer;
  constructor(answer: SiteAnswer, why: string) {
    super(why);
    this.answer = answer;
  }
}

const onPage = (title: string, why: string, status = 400) =>
  new HostedRefusal(page({ title, body: html`<p role="alert">${why}</p>`, status }), why);

/** Nothing is said to an address that nobody registered. Source: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 */
export const redirectMismatch = () => onPage("An error was encountered with the requested page.", "redirect_mismatch");
export const unknownClient = () => onPage("Login pages unavailable", "Client does not exist.");
export const clientWithoutPages = () => onPage("Login pages unavailable", "unauthorized_client");
export const unknownDomain = () => onPage("Login pages unavailable", "No such domain or user pool exists.", 404);
export const noSuchPage = () => onPage("Not found", "There is no such page.", 404);
/** Nobody has asked a provider for this answer, or in another browser. */
export const invalidState = () => onPage("An error was encountered with the requested page.", "Invalid state");
/** What a function was told of is so, though it has failed. */
export const functionFailed = (why: string) => onPage("An error was encountered with the requested page.", why);
/** The form did not come from the page that this browser was shown. */
export const foreignForm = () => onPage("The form has expired", "Please go back, reload the page and try again.", 403);
export const signInOver = () => onPage("The sign-in has expired", "Please begin again.");

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html (Examples of negative responses) */
export type AuthorizeError =
  | "invalid_request"
  | "unauthorized_client"
  | "invalid_scope"
  | "login_required"
  | "access_denied";

export interface Asker {
  readonly redirectUri: string;
  readonly responseType: string | undefined;
  readonly state: string | undefined;
}

/** To the app, whose address is known to be its own. */
export function refusedToApp(error: AuthorizeError, asker: Asker, description?: string): HostedRefusal {
  const facts = { error, error_description: description, state: asker.state };
  return new HostedRefusal(redirect(withParameters(asker, facts)), error);
}

/** The app's address with parameters: behind `#` where tokens would come, behind `?` where a code would. */
export function withParameters(
  { redirectUri, responseType }: Omit<Asker, "state">,
  facts: Readonly<Record<string, string | undefined>>,
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(facts)) if (value !== undefined) parameters.set(name, value);
  if (responseType === "token") return `${redirectUri}#${parameters.toString()}`;
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${parameters.toString()}`;
}

/**
 * What AWS's API refuses, as a page says it: what was written stays only where the refusal is to leave a mark.
 * @throws {SiteRefusal}
 */
export function problemPage(error: unknown, show: (problem: string) => SiteAnswer): SiteAnswer {
  if (!(error instanceof AwsError)) throw error;
  const answer = show(error.message);
  if (error instanceof MarkingRefusal) return answer;
  throw new SiteRefusal(answer);
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html#post-token-negative */
type TokenError =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_scope"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_token_type";

export const refusedInJson = (error: TokenError, status = 400): HostedRefusal =>
  new HostedRefusal(json(status, { error }), error);

/** A function does not let anybody have the tokens. (assumed) */
export const refusedByFunction = (why: string): HostedRefusal =>
  new HostedRefusal(json(400, { error: "invalid_request", error_description: why }), why);
