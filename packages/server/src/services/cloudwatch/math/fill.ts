/** What stands where a series has no points. */
import type { Given } from "./functions.ts";
import { SyntaxFault } from "./token.ts";
import { listOf, seriesOf, withPoints, type Point, type Series, type Value } from "./value.ts";

type Filler = (series: Series, atMs: number, grid: Given["around"]["grid"]) => number | undefined;

/** `FILL(m1, 0)`, `FILL(m1, REPEAT)`, `FILL(m1, LINEAR)`, `FILL(m1, MIN(m1))`. */
export function filled(given: Given): Value {
  const value = given.value(0);
  const filler = fillerOf(given);
  const fill = (series: Series): Series => fillSeries(series, filler, given.around.grid);
  if (value.type === "series") return seriesOf(fill(value.series));
  if (value.type === "list") return listOf(value.list.map(fill));
  throw new SyntaxFault("Unsupported operand type(s) for FILL: '[Scalar]'");
}

function fillerOf(given: Given): Filler {
  const word = given.word(1);
  if (word === "REPEAT") return (series, atMs) => before(series, atMs)?.[1];
  if (word === "LINEAR") return between;
  const value = given.value(1);
  if (value.type === "scalar") return () => value.scalar;
  if (value.type === "list") throw new SyntaxFault("Unsupported operand type(s) for FILL: '[TimeSeriesArray]'");
  const points = new Map(value.series.points);
  return (_series, atMs) => points.get(atMs);
}

/** A series without any points has its grid from what is asked for. */
function fillSeries(series: Series, filler: Filler, grid: Given["around"]["grid"]): Series {
  const periodMs = series.periodMs > 0 ? series.periodMs : grid.periodMs;
  const there = new Map(series.points);
  const points: Point[] = [];
  for (let atMs = grid.fromMs; atMs < grid.toMs; atMs += periodMs) {
    const value = there.get(atMs) ?? filler(series, atMs, grid);
    if (value !== undefined) points.push([atMs, value]);
  }
  return withPoints(series, points);
}

const before = ({ points }: Series, atMs: number): Point | undefined => points.findLast(([at]) => at < atMs);

function between(series: Series, atMs: number): number | undefined {
  const from = before(series, atMs);
  const to = series.points.find(([at]) => at > atMs);
  if (from === undefined || to === undefined) return undefined;
  return from[1] + ((to[1] - from[1]) * (atMs - from[0])) / (to[0] - from[0]);
}
