/** What metric math computes with: numbers, series, and lists of series. */

export interface Series {
  /** What the metrics behind it have in common, where they are grouped: values of dimensions. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly label: string;
  /** In order of time: virtual epoch milliseconds, and the value. */
  readonly points: readonly Point[];
  readonly periodMs: number;
}

export type Point = readonly [atMs: number, value: number];

export type Value =
  | { readonly type: "scalar"; readonly scalar: number }
  | { readonly type: "series"; readonly series: Series }
  | { readonly type: "list"; readonly list: readonly Series[] };

export const scalarOf = (scalar: number): Value => ({ type: "scalar", scalar });
export const seriesOf = (series: Series): Value => ({ type: "series", series });
export const listOf = (list: readonly Series[]): Value => ({ type: "list", list });

/** As AWS calls them. */
export const TYPE_NAMES = { scalar: "Scalar", series: "TimeSeries", list: "TimeSeriesArray" } as const;

/** What is no number is no point. */
const onlyNumbers = (points: readonly Point[]): Point[] => points.filter(([, value]) => Number.isFinite(value));

export const withPoints = (series: Series, points: readonly Point[]): Series => ({
  ...series,
  points: onlyNumbers(points),
});

/** Does `change` to every value. */
export function mapped(value: Value, change: (value: number, atMs: number) => number): Value {
  const each = (series: Series): Series =>
    withPoints(
      series,
      series.points.map(([atMs, point]) => [atMs, change(point, atMs)]),
    );
  switch (value.type) {
    case "scalar":
      return scalarOf(change(value.scalar, 0));
    case "series":
      return seriesOf(each(value.series));
    case "list":
      return listOf(value.list.map(each));
  }
}

type Combine = (one: number, other: number) => number;

/** Of series, points of the same time are combined; of lists, each series with the other value. */
export function combined(one: Value, other: Value, combine: Combine): Value {
  if (other.type === "scalar") return mapped(one, (value) => combine(value, other.scalar));
  if (one.type === "scalar") return mapped(other, (value) => combine(one.scalar, value));
  if (one.type === "series" && other.type === "series") return seriesOf(joined(one.series, other.series, combine));
  if (one.type === "list" && other.type === "series") {
    return listOf(one.list.map((series) => joined(series, other.series, combine)));
  }
  if (one.type === "series" && other.type === "list") {
    return listOf(other.list.map((series) => ({ ...joined(one.series, series, combine), label: series.label })));
  }
  if (one.type !== "list" || other.type !== "list") return one;
  const short = other.list.length;
  return listOf(one.list.slice(0, short).map((series, index) => joined(series, other.list[index] ?? series, combine)));
}

function joined(one: Series, other: Series, combine: Combine): Series {
  const others = new Map(other.points);
  const points: Point[] = [];
  for (const [atMs, value] of one.points) {
    const another = others.get(atMs);
    if (another !== undefined) points.push([atMs, combine(value, another)]);
  }
  return withPoints(one, points);
}

export const valuesOf = ({ points }: Series): number[] => points.map(([, value]) => value);

/** Of many series one: at each time, what `reduce` makes of their values. */
export function across(list: readonly Series[], reduce: (values: readonly number[]) => number): Series {
  const times = new Map<number, number[]>();
  for (const { points } of list) {
    for (const [atMs, value] of points) {
      const there = times.get(atMs);
      if (there === undefined) times.set(atMs, [value]);
      else there.push(value);
    }
  }
  const points = [...times]
    .toSorted(([one], [other]) => one - other)
    .map(([atMs, all]) => [atMs, reduce(all)] as const);
  const periodMs = Math.max(...list.map((series) => series.periodMs), 0);
  return withPoints({ label: "", points: [], periodMs }, points);
}
