/** One field of a cron expression: a set of numbers. */

export interface FieldBounds {
  readonly min: number;
  readonly max: number;
  /** What may stand for the numbers from `min` on. */
  readonly names?: readonly string[];
}

/** The numbers that `text` lists, or `undefined` where it says nothing that makes sense. */
export function parseField(text = "", bounds: FieldBounds): ReadonlySet<number> | undefined {
  const numbers = new Set<number>();
  for (const part of text.split(",")) {
    const listed = parsePart(part, bounds);
    if (listed === undefined) return undefined;
    for (const number of listed) numbers.add(number);
  }
  return numbers;
}

/** `*`, `5`, `MON-FRI`, `0/15`, `8-17/2`. A range may go past the end: `22-2`. */
function parsePart(part: string, bounds: FieldBounds): readonly number[] | undefined {
  const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  const stride = step === undefined ? 1 : Number(step);
  const ends = endsOf(range, { bounds, isOpen: step !== undefined });
  if (ends === undefined || stride < 1 || stride > bounds.max) return undefined;
  const { from, to } = ends;
  const size = bounds.max - bounds.min + 1;
  const length = to >= from ? to - from + 1 : to - from + 1 + size;
  return Array.from(
    { length: Math.ceil(length / stride) },
    (_, at) => ((from - bounds.min + at * stride) % size) + bounds.min,
  );
}

/** A single number with a step behind it goes on to the end. */
function endsOf(range: string, { bounds, isOpen }: { bounds: FieldBounds; isOpen: boolean }) {
  if (range === "*") return { from: bounds.min, to: bounds.max };
  const [, first = "", last] = /^([^-]+)(?:-([^-]+))?$/.exec(range) ?? [];
  const from = parseNumber(first, bounds);
  const to = last === undefined ? (isOpen ? bounds.max : from) : parseNumber(last, bounds);
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** A number in bounds, or the name of one. */
export function parseNumber(text: string, { min, max, names = [] }: FieldBounds): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return min + named;
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= min && number <= max ? number : undefined;
}
