import { DEFAULT_PORT, type Session } from "../session.ts";
import { readNote } from "../state-directory.ts";
import type { ShellName } from "./shell-names.ts";

/** How each shell sets and forgets a variable. */
const SHELLS = {
  posix: {
    set: (name: string, value: string) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
    unset: (name: string) => `unset ${name}`,
    use: 'eval "$(kumobako env)"',
    comment: "#",
  },
  fish: {
    set: (name: string, value: string) =>
      `set -gx ${name} '${value.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}';`,
    unset: (name: string) => `set -e ${name};`,
    use: "kumobako env --shell fish | source",
    comment: "#",
  },
  powershell: {
    set: (name: string, value: string) => `$Env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name: string) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`,
    use: "kumobako env --shell powershell | Out-String | Invoke-Expression",
    comment: "#",
  },
} as const;

type Shell = keyof typeof SHELLS;

export interface EnvOptions {
  readonly shell?: ShellName;
  readonly unset?: boolean;
  readonly account?: string;
  readonly endpoint?: string;
  readonly port?: number;
}

export function env(session: Session, options: EnvOptions): void {
  const { terminal, output } = session;
  const shell = SHELLS[shellOf(options.shell, terminal.env)];
  const variables = variablesOf(session, options);
  // A session token of real credentials would be sent along with ours, and refused.
  const forgotten = terminal.env["AWS_SESSION_TOKEN"] === undefined ? [] : ["AWS_SESSION_TOKEN"];
  const lines = options.unset
    ? Object.keys(variables).map((name) => shell.unset(name))
    : [
        ...Object.entries(variables).map(([name, value]) => shell.set(name, value)),
        ...forgotten.map((name) => shell.unset(name)),
      ];
  const hint = terminal.stdout.isTTY ? [`${shell.comment} to set this shell up: ${shell.use}`] : [];
  output.answer(variables, () => [...lines, ...hint].join("\n"));
}

function variablesOf({ terminal, directory, rootSecret }: Session, options: EnvOptions): Record<string, string> {
  const { KUMOBAKO_ENDPOINT } = terminal.env;
  // Not AWS_ENDPOINT_URL, which an earlier `kumobako env` may have set for another server.
  const said = options.endpoint ?? (options.port === undefined ? undefined : `http://localhost:${options.port}`);
  return {
    AWS_ENDPOINT_URL: said ?? KUMOBAKO_ENDPOINT ?? readNote(directory)?.endpoint ?? `http://localhost:${DEFAULT_PORT}`,
    AWS_ACCESS_KEY_ID: options.account ?? "test",
    AWS_SECRET_ACCESS_KEY: rootSecret ?? "test",
    AWS_DEFAULT_REGION: "us-east-1",
  };
}

function shellOf(named: EnvOptions["shell"], { SHELL, PSModulePath }: Session["terminal"]["env"]): Shell {
  if (named === "fish" || named === "powershell") return named;
  if (named !== undefined) return "posix";
  if (SHELL?.endsWith("/fish")) return "fish";
  return SHELL === undefined && PSModulePath !== undefined ? "powershell" : "posix";
}
