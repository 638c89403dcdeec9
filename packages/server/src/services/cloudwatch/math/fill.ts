/** What stands where a series has no points. */
import type { Surroundings } from "./evaluate.ts";
import type { Given } from "./functions.ts";
import { SyntaxFault } from "./token.ts";
import { listOf, seriesOf, withPoints, type Point, type Series, type Value } from "./value.ts";

/** What stands between two points, of which there may be none. */
type Filler = (between: Between, atMs: number) => number | undefined;

interface Between {
  readonly from: Point | undefined;
  readonly to: Point | undefined;
}

/** `FILL(m1, 0)`, `FILL(m1, REPEAT)`, `FILL(m1, LINEAR)`, `FILL(m1, MIN(m1))`. */
export function filled(given: Given): Value {
  const value = given.value(0);
  const filler = fillerOf(given);
  const fill = (series: Series): Series => fillSeries(series, filler, given.around);
  if (value.type === "series") return seriesOf(fill(value.series));
  if (value.type === "list") return listOf(value.list.map(fill));
  throw new SyntaxFault("Unsupported operand type(s) for FILL: '[Scalar]'");
}

function fillerOf(given: Given): Filler {
  const word = given.word(1);
  if (word === "REPEAT") return ({ from }) => from?.[1];
  if (word === "LINEAR") return onTheLine;
  const value = given.value(1);
  if (value.type === "scalar") return () => value.scalar;
  if (value.type === "list") throw new SyntaxFault("Unsupported operand type(s) for FILL: '[TimeSeriesArray]'");
  const points = new Map(value.series.points);
  return (_between, atMs) => points.get(atMs);
}

/** A series without any points has its grid from what is asked for. */
function fillSeries(series: Series, filler: Filler, around: Surroundings): Series {
  const points: Point[] = [];
  let next = 0;
  for (const atMs of timesOf(around, series.periodMs)) {
    while ((series.points[next]?.[0] ?? Infinity) < atMs) next++;
    const [from, to] = [series.points[next - 1], series.points[next]];
    const value = to?.[0] === atMs ? to[1] : filler({ from, to }, atMs);
    if (value !== undefined) points.push([atMs, value]);
  }
  return withPoints(series, points);
}

/** The beginnings of all periods that are asked for; of the usual length where a series knows none of its own. */
export function timesOf({ grid, afford }: Surroundings, ownPeriodMs = 0): readonly number[] {
  const { fromMs, toMs } = grid;
  const periodMs = ownPeriodMs > 0 ? ownPeriodMs : grid.periodMs;
  const count = Math.max(0, Math.ceil((toMs - fromMs) / periodMs));
  afford(count);
  return Array.from({ length: count }, (_, index) => fromMs + index * periodMs);
}

const onTheLine: Filler = ({ from, to }, atMs) =>
  from && to && from[1] + ((to[1] - from[1]) * (atMs - from[0])) / (to[0] - from[0]);
