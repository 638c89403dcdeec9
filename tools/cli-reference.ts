/** Writes `docs/reference/cli.md` from what `kumobako` itself says. */
import { run } from "../packages/cli/src/main.ts";
import { createProgram } from "../packages/cli/src/program.ts";
import { RecordingTerminal } from "../packages/cli/test/recording-terminal.ts";
import { writeGenerated } from "./generated-text.ts";

type Program = Pick<ReturnType<typeof createProgram>, "commands">;

async function helpOf(path: readonly string[]): Promise<string> {
  const terminal = new RecordingTerminal();
  await run([...path, "--help"], terminal);
  return terminal.out.trimEnd();
}

async function sections(command: Program, path: readonly string[]): Promise<string[]> {
  const own = `## \`${["kumobako", ...path].join(" ")}\`\n\n\`\`\`text\n${await helpOf(path)}\n\`\`\``;
  const below = command.commands.filter((each) => each.name() !== "help");
  return [own, ...(await Promise.all(below.map((each) => sections(each, [...path, each.name()])))).flat()];
}

const program = createProgram({
  terminal: new RecordingTerminal(),
  version: "",
  self: [""],
  exit: () => undefined,
});

const intro = `# The command line

<!-- Written by tools/cli-reference.ts; do not edit. -->

Every command takes \`--json\` and answers in one JSON document on standard output; progress, notes and failures go to
standard error. Colours are for terminals, and \`NO_COLOR\` turns them off.`;

writeGenerated("docs/reference/cli.md", `${[intro, ...(await sections(program, []))].join("\n\n")}\n`);
