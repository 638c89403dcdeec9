import type { DeliveryView } from "../control.ts";
import type { Session } from "../session.ts";

/** What services sent to queues, topics, functions and event buses, and has not arrived; the newest last. */
export async function showDeliveries({ control, output }: Session, limit: number): Promise<void> {
  output.answer(await control.deliveries(limit), ({ deliveries }) =>
    deliveries.length === 0
      ? "everything has arrived"
      : deliveries
          .toReversed()
          .map((delivery) => textOf(delivery, output))
          .join("\n\n"),
  );
}

function textOf(delivery: DeliveryView, output: Session["output"]): string {
  const { at, service, to, attempts, error, failed, content } = delivery;
  const standing = failed ? output.style("red", "given up") : "under way";
  return [
    `${output.style("dim", at)} ${service} to ${output.style("green", to)}: ${standing}`,
    ...(error === undefined ? [] : [`  after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}: ${error}`]),
    `  ${content.kind === "event" ? `${content.detailType}: ${JSON.stringify(content.detail)}` : content.text}`,
  ].join("\n");
}
