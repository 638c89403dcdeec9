/** What a run found, as lines for a terminal and as the page of the reference. */
import type { CaseFile } from "./case-file.ts";
import type { Finding, Verdict } from "./verdict.ts";

export interface Figures {
  readonly cases: number;
  /** As AWS answers. */
  readonly same: number;
  /** Allowed what AWS denies. */
  readonly wronglyAllowed: number;
  /** Denied what AWS allows. */
  readonly wronglyDenied: number;
  /** Denied as by AWS, with another error. */
  readonly otherWords: number;
  readonly notAnswered: number;
}

export function figuresOf(findings: readonly Finding[]): Figures {
  const count = (kind: Verdict["kind"]) => findings.filter((finding) => finding.kind === kind).length;
  return {
    cases: findings.length,
    same: count("same"),
    wronglyAllowed: count("wrongly-allowed"),
    wronglyDenied: count("wrongly-denied"),
    otherWords: count("other-words"),
    notAnswered: count("not-answered"),
  };
}

const HEADS: Readonly<Record<Verdict["kind"], string>> = {
  same: "as AWS",
  "wrongly-allowed": "allowed, AWS denies",
  "wrongly-denied": "denied, AWS allows",
  "other-words": "denied with another error",
  "not-answered": "not answered",
};

/** Every case that was not answered as by AWS, then the figures of each group. */
export function formatLines(findings: readonly Finding[]): string {
  const differing = findings.filter(({ kind }) => kind !== "same");
  const lines = differing.map(
    ({ kind, group, name, got, source }) => `${HEADS[kind]}: ${group}: ${name}\n    got ${got}\n    see ${source}`,
  );
  const rows = rowsOf(findings).map(([group = "", ...figures]) => [
    group.padEnd(WIDTH),
    ...figures.map((each, at) => each.padStart(COLUMNS[at]?.length ?? 0)),
  ]);
  return [...lines, "", ["".padEnd(WIDTH), ...COLUMNS].join("  "), ...rows.map((cells) => cells.join("  "))].join("\n");
}

const WIDTH = 44;
const COLUMNS = ["cases", ...Object.values(HEADS)];

/** A row for each group, and one for all. */
function rowsOf(findings: readonly Finding[]): readonly (readonly string[])[] {
  const groups = [...Map.groupBy(findings, ({ group }) => group)];
  return [...groups.map(([group, some]) => row(group, some)), row("all", findings)];
}

function row(name: string, findings: readonly Finding[]): readonly string[] {
  const { cases, same, wronglyAllowed, wronglyDenied, otherWords, notAnswered } = figuresOf(findings);
  return [name, ...[cases, same, wronglyAllowed, wronglyDenied, otherWords, notAnswered].map(String)];
}

const INTRO = `# Permissions

Calls whose answer AWS documents, put to this server with the official SDK (JavaScript, version 3) over a socket: who is
allowed what, who is denied, and with which error. Every case makes what it needs (users, roles, buckets, organizations),
makes one call and holds the answer against AWS's. The cases are data in \`packages/conformance/permissions/cases\`, each
with the page of AWS's documentation that says so.

The suite asks nothing of an endpoint but AWS's own APIs, so it can be put to any:

\`\`\`console
$ npm run permissions -- --endpoint http://127.0.0.1:4566
\`\`\`

It says which calls the endpoint allowed that AWS denies, which it denied that AWS allows, and which it denied with an
error that is not AWS's. What it does not answer at all, since it lacks the service, counts as nothing. An endpoint that
allows everything is wrong in each case that AWS denies. \`--help\` lists the options: which accounts and keys there are, a
part of the cases, the findings as JSON.

Written by \`npx vitest run packages/conformance/test/permissions.test.ts -u\`, and tested to be current.
`;

export function formatPage(files: readonly CaseFile[], findings: readonly Finding[]): string {
  const denied = files.flatMap(({ scenes }) => scenes.flatMap(({ cases }) => cases)).filter((each) => each.denied);
  const summary = `AWS allows ${findings.length - denied.length} of the ${findings.length} calls and denies ${denied.length}.\n`;
  const sections = [...Map.groupBy(findings, ({ group }) => group)].flatMap(([group, some]) => [
    `\n## ${group}\n`,
    table(["case", "source"], some.map(rowOf)),
  ]);
  return [INTRO, summary, table(["group", ...COLUMNS], rowsOf(findings)), ...sections, ""].join("\n");
}

function rowOf({ name, call, answer, source, kind }: Finding): readonly string[] {
  const page = source.replace(/^https:\/\//, "").replace(/^.*\/([^/]+?)(\.html)?\/?$/, "$1");
  return [kind === "same" ? name : `**${HEADS[kind]}**: ${name}`, call, answer, `[${page}](${source})`];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, head.map(() => "---"), ...rows];
  return all.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}
