import type { Fault, Statement } from "./ast.ts";
import type { Position } from "./source.ts";

/** Why a text may not be stored as a policy: AWS's words, and our place for them. */
export interface PolicyProblem {
  readonly message: string;
  readonly at: Position;
}

/** The first problem that one of `checks` finds. */
export function firstProblem(checks: readonly (() => PolicyProblem | undefined)[]): PolicyProblem | undefined {
  for (const check of checks) {
    const problem = check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The first problem that `check` finds with a statement, as a message. */
export function inStatements(
  statements: readonly Statement[],
  check: (statement: Statement) => string | undefined,
): PolicyProblem | undefined {
  for (const statement of statements) {
    const message = check(statement);
    if (message !== undefined) return { message, at: statement.start };
  }
  return undefined;
}

export function ofFault({ at }: Fault, message: string): PolicyProblem {
  return { message, at };
}
