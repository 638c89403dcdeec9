/** Checks of statements that let roles be passed to services, or be made for them, more widely than meant. */
import { parseGlob } from "../../../identity/policy/glob.ts";
import { eachStatement, issue, type IssueCode, type PolicyCheck, type StatementCheck } from "./issue.ts";
import type { StatementAt, TextAt } from "./policy-text.ts";

interface Danger {
  /** In lower case. */
  readonly action: string;
  /** A condition on this key, in lower case, makes wildcards harmless. */
  readonly guard: string;
  /** The codes of its issues begin with this. */
  readonly codes: {
    readonly notResource: IssueCode;
    readonly starActionNotResource: IssueCode;
    readonly notActionNotResource: IssueCode;
    readonly starResource: IssueCode;
    readonly starActionStarResource: IssueCode;
    readonly notActionStarResource: IssueCode;
  };
}

const DANGERS: readonly Danger[] = [
  {
    action: "iam:passrole",
    guard: "iam:passedtoservice",
    codes: {
      notResource: "PASS_ROLE_WITH_NOT_RESOURCE",
      starActionNotResource: "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
      notActionNotResource: "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
      starResource: "PASS_ROLE_WITH_STAR_IN_RESOURCE",
      starActionStarResource: "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
      notActionStarResource: "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    },
  },
  {
    action: "iam:createservicelinkedrole",
    guard: "iam:awsservicename",
    codes: {
      notResource: "CREATE_SLR_WITH_NOT_RESOURCE",
      starActionNotResource: "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
      notActionNotResource: "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
      starResource: "CREATE_SLR_WITH_STAR_IN_RESOURCE",
      starActionStarResource: "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
      notActionStarResource: "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    },
  },
];

const checkDangers: StatementCheck = (statement, { use }) => {
  if (statement.effect !== "Allow" || use !== "identity") return [];
  return DANGERS.flatMap((danger) => {
    const found = dangerIn(statement, danger);
    return found === undefined ? [] : issue(found.code, found.places);
  });
};

function dangerIn(
  statement: StatementAt,
  { action, guard, codes }: Danger,
): { readonly code: IssueCode; readonly places: readonly TextAt[] } | undefined {
  const { fields, actions, resources, conditions } = statement;
  if (conditions.some(({ key }) => key.toLowerCase() === guard)) return undefined;
  const granting = actions.filter(({ text }) => parseGlob(text.toLowerCase()).test(action));
  const isNotAction = fields.has("NotAction");
  if (isNotAction ? granting.length > 0 : granting.length === 0) return undefined;
  const isWildAction = !isNotAction && granting.every(({ text }) => text.includes("*"));
  const places = isNotAction ? actions : granting;
  if (fields.has("NotResource")) {
    const code = isNotAction
      ? codes.notActionNotResource
      : isWildAction
        ? codes.starActionNotResource
        : codes.notResource;
    return { code, places: [...places, ...resources] };
  }
  const wide = resources.filter(({ text }) => isWide(text));
  if (wide.length === 0) return undefined;
  const code = isNotAction
    ? codes.notActionStarResource
    : isWildAction
      ? codes.starActionStarResource
      : codes.starResource;
  return { code, places: [...places, ...wide] };
}

/** Every role, or all below a path: a name that only ends openly follows a convention of names. */
const isWide = (resource: string): boolean =>
  resource === "*" || /^arn:[^:]*:(?:iam|\*):[^:]*:[^:]*:(?:\*|role\/(?:[^*]*\/)?\*)$/.test(resource);

export const ROLE_PASSING_CHECKS: readonly PolicyCheck[] = [eachStatement(checkDangers)];
