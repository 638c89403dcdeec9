import type { CallView, DecisionsQuery } from "../control.ts";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";
import { timeOf } from "./since.ts";

/** Explains one call, or the newest refusal. */
export async function why({ control, output }: Session, requestId: string | undefined): Promise<void> {
  const id = requestId ?? (await newestRefusal(control));
  output.answer(await control.decision(id), ({ explanation }) => explanation.trimEnd());
}

async function newestRefusal(control: Session["control"]): Promise<string> {
  const { decisions } = await control.decisions({ decision: "refused", limit: 1 });
  const [newest] = decisions;
  if (newest) return newest.requestId;
  throw new Failure(
    "failed",
    "no call was refused yet",
    "kumobako decisions lists the calls; name one by its request id",
  );
}

export interface DecisionsOptions extends Omit<DecisionsQuery, "since"> {
  /** A duration back from virtual now, or an ISO 8601 time. */
  readonly since?: string;
}

export async function listDecisions(
  { control, output }: Session,
  { since, ...query }: DecisionsOptions,
): Promise<void> {
  const sinceTime = since === undefined ? undefined : await timeOf(since, control);
  const page = await control.decisions({ ...query, since: sinceTime });
  output.answer(page, ({ decisions: calls }) =>
    calls.length === 0
      ? "no calls"
      : calls
          .toReversed()
          .flatMap((call) => linesOf(call, output))
          .join("\n"),
  );
}

/** The call on one line, and a line for each question that it put to IAM. */
function linesOf(call: CallView, output: Session["output"]): string[] {
  const { at, requestId, service, operation, userIdentity, error, decisions: answers } = call;
  const outcome = error === undefined ? output.style("green", "ok") : output.style("red", error.code);
  const who = userIdentity.arn ?? userIdentity.type;
  return [
    `${output.style("dim", at)} ${service}:${operation} ${outcome} ${who} ${output.style("dim", requestId)}`,
    ...answers.map(({ decision, action, resource }) => {
      const word = decision === "allow" ? output.style("green", "allow") : output.style("red", "deny ");
      return `  ${word} ${action} on ${resource}`;
    }),
  ];
}
