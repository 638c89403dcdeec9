/** What a user or role did, told from the record of calls. */
import type { Context } from "../../../service/context.ts";
import type { RecordedCall, RecordedPlace } from "../../../service/recorded-calls.ts";

interface Doer {
  readonly principalArn: string;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Every action that was asked for and allowed, in order. */
export async function actionsDoneBy({ principalArn, sinceMs, untilMs }: Doer, context: Context): Promise<string[]> {
  const actions = new Set<string>();
  let after: RecordedPlace | undefined;
  do {
    const { account } = context;
    const { calls, next } = await context.recorded.find({ sinceMs, untilMs, account, principalArn, after });
    for (const call of calls) for (const action of actionsOf(call)) actions.add(action);
    after = next;
  } while (after !== undefined);
  return [...actions].toSorted((one, other) => (one < other ? -1 : 1));
}

const actionsOf = ({ questions }: RecordedCall): readonly string[] =>
  questions.filter(({ decision }) => decision.decision === "allow").map(({ access }) => access.action);
