import type { Session } from "../session.ts";
import { formatDuration } from "../duration.ts";
import { clockText } from "./status.ts";

export async function showClock({ control, output }: Session): Promise<void> {
  output.answer(await control.clock(), clockText);
}

export async function advanceClock({ control, output }: Session, seconds: number): Promise<void> {
  const what = `advancing the clock by ${formatDuration(seconds)} and running what falls due`;
  output.answer(await output.progress(what, control.advanceClock(seconds)), clockText);
}

export async function freezeClock({ control, output }: Session): Promise<void> {
  output.answer(await control.freezeClock(), clockText);
}

export async function resumeClock({ control, output }: Session): Promise<void> {
  output.answer(await control.resumeClock(), clockText);
}
