/** What rules read in policies. */
import type { Statement } from "../../../identity/policy/ast.ts";
import { parsePolicy } from "../../../identity/policy/parse.ts";
import { parseArn } from "../../../kernel/arn.ts";
import { inAnyCase, isWild } from "../../../kernel/event-pattern/value-test.ts";

export const statementsIn = (text: string): readonly Statement[] => (text === "" ? [] : parsePolicy(text).statements);

export const isForAnybody = ({ principal }: Statement): boolean =>
  principal !== undefined &&
  !principal.negated &&
  (principal.everyone || principal.entries.some(({ kind, value }) => kind === "AWS" && value === "*"));

/** Whether the statement's actions reach one that matches. */
export const reaches = ({ action }: Statement, kind: RegExp): boolean =>
  action !== undefined && (action.negated || action.values.some((value) => value === "*" || kind.test(value)));

/** Whether it denies everybody what comes without TLS. */
export const deniesPlainText = (statement: Statement): boolean =>
  statement.effect === "Deny" &&
  isForAnybody(statement) &&
  statement.conditions.some(
    ({ key, values }) => key.toLowerCase() === "aws:securetransport" && values.some((value) => value === "false"),
  );

export const grantsEverything = ({ effect, action, resource }: Statement): boolean =>
  effect === "Allow" && action?.values.includes("*") === true && resource?.values.includes("*") === true;

const wild = (pattern: string) => inAnyCase((text) => isWild(text.split("*")), pattern);

/** Whether the statement lets one of the actions be done that these patterns mean. */
export const allowsAny = ({ effect, action }: Statement, patterns: readonly string[]): boolean =>
  effect === "Allow" &&
  action !== undefined &&
  (action.negated ||
    action.values.some((value) => patterns.some((pattern) => wild(pattern)(value) || wild(value)(pattern))));

/** All that a service can do, or that all can. */
export const grantsWholeService = ({ effect, action }: Statement): boolean =>
  effect === "Allow" && action?.negated === false && action.values.some((value) => /^(\*|[\w-]+:\*)$/.test(value));

export const isOnEvery = ({ resource }: Statement, kind: RegExp): boolean =>
  resource !== undefined && (resource.negated || resource.values.some((value) => value === "*" || kind.test(value)));

/** Whether it is about somebody of another account, or anybody. */
export const isForOthers = (statement: Statement, account: string): boolean =>
  isForAnybody(statement) ||
  (statement.principal?.entries ?? []).some(
    ({ kind, value }) => kind === "AWS" && value !== account && parseArn(value)?.account !== account,
  );

/** Whether anybody is let in without a condition. */
export const letsAnybodyIn = (text: string): boolean =>
  statementsIn(text).some(
    (statement) => statement.effect === "Allow" && isForAnybody(statement) && statement.conditions.length === 0,
  );
