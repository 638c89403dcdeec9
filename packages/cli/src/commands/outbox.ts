import type { MessageView } from "../control.ts";
import type { Session } from "../session.ts";

/** The mails, text messages and notifications that services sent, the newest last. */
export async function showOutbox({ control, output }: Session, limit: number): Promise<void> {
  output.answer(await control.outbox(limit), ({ messages }) =>
    messages.length === 0
      ? "no messages"
      : messages
          .toReversed()
          .map((message) => textOf(message, output))
          .join("\n\n"),
  );
}

function textOf(
  { at, kind, from, to, subject, text, attributes = {} }: MessageView,
  output: Session["output"],
): string {
  const head = `${output.style("dim", at)} ${kind} from ${from} to ${output.style("green", to)}`;
  return [
    head,
    ...(subject === undefined ? [] : [`  ${subject}`]),
    ...Object.entries(attributes).map(([name, value]) => `  ${name}: ${value}`),
    ...text.split("\n").map((line) => `  ${line}`),
  ].join("\n");
}
