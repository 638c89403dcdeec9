/** An endpoint's answer to one case, held against AWS's. */
import type { Outcome } from "./call.ts";
import type { Case } from "./case-file.ts";

export interface Verdict {
  /**
   * `wrongly-allowed`: AWS denies. `wrongly-denied`: AWS allows. `other-words`: denied as by AWS, with another code or
   * message. `not-answered`: the endpoint lacks a service, or what the case needs.
   */
  readonly kind: "same" | "wrongly-allowed" | "wrongly-denied" | "other-words" | "not-answered";
  /** What the endpoint said. */
  readonly got: string;
}

export interface Finding extends Verdict {
  readonly group: string;
  readonly name: string;
  /** The call that was put. */
  readonly call: string;
  /** What AWS answers: `allowed`, or the code of the denial. */
  readonly answer: string;
  readonly source: string;
  /** Among all cases. */
  readonly place: number;
}

/** `says`: what the message is to hold, with its placeholders filled in. */
export function judge(each: Case, outcome: Outcome | undefined, says: string): Verdict {
  if (outcome === undefined) return { kind: "not-answered", got: "nothing" };
  return each.denied === undefined ? judgeAllowed(each, outcome) : judgeDenied(each, outcome, says);
}

function judgeAllowed({ allowed }: Case, outcome: Outcome): Verdict {
  const got = words(outcome);
  if (outcome.kind === "succeeded") return { kind: "same", got };
  if (outcome.code === allowed) return { kind: "same", got };
  return { kind: isRefusal(outcome) ? "wrongly-denied" : "not-answered", got };
}

function judgeDenied({ denied }: Case, outcome: Outcome, says: string): Verdict {
  const got = words(outcome);
  if (outcome.kind === "succeeded") return { kind: "wrongly-allowed", got };
  const asDocumented = outcome.code === denied || (denied === true && isRefusal(outcome));
  if (asDocumented && outcome.message.includes(says)) return { kind: "same", got };
  const refused = asDocumented || isRefusal(outcome) || BEFORE_ALL.test(outcome.code);
  return { kind: refused ? "other-words" : "wrongly-allowed", got };
}

/** Codes of refusals that do not come with status 401 or 403. */
const REFUSAL =
  /AccessDenied|Unauthorized|NotAuthorized|NotPermitted|Expired|Signature|MissingAuthenticationToken|UnrecognizedClient|InvalidClientTokenId|InvalidIdentityToken/;

/** Codes of errors that come before anybody is asked for rights. All others show that the caller was let in. */
const BEFORE_ALL = /Validation|Malformed|InvalidParameter|InvalidInput|InvalidArgument|InvalidRequest/;

const isRefusal = ({ code, status }: Extract<Outcome, { kind: "failed" }>): boolean =>
  status === 401 || status === 403 || REFUSAL.test(code);

const words = (outcome: Outcome): string =>
  outcome.kind === "succeeded" ? "success" : `${outcome.code}: ${outcome.message}`;
