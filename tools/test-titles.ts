/** The titles of a file's tests, for tables that say where something is shown. */
import type { Argument, ArrayExpressionElement, CallExpression, Expression, Super } from "oxc-parser";
import { readSource } from "./sources.ts";

/** A title with `%s` as it is written, and for each row of the table beside it with the row's texts put in. */
export function testTitles(path: string): ReadonlySet<string> {
  const titles = new Set<string>();
  readSource(path).walk({
    CallExpression: ({ callee, arguments: [first] }: CallExpression) => {
      const title = textOf(first);
      if (title === undefined || !isTest(callee)) return;
      titles.add(title);
      for (const texts of rowsOf(callee)) titles.add(filled(title, texts));
    },
  });
  return titles;
}

/** `test(…)`, `test.concurrent(…)`, `test.each([…])(…)`. */
function isTest(callee: Expression | Super): boolean {
  if (callee.type === "MemberExpression") return isTest(callee.object);
  if (callee.type === "CallExpression") return isTest(callee.callee);
  return callee.type === "Identifier" && callee.name === "test";
}

/** What each row of `test.each([…])` begins with, as far as it is text. */
function rowsOf(callee: Expression | Super): readonly (readonly (string | undefined)[])[] {
  if (callee.type !== "CallExpression") return [];
  const [table] = callee.arguments;
  const rows = table?.type === "TSAsExpression" ? table.expression : table;
  if (rows?.type !== "ArrayExpression") return [];
  return rows.elements.map((row) => (row?.type === "ArrayExpression" ? row.elements.map(textOf) : [textOf(row)]));
}

function textOf(node: Argument | ArrayExpressionElement | undefined): string | undefined {
  return node?.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
}

function filled(title: string, texts: readonly (string | undefined)[]): string {
  let at = 0;
  return title.replaceAll("%s", (sign) => texts[at++] ?? sign);
}
