/** The command line as data: names, options and help. What a command does is loaded when it runs. */
import { Argument, Command, Option } from "commander";
import type { DecisionsOptions } from "./commands/decisions.ts";
import type { AccessTokenOptions, AssertionOptions, TokenOptions } from "./commands/idp.ts";
import type { LogsOptions } from "./commands/detach.ts";
import type { ReplayOptions } from "./commands/replay.ts";
import { SHELL_NAMES } from "./commands/shell-names.ts";
import type { RevokeOptions } from "./commands/revoke-sessions.ts";
import type { StartOptions } from "./commands/start.ts";
import { EXIT, EXIT_MEANINGS } from "./failure.ts";
import { account, client, count, data, duration, json, lifetime, pair, port } from "./option.ts";
import { DEFAULT_PORT, Session, type GlobalOptions } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export interface ProgramParts {
  readonly terminal: Terminal;
  readonly version: string;
  /** The command that starts this program once more, for `--detach`. */
  readonly self: readonly [string, ...string[]];
  /** Hears the exit code of a command that ended without a failure. */
  readonly exit: (code: keyof typeof EXIT) => void;
}

export function createProgram(parts: ProgramParts): Command {
  const program = new Command("kumobako")
    .description("An AWS that runs on your own machine, in which the rules hold.")
    .version(parts.version, "-v, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .addHelpText(
      "after",
      `\n${examples("kumobako start", 'eval "$(kumobako env)"', "aws s3 mb s3://hello", "kumobako why")}${exitCodes()}`,
    );
  program.commandsGroup("Server:");
  addStart(program, parts);
  addServer(program, parts);
  program.commandsGroup("Shell:");
  addShell(program, parts);
  program.commandsGroup("Time:");
  addClock(program, parts);
  program.commandsGroup("Identity:");
  addIdp(program, parts);
  addRevocation(program, parts);
  program.commandsGroup("Insight:");
  addInsight(program, parts);
  program.commandsGroup("Help:");
  addHelp(program);
  return program;
}

const examples = (...lines: string[]) => `Examples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n`;

const exitCodes = () =>
  `\nExit codes:\n${Object.entries(EXIT_MEANINGS)
    .map(([name, meaning]) => `  ${String(EXIT[name as keyof typeof EXIT]).padEnd(4)} ${meaning}`)
    .join("\n")}`;

function addStart(program: Command, { terminal, self }: ProgramParts): void {
  program
    .command("start")
    .description("start the server; Ctrl-C stops it")
    .optionsGroup("Where it listens:")
    .addOption(
      new Option("--port <n>", "the port; 0 takes any free one")
        .default(DEFAULT_PORT)
        .env("KUMOBAKO_PORT")
        .argParser(port),
    )
    .addOption(
      new Option(
        "--host <address>",
        "the address; localhost is 127.0.0.1 and, where there is IPv6, ::1; beyond it needs KUMOBAKO_ROOT_SECRET",
      ).default("localhost"),
    )
    .optionsGroup("Where its state lives:")
    .addOption(new Option("--data <dir>", "a directory (default: .kumobako)").env("KUMOBAKO_DATA").conflicts("memory"))
    .addOption(new Option("--memory", "in memory; gone when it stops").conflicts(["data", "postgres"]))
    .addOption(
      new Option("--postgres <url>", "in a PostgreSQL-compatible database, shared by many servers").conflicts("memory"),
    )
    .addOption(
      new Option("--durability <level>", "what an answered write survives: normal, kill -9; full, also a power cut")
        .choices(["normal", "full"])
        .default("normal"),
    )
    .addOption(
      new Option("--records <n>", "about how many calls stay on record (default: 200000, in memory 20000)").argParser(
        count,
      ),
    )
    .optionsGroup("Its rules:")
    .addOption(new Option("--account <id>", "the default account").default("000000000000").argParser(account))
    .addOption(
      new Option("--auth <mode>", "permissive: unknown keys are root of the default account")
        .choices(["enforced", "permissive"])
        .default("enforced"),
    )
    .addOption(
      new Option(
        "--login-providers <url>",
        "who is asked about access tokens of Amazon and Facebook; test: the test identity provider (default: they)",
      ).env("KUMOBAKO_LOGIN_PROVIDERS"),
    )
    .option("--outward", "lets events and messages out to addresses beyond this machine")
    .optionsGroup("How it runs:")
    .option("--detach", "as a daemon; ends when it answers (see: stop, status, logs)")
    .addOption(json())
    .addHelpText(
      "after",
      `\n${examples("kumobako start --memory --port 0", "kumobako start --detach --data ~/clouds/payroll", "kumobako start --durability full")}`,
    )
    .action(async (options: StartOptions & GlobalOptions) => {
      const session = new Session(terminal, {
        json: options.json === true,
        ...(options.data !== undefined && { data: options.data }),
      });
      if (!options.detach) return (await import("./commands/start.ts")).start(session, options);
      const { detach } = await import("./commands/detach.ts");
      return detach(session, options, { command: [...self, ...foreground(options)] });
    });
}

/** The arguments that start in the foreground what `--detach` was asked for. */
function foreground(options: StartOptions & GlobalOptions): readonly string[] {
  const given = ["port", "host", "data", "postgres", "durability", "records", "account", "auth"] as const;
  return [
    "start",
    ...given.flatMap((name) => (options[name] === undefined ? [] : [`--${name}`, String(options[name])])),
    ...(options.loginProviders === undefined ? [] : ["--login-providers", options.loginProviders]),
    ...(options.memory ? ["--memory"] : []),
    ...(options.outward ? ["--outward"] : []),
  ];
}

function addServer(program: Command, { terminal }: ProgramParts): void {
  program
    .command("stop")
    .description("stop the server of this directory")
    .addOption(data())
    .addOption(json())
    .action(async (options: GlobalOptions) =>
      (await import("./commands/detach.ts")).stop(new Session(terminal, options)),
    );
  client(program.command("status").description("show whether a server answers, and which")).action(
    async (options: GlobalOptions) => (await import("./commands/status.ts")).status(new Session(terminal, options)),
  );
  client(program.command("reset").description("delete everything: accounts, resources, state"))
    .option("-y, --yes", "do not ask")
    .action(async (options: GlobalOptions & { yes?: boolean }) =>
      (await import("./commands/status.ts")).reset(new Session(terminal, options), options),
    );
  program
    .command("logs")
    .description("show what a detached server wrote")
    .addOption(new Option("-f, --follow", "go on as it writes more").conflicts("json"))
    .addOption(new Option("-n, --lines <n>", "how many lines of the end").default(100).argParser(count))
    .addOption(data())
    .addOption(json())
    .action(async (options: GlobalOptions & LogsOptions) =>
      (await import("./commands/detach.ts")).logs(new Session(terminal, options), options),
    );
}

function addShell(program: Command, { terminal }: ProgramParts): void {
  client(program.command("env").description("print what sets a shell up for the AWS tools"))
    .addOption(new Option("--shell <name>", "whose syntax (default: $SHELL's)").choices(SHELL_NAMES))
    .addOption(new Option("--account <id>", "as the root user of this account").argParser(account))
    .option("--unset", "forget it all again")
    .addHelpText(
      "after",
      `\n${examples('eval "$(kumobako env)"', "kumobako env --shell fish | source", 'eval "$(kumobako env --unset)"')}`,
    )
    .action(async (options) => (await import("./commands/env.ts")).env(new Session(terminal, options), options));
  client(program.command("ca").description("print where the certificate of the local CA is, for https"))
    .option("--pem", "print the certificate itself")
    .addHelpText("after", `\n${examples('export AWS_CA_BUNDLE="$(kumobako ca)"', "kumobako ca --pem > ca.pem")}`)
    .action(async (options) => (await import("./commands/ca.ts")).ca(new Session(terminal, options), options));
}

const loadClock = () => import("./commands/clock.ts");
const loadDecisions = () => import("./commands/decisions.ts");

function addClock(program: Command, { terminal }: ProgramParts): void {
  const clock = program.command("clock").description("show and move the cloud's time").helpCommand(false);
  client(clock.command("status", { isDefault: true }).description("show the time")).action(
    async (options: GlobalOptions) => (await loadClock()).showClock(new Session(terminal, options)),
  );
  client(clock.command("advance").description("go on by a duration, running everything that falls due"))
    .addArgument(new Argument("<duration>", "90s, 15m, 12h, 7d, 1h30m").argParser(duration))
    .action(async (seconds: number, options: GlobalOptions) =>
      (await loadClock()).advanceClock(new Session(terminal, options), seconds),
    );
  client(clock.command("freeze").description("let time stand still")).action(async (options: GlobalOptions) =>
    (await loadClock()).freezeClock(new Session(terminal, options)),
  );
  client(clock.command("resume").description("let time run on from where it stands")).action(
    async (options: GlobalOptions) => (await loadClock()).resumeClock(new Session(terminal, options)),
  );
  clock.addHelpText("after", `\n${examples("kumobako clock", "kumobako clock advance 12h", "kumobako clock freeze")}`);
}

const loadIdp = () => import("./commands/idp.ts");

function addIdp(program: Command, { terminal }: ProgramParts): void {
  const idp = program
    .command("idp")
    .description("let the test identity provider vouch for somebody")
    .helpCommand(false);
  client(idp.command("token").description("print an OpenID Connect token"))
    .requiredOption("--subject <name>", "whose it is: `sub`")
    .requiredOption("--audience <id>", "for which client: `aud`")
    .option("--claim <name=value>", "a further claim, text or JSON; may be repeated", pair, [])
    .addOption(lifetime("1h"))
    .action(async (options: GlobalOptions & TokenOptions) =>
      (await loadIdp()).issueToken(new Session(terminal, options), options),
    );
  client(idp.command("access-token").description("print an access token of Login with Amazon, or of Facebook"))
    .addOption(
      new Option("--provider <name>", "whose it is")
        .choices(["www.amazon.com", "graph.facebook.com"])
        .makeOptionMandatory(),
    )
    .requiredOption("--subject <id>", "the user's id")
    .requiredOption("--application <id>", "the id of the application that it was given to")
    .option("--client <id>", "what Amazon calls the client (default: the application)")
    .addOption(lifetime("1h"))
    .action(async (options: GlobalOptions & AccessTokenOptions) =>
      (await loadIdp()).issueAccessToken(new Session(terminal, options), options),
    );
  client(idp.command("assertion").description("print a signed SAML response, in base64"))
    .requiredOption("--subject <name>", "about whom")
    .requiredOption("--role <arn>", "the role that it lists")
    .requiredOption("--provider <arn>", "the SAML provider that the role trusts")
    .option("--session-name <name>", "the session's name (default: the subject)")
    .option("--attribute <name=value>", "a further attribute; may be repeated", pair, [])
    .addOption(lifetime("5m"))
    .action(async (options: GlobalOptions & AssertionOptions) =>
      (await loadIdp()).issueAssertion(new Session(terminal, options), options),
    );
  client(idp.command("metadata").description("print the SAML metadata document")).action(
    async (options: GlobalOptions) => (await loadIdp()).showMetadata(new Session(terminal, options)),
  );
  client(idp.command("rotate").description("sign with a new key from now on")).action(async (options: GlobalOptions) =>
    (await loadIdp()).rotateKey(new Session(terminal, options)),
  );
  idp.addHelpText(
    "after",
    `\n${examples("kumobako idp token --subject ann --audience app", "kumobako idp metadata > office.xml")}`,
  );
}

function addRevocation(program: Command, { terminal }: ProgramParts): void {
  client(program.command("revoke-sessions").description("take all rights from the sessions that a role has now"))
    .addArgument(new Argument("<role>", "its name, or its ARN"))
    .addOption(new Option("--account <id>", "whose role it is (default: the server's account)").argParser(account))
    .addHelpText("after", `\n${examples("kumobako revoke-sessions support")}`)
    .action(async (role: string, options: GlobalOptions & RevokeOptions) =>
      (await import("./commands/revoke-sessions.ts")).revokeSessions(new Session(terminal, options), role, options),
    );
}

function addInsight(program: Command, { terminal, exit }: ProgramParts): void {
  client(program.command("why").description("explain why a call was allowed or refused"))
    .addArgument(new Argument("[request-id]", "the call (default: the newest that was refused)"))
    .addHelpText("after", `\n${examples("kumobako why", "kumobako why 7f3b1c9e-5d0a-4c55-9a57-4b1f5a0f2f60")}`)
    .action(async (id: string | undefined, options: GlobalOptions) =>
      (await loadDecisions()).why(new Session(terminal, options), id),
    );
  client(program.command("decisions").description("list calls and what was decided, newest last"))
    .addOption(new Option("--limit <n>", "the most calls to show").default(20).argParser(count))
    .option("--principal <text>", "only callers whose ARN holds this text")
    .option("--action <name>", "only this action: s3:GetObject")
    .addOption(new Option("--decision <outcome>", "only those that ended so").choices(["allow", "deny", "refused"]))
    .option("--since <time>", "only those after: 15m, or 2026-01-01T00:00:00Z")
    .addHelpText(
      "after",
      `\n${examples("kumobako decisions --decision deny --since 15m", "kumobako decisions --action s3:GetObject --json")}`,
    )
    .action(async (options: GlobalOptions & DecisionsOptions) => {
      const { limit, principal, action, decision, since } = options;
      const query = { limit, principal, action, decision, ...(since !== undefined && { since }) };
      return (await loadDecisions()).listDecisions(new Session(terminal, options), query);
    });
  client(
    program
      .command("outbox")
      .description("list the mails, text messages and notifications for devices that services sent, newest last"),
  )
    .addOption(new Option("--limit <n>", "the most messages to show").default(20).argParser(count))
    .action(async (options: GlobalOptions & { readonly limit: number }) =>
      (await import("./commands/outbox.ts")).showOutbox(new Session(terminal, options), options.limit),
    );
  client(
    program
      .command("events")
      .alias("deliveries")
      .description("list what services sent to queues, functions and the like, and what became of it, newest last"),
  )
    .addOption(new Option("--limit <n>", "the most to show").default(20).argParser(count))
    .action(async (options: GlobalOptions & { readonly limit: number }) =>
      (await import("./commands/events.ts")).showEvents(new Session(terminal, options), options.limit),
    );
  addReplay(program, { terminal });
  const lab = program
    .command("lab")
    .description("run stories of AWS, each step a real call that is checked")
    .helpCommand(false);
  lab
    .command("list", { isDefault: true })
    .description("list the labs")
    .addOption(json())
    .action(async (options: GlobalOptions) =>
      (await import("./commands/lab.ts")).listLabs(new Session(terminal, options)),
    );
  client(lab.command("run").description("run one, telling each step"))
    .addArgument(new Argument("<id>", "S01"))
    .action(async (id: string, options: GlobalOptions) =>
      exit(await (await import("./commands/lab.ts")).runLab(new Session(terminal, options), id)),
    );
  lab.addHelpText("after", `\n${examples("kumobako lab list", "kumobako lab run S01")}`);
}

/** Commander's own shows the whole program's help for a command that there is not. */
function addHelp(program: Command): void {
  program
    .command("help")
    .argument("[command...]")
    .description("show help of a command")
    .action((path: readonly string[]) => {
      const meant = path.reduce<Command | undefined>(commandNamed, program);
      if (meant === undefined) program.error(`error: unknown command '${path.join(" ")}'`);
      meant.outputHelp();
    });
}

const commandNamed = (among: Command | undefined, name: string): Command | undefined =>
  among?.commands.find((command) => command.name() === name || command.aliases().includes(name));

function addReplay(program: Command, { terminal }: Pick<ProgramParts, "terminal">): void {
  client(program.command("replay").description("tell which recorded decisions a policy would have changed"))
    .requiredOption("--with <file>", "the proposed policy")
    .addOption(
      new Option("--as <kind>", "what it is proposed as (default: what such a target has most likely)").choices([
        "scp",
        "rcp",
        "identity",
        "boundary",
        "resource",
      ]),
    )
    .option("--target <id>", "root, a root, unit or account; or the ARN of a user, group, role or resource", "root")
    .option("--replaces <policy>", "the name, ARN or id of the target's policy whose place it takes")
    .option("--since <time>", "only calls after: 7d, or 2026-01-01T00:00:00Z (default: all on record)")
    .option("--calls", "tell each call too")
    .addHelpText(
      "after",
      `\n${examples("kumobako replay --with no-s3.json --target ou-ab12-cd34ef56 --since 7d", "kumobako replay --with limit.json --as boundary --target arn:aws:iam::111111111111:role/ops")}`,
    )
    .action(async (options: GlobalOptions & ReplayOptions) =>
      (await import("./commands/replay.ts")).replay(new Session(terminal, options), options),
    );
}
