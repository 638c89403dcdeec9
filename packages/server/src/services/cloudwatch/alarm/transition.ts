/** A change of an alarm's state, and all that comes of it. */
import { parseAsWritten } from "../../../kernel/json-double.ts";
import type { Context } from "../../../service/context.ts";
import { alarmArn } from "../kit.ts";
import { actLater } from "./action.ts";
import { alarms, parents, type Alarm, type AlarmState } from "./alarm.ts";
import { noteHistory } from "./history.ts";
import { eventDetail } from "./notification.ts";
import { suppressOrAct } from "./suppression.ts";

export const COMPOSE_JOB = "compose";

export const PARENTS_MAX = 1000;

/** What an alarm gets to be in, now. */
export type NewState = Pick<AlarmState, "value" | "reason" | "reasonData" | "triggeredBy">;

/** Puts the alarm into a state; where that is another one, it acts and all hear of it. */
export async function changeState(alarm: Alarm, state: NewState, context: Context): Promise<void> {
  const nowMs = context.now().getTime();
  const from = alarm.state;
  const isChange = from.value !== state.value;
  const since = isChange ? { changedAtMs: nowMs } : { changedAtMs: from.changedAtMs, ...waiting(from) };
  const to: AlarmState = { ...state, updatedAtMs: nowMs, ...since };
  const changed: Alarm = { ...alarm, state: to };
  context.tx.put(alarms, changed);
  await noteHistory(
    changed,
    { type: "StateUpdate", summary: `Alarm updated from ${from.value} to ${to.value}`, text: historyOf(from, to) },
    context,
  );
  if (!isChange) return;
  const acting = await actOrWait(changed, from, context);
  await context.announce({
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm State Change",
    resources: [alarmArn(context, alarm.name)],
    detail: eventDetail(acting, from, context),
  });
  await tellParents(alarm.name, context);
}

async function actOrWait(alarm: Alarm, from: AlarmState, context: Context): Promise<Alarm> {
  if (alarm.kind === "composite") return suppressOrAct(alarm, from, context);
  await actLater(alarm, from, context);
  return alarm;
}

const waiting = ({ suppressedBy }: AlarmState): Pick<AlarmState, "suppressedBy"> =>
  suppressedBy === undefined ? {} : { suppressedBy };

function historyOf(from: AlarmState, to: AlarmState): object {
  return { version: "1.0", oldState: historyState(from), newState: historyState(to) };
}

const historyState = ({ value, reason, reasonData }: AlarmState) => ({
  stateValue: value,
  stateReason: reason,
  ...(reasonData !== undefined && { stateReasonData: parseAsWritten(reasonData) }),
});

/** Composite alarms that have it in their rule, or as what holds their actions back. */
async function tellParents(child: string, context: Context): Promise<void> {
  const found = await context.tx.scan(parents, { prefix: [child], limit: PARENTS_MAX });
  for (const { name } of found) context.at(context.now().getTime(), COMPOSE_JOB, `${name}\n${child}`);
}
