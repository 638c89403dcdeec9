import type { ClockState, Health } from "../control.ts";
import { formatDuration } from "../duration.ts";
import type { Session } from "../session.ts";

export async function status({ control, output }: Session): Promise<void> {
  const health = await control.health();
  output.answer(health, ({ clock, ...facts }: Health) =>
    [
      `${output.style("green", facts.status)} at ${output.style("bold", facts.endpoint)}`,
      ...Object.entries({
        version: facts.version,
        account: facts.account,
        store: facts.store,
        clock: clockText(clock),
      }).map(([name, text]) => `  ${output.style("dim", name.padEnd(9))}${text}`),
    ].join("\n"),
  );
}

/** `2026-01-01T12:00:00Z (12h ahead of real time)`. */
export function clockText({ now, offsetSeconds, frozen }: ClockState): string {
  const offset = Math.round(offsetSeconds);
  const notes = [
    ...(offset === 0 ? [] : [`${formatDuration(offset)} ${offset > 0 ? "ahead of" : "behind"} real time`]),
    ...(frozen ? ["frozen"] : []),
  ];
  return notes.length === 0 ? now : `${now} (${notes.join(", ")})`;
}

export interface ResetOptions {
  readonly yes?: boolean;
}

export async function reset({ control, output, terminal }: Session, { yes }: ResetOptions): Promise<void> {
  const asks = !yes && !output.json && terminal.stderr.isTTY;
  if (asks && !(await terminal.confirm(`Delete everything in ${control.endpoint}?`)))
    return output.note("nothing was deleted");
  const answer = await output.progress("deleting everything", control.reset());
  output.answer(answer, () => `${control.endpoint} is empty again`);
}
