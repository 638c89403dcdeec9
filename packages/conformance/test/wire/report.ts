/** What the sweep found, as the page of the reference that shows it. */
import type { Tally } from "./sweep.ts";

export interface Exception {
  readonly what: string;
  readonly why: string;
}

const INTRO = `# Wire conformance

Every operation of every model, sent by the official SDK client (JavaScript, version 3) to this server's decoders and
answered by its encoders, with a value for each member that the protocol makes hard: markup, line ends, letters beyond
ASCII, binary, nested and empty structures. An input passes where what was read equals what was sent; an output and an
error where what the client returns or throws equals what was given, members and all. Routing (by credential scope,
target, path, form) is part of it; a socket is not.

Written by \`npx vitest run packages/conformance/test/wire.test.ts -u\`, and tested to be current.
`;

export function formatReport(tallies: readonly Tally[], exceptions: readonly Exception[]): string {
  const byProtocol = [...Map.groupBy(tallies, ({ round }) => labelOf(round))];
  const protocols = byProtocol.map(([label, some]) => [label, String(some.length), ...figures(some)]);
  const services = tallies.map((tally) => [tally.round.id, labelOf(tally.round), ...figures([tally])]);
  return [
    INTRO,
    table(["protocol", "services", ...FIGURES], [...protocols, ["all", "", ...figures(tallies)]]),
    "\n## Exceptions\n",
    table(
      ["what", "why"],
      exceptions.map(({ what, why }) => [what, why]),
    ),
    "\n## Each service\n",
    table(["service", "protocol", ...FIGURES], services),
    "",
  ].join("\n");
}

const labelOf = ({ protocol, style }: Tally["round"]): string =>
  style === "host" ? `${protocol}, bucket in the host name` : protocol;

const FIGURES = ["operations", "inputs", "outputs", "errors"] as const;

function figures(tallies: readonly Tally[]): string[] {
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  const operations = sum((tally) => tally.operations);
  return [
    group(operations),
    group(sum((tally) => tally.inputs)),
    group(sum((tally) => tally.outputs)),
    `${group(sum((tally) => tally.errors))} of ${group(sum((tally) => tally.errorsTried))}`,
  ];
}

const group = (count: number): string => count.toLocaleString("en-US");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, head.map(() => "---"), ...rows];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
