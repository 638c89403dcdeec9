/** Results as a table. */

export interface Row {
  readonly name: string;
  readonly measured: number;
  /** `≥ 0.40`, `≤ 5`. */
  readonly goal: string;
  readonly unit: string;
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export const reached = ({ measured, goal }: Row): boolean => {
  const [sign, bound] = goal.split(" ");
  return sign === "≥" ? measured >= Number(bound) : measured <= Number(bound);
};

export function formatTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { name, measured, goal, unit, note = "" } = row;
    return `| ${name} | ${measured.toPrecision(3)} | ${goal} | ${unit} | ${reached(row) ? "yes" : "no"} | ${note} |`;
  });
  return ["| what | measured | goal | unit | reached | |", "|---|---|---|---|---|---|", ...lines].join("\n");
}
