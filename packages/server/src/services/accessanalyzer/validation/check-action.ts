/** Checks of actions against those there are. */
import { globPattern } from "../../../identity/policy/algebra/pattern.ts";
import { parseGlob } from "../../../identity/policy/glob.ts";
import type { ActionReference } from "../../../service/action-reference.ts";
import { closest } from "./closest.ts";
import { exampleOf, redundantOf } from "./redundancy.ts";
import { eachStatement, issue, type Issue, type PolicyCheck, type StatementCheck } from "./issue.ts";
import type { TextAt } from "./policy-text.ts";

const checkNames: StatementCheck = ({ actions }, { reference }) =>
  actions.flatMap((action) => nameIssue(action, reference) ?? []);

/** Actions of other resource kinds are for other checks. */
function nameIssue(action: TextAt, reference: ActionReference): Issue | undefined {
  if (action.text === "*") return undefined;
  const colon = action.text.indexOf(":");
  if (colon === -1) return withoutGuess(issue("INVALID_ACTION", action, { action: action.text }));
  const [prefix, name] = [action.text.slice(0, colon), action.text.slice(colon + 1)];
  if (/[*?]/.test(prefix)) return issue("WILDCARD_IN_SERVICE_NAME", action);
  const service = reference.of(prefix.toLowerCase());
  if (service === undefined) {
    const service2 = closest(prefix.toLowerCase(), Object.keys(reference.names()));
    return withGuess(
      issue("INVALID_SERVICE_IN_ACTION", action, { service: prefix, service2: service2 ?? "" }),
      service2,
    );
  }
  const glob = parseGlob(name.toLowerCase());
  const names = [...service.actions.keys()];
  if (names.some((known) => glob.test(known.toLowerCase()))) return undefined;
  const guess = closest(name, names);
  const validAction = guess === undefined ? "" : `${prefix}:${guess}`;
  return withGuess(issue("INVALID_ACTION", action, { action: action.text, valid_action: validAction }), guess);
}

const withGuess = (found: Issue, guess: string | undefined): Issue =>
  guess === undefined ? withoutGuess(found) : found;

/** Where nothing is close, nothing is proposed. */
const withoutGuess = (found: Issue): Issue => ({
  ...found,
  details: found.details.replace(/ Did you mean [^?]*\?$/, ""),
});

/** A pattern within the others of its list adds nothing. */
const checkRedundant: StatementCheck = ({ actions }) => {
  const redundant = redundantOf(
    actions.map((text) => {
      const lower = text.text.toLowerCase();
      return { text, pattern: globPattern(lower), example: exampleOf(lower), test: parseGlob(lower).test };
    }),
  );
  const [first] = redundant;
  if (first === undefined) return [];
  return [
    issue("REDUNDANT_ACTION", redundant, { redundantActionCount: redundant.length, redundantAction: first.text }),
  ];
};

/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html */
const checkServiceControl: StatementCheck = ({ actions }, { use }) =>
  use === "scp"
    ? actions
        .filter(({ text }) => /[*?]./.test(text))
        .map((action) => issue("SCP_SYNTAX_ERROR_ACTION_WILDCARD", action, { action: action.text }))
    : [];

export const ACTION_CHECKS: readonly PolicyCheck[] = [checkNames, checkRedundant, checkServiceControl].map(
  eachStatement,
);
