/** Options that several commands have, and how what is given is read. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { parseDurationSeconds } from "./duration.ts";

const PORT_MAX = 65_535;

export const json = () => new Option("--json", "answer in JSON");
export const data = () =>
  new Option("--data <dir>", "the server's state directory (default: .kumobako)").env("KUMOBAKO_DATA");

/** The options of a command that talks to a server. */
export function client(command: Command): Command {
  return command
    .optionsGroup("Which server:")
    .option(
      "--endpoint <url>",
      "its endpoint (default: KUMOBAKO_ENDPOINT, AWS_ENDPOINT_URL, this directory's, port 4566)",
    )
    .addOption(new Option("--port <n>", "its port on this machine").argParser(port))
    .addOption(data())
    .optionsGroup("Options:")
    .addOption(json());
}

export function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= PORT_MAX) return value;
  throw new InvalidArgumentError(`A port is a number from 0 to ${PORT_MAX}.`);
}

export function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a number, 1 or more.");
}

export function account(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError("An account id is twelve digits: 111111111111.");
}

export function duration(text: string): number {
  const seconds = parseDurationSeconds(text);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError("A duration is 90s, 15m, 12h, 7d or 1h30m.");
}

export const lifetime = (usual: string) =>
  new Option("--for <duration>", `how long it is good (default: ${usual})`).argParser(duration);

export function pair(text: string, before: readonly (readonly [string, string])[]) {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It is a name, =, and a value.");
  return [...before, [name, value] as const];
}
