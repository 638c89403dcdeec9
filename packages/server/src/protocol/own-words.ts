/** Violations that a service words in its own way, where nothing else is wrong with an input. */
import { formatViolations, words, type Violation } from "./violation.ts";

type Wording = Readonly<Record<string, (path: string) => string>>;

/** By the model's id of the service, then by constraint. Recorded, in many users' reports of IAM's answers. */
const OWN_WORDS: Readonly<Record<string, Wording>> = {
  iam: {
    [words.pattern("[\\w+=,.@-]+")]: (path) =>
      `The specified value for ${path} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    [words.pattern("(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)")]: (path) =>
      `The specified value for ${path} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
  },
};

/** What is told of `violations`: those in the usual words before those in a service's own. */
export function tell(service: string, violations: readonly Violation[]): string {
  const own = OWN_WORDS[service] ?? {};
  const usual = violations.filter(({ constraint }) => own[constraint] === undefined);
  const [first] = violations;
  if (usual.length > 0 || first === undefined) return formatViolations(usual);
  return own[first.constraint]?.(first.path) ?? formatViolations(violations);
}
