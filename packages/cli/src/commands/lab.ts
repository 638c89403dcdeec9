import { EXIT, Failure } from "../failure.ts";
import type { Session } from "../session.ts";

type Labs = typeof import("@kumobako/labs");
type Step = Awaited<ReturnType<Labs["runLab"]>>["steps"][number];

const MARKS = { passed: "✓", failed: "✗", "not-built": "–", "not-run": "–" } as const;
const COLOURS = { passed: "green", failed: "red", "not-built": "yellow", "not-run": "yellow" } as const;

export async function listLabs({ output }: Session): Promise<void> {
  const labs = await import("@kumobako/labs");
  output.answer(labs.listLabs(), (all) =>
    all.map(({ id, title }) => `${output.style("bold", id)}  ${title}`).join("\n"),
  );
}

/** Runs a lab against the endpoint, telling each step as it ends. */
export async function runLab(session: Session, id: string): Promise<keyof typeof EXIT> {
  const { output, control, endpoint, rootSecret } = session;
  const labs = await import("@kumobako/labs");
  const lab = labs.listLabs().find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (!lab) throw new Failure("usage", `there is no lab \`${id}\``, "kumobako lab list");
  await control.health();
  if (!output.json) session.terminal.stdout.write(`${output.style("bold", `${lab.id}  ${lab.title}`)}\n`);
  const onStep = (step: Step) => {
    if (!output.json) session.terminal.stdout.write(`${stepText(session, step)}\n`);
  };
  const report = await labs.runLab(lab.id, { endpoint, onStep, rootSecret });
  const counts = Object.entries(Object.groupBy(report.steps, ({ status }) => status));
  output.answer(report, () => `\n${counts.map(([status, steps]) => `${steps?.length ?? 0} ${status}`).join(", ")}`);
  return report.passed ? "ok" : "failed";
}

function stepText({ output }: Session, step: Step): string {
  const { number, does, as, command, outcome, expected, requestId, status } = step;
  const line = (name: string, text: string) => `     ${output.style("dim", name)} ${text}`;
  return [
    `\n${output.style(COLOURS[status], MARKS[status])} ${String(number).padStart(2)} ${does}`,
    ...(command === "" ? [] : [line(`${as} $`, output.style("cyan", command))]),
    line("→", outcome),
    ...(expected === undefined ? [] : [line("expected", output.style("red", expected))]),
    ...(status === "failed" && requestId !== undefined ? [line("more:", `kumobako why ${requestId}`)] : []),
  ].join("\n");
}
