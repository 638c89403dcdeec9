/** Violations that a service words in its own way. */
import { findOwn } from "../kernel/lookup.ts";
import { formatViolations, NOT_NULL, words, type Violation } from "./violation.ts";

interface Manner {
  /** By constraint: what is said where nothing else is wrong with an input. */
  readonly sentences: Readonly<Record<string, (path: string) => string | undefined>>;
  /** The same violation as the service words it. */
  readonly reword: (violation: Violation) => Violation;
}

const ENUM = "Member must satisfy enum value set";

/** The end of what is recited of the keys of tags, in lists of them. */
const TAG_KEY_PATTERN = `${words.pattern("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+")}]`;

/**
 * IAM withholds values, and the sets that they should be from.
 * Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/iam (recorded answers)
 */
function rewordForIam({ path, constraint }: Violation): Violation {
  if (constraint.startsWith(ENUM)) return { path, shown: undefined, constraint: ENUM };
  const isRecited = constraint.endsWith(TAG_KEY_PATTERN);
  return { path, shown: undefined, constraint: isRecited ? `${constraint.slice(0, -1)}, ${NOT_NULL}]` : constraint };
}

/**
 * Lambda recites of lists and maps that their elements must not be null, of keys and of a VPC's ids it does not.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json
 */
function rewordForLambda({ path, shown, constraint }: Violation): Violation {
  const isRecited = RECITED_OF_ELEMENTS.test(constraint) && !path.startsWith("vpcConfig.");
  return { path, shown, constraint: isRecited ? `${constraint.slice(0, -1)}, ${NOT_NULL}]` : constraint };
}

const RECITED_OF_ELEMENTS = /^(Member|Map value) must satisfy constraint: \[/;

/** By the model's id of the service. */
const MANNERS: Readonly<Record<string, Manner>> = {
  "cloudwatch-logs": {
    sentences: {
      // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
      [words.lengthMax(512)]: (path) =>
        ["logGroupName", "logStreamName"].includes(path)
          ? "Invalid LogGroup or LogStream, both must have length less than or equal to 512."
          : undefined,
    },
    reword: (violation) => violation,
  },
  iam: {
    sentences: {
      [words.pattern("[\\w+=,.@-]+")]: (path) =>
        `The specified value for ${path} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
      [words.pattern("(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)")]: (path) =>
        `The specified value for ${path} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
    },
    reword: rewordForIam,
  },
  lambda: { sentences: {}, reword: rewordForLambda },
};

const USUAL: Manner = { sentences: {}, reword: (violation) => violation };

/** What is told of `violations`: those in the usual form before those in a service's own. */
export function tell(service: string, violations: readonly Violation[]): string {
  const { sentences, reword } = findOwn(MANNERS, service) ?? USUAL;
  const usual = violations.filter(({ constraint }) => sentences[constraint] === undefined);
  const [first] = violations;
  if (usual.length > 0 || first === undefined) return formatViolations(usual.map(reword));
  return sentences[first.constraint]?.(first.path) ?? formatViolations(violations.map(reword));
}
