import { CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { EXIT, Failure } from "./failure.ts";
import { hasColors, Output } from "./output.ts";
import { createProgram } from "./program.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** The `kumobako` command of this process. */
export async function main(): Promise<void> {
  const code = await run(process.argv.slice(2), processTerminal());
  // A command that left something open, a keep-alive socket for instance, ends all the same.
  process.exitCode = code;
  if (code !== EXIT.ok) process.exit(code);
}

/** Runs one command line and gives its exit code; never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let exit: keyof typeof EXIT = "ok";
  const program = createProgram({
    terminal,
    version: manifest.version,
    self: [process.execPath, process.argv[1] ?? ""],
    exit: (name) => (exit = name),
  });
  configure(program, terminal);
  try {
    await program.parseAsync(args, { from: "user" });
    return EXIT[exit];
  } catch (error) {
    return explain(error, new Output(terminal, args.includes("--json")));
  }
}

function configure(program: ReturnType<typeof createProgram>, terminal: Terminal): void {
  const { stdout, stderr, env } = terminal;
  const output = new Output(terminal, false);
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])]) {
    command
      .exitOverride()
      .showSuggestionAfterError()
      .configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(text),
        outputError: (text, write) => write(text.replace(/^error: /, `${output.style(["red", "bold"], "error:")} `)),
        getOutHelpWidth: () => stdout.columns,
        getErrHelpWidth: () => stderr.columns,
        getOutHasColors: () => hasColors(stdout, env),
        getErrHasColors: () => hasColors(stderr, env),
      })
      .configureHelp({
        styleTitle: (text) => output.style("bold", text),
        styleCommandText: (text) => output.style("cyan", text),
        styleSubcommandText: (text) => output.style("cyan", text),
        styleOptionText: (text) => output.style("cyan", text),
      });
  }
}

function explain(error: unknown, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Failure) {
    output.fail(error);
    return EXIT[error.exit];
  }
  output.fail({ message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  return EXIT.failed;
}
