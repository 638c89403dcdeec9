/** The list of services in `services.ts`, as text. */

/** A service's row: its key, its folder, and the name that it is exported by. */
export interface Listed {
  readonly id: string;
  readonly camel: string;
}

/** The widest line that the formatter leaves. */
const WIDTH = 120;

/** A row begins where the braces' own lines are indented once, and may go on below. */
const ROW = /^ {2}"?([\w-]+)"?: onceThere\([\s\S]*?\),\n(?= {2}\S|\};)/gm;

function rowOf({ id, camel }: Listed): string {
  const key = /^\w+$/.test(id) ? id : `"${id}"`;
  const loading = `async () => (await import("./services/${id}/index.ts")).${camel}`;
  const row = `  ${key}: onceThere(${loading}),`;
  return row.length > WIDTH ? `  ${key}: onceThere(\n    ${loading},\n  ),\n` : `${row}\n`;
}

/** The text with one service more, in order of the alphabet. @throws where it has no list of services */
export function withService(text: string, added: Listed): string {
  const rows = [...text.matchAll(ROW)].map(([row, name = ""]) => ({ row, name }));
  const before = rows.map(({ row }) => row).join("");
  if (before === "" || !text.includes(before)) throw new Error("services.ts has no list of services as expected");
  const all = [...rows, { row: rowOf(added), name: added.id }].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return text.replace(before, () => all.map(({ row }) => row).join(""));
}
