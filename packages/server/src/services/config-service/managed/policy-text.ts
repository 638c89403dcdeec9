/** What rules read in policies. */
import type { Statement } from "../../../identity/policy/ast.ts";
import { parsePolicy } from "../../../identity/policy/parse.ts";

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
