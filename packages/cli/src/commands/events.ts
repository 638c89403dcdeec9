import type { EventView } from "../control.ts";
import type { Session } from "../session.ts";

/** What services sent to queues, topics, functions, event buses and the like, and what became of it; the newest last. */
export async function showEvents({ control, output }: Session, limit: number): Promise<void> {
  output.answer(await control.events(limit), ({ events }) =>
    events.length === 0
      ? "nothing was sent"
      : events
          .toReversed()
          .map((event) => textOf(event, output))
          .join("\n\n"),
  );
}

const COLOURS = { arrived: "green", "under way": "yellow", "given up": "red" } as const;

function textOf(event: EventView, output: Session["output"]): string {
  const { at, service, to, attempts, error, state, content } = event;
  return [
    `${output.style("dim", at)} ${service} to ${to}: ${output.style(COLOURS[state], state)}`,
    ...(error === undefined ? [] : [`  after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}: ${error}`]),
    `  ${content.kind === "event" ? `${content.detailType}: ${JSON.stringify(content.detail)}` : content.text}`,
  ].join("\n");
}
