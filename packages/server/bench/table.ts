/** Results as a table. */

export interface Row {
  readonly name: string;
  readonly measured: number;
  /** `≥ 0.40`, `≤ 5`; where there is one. */
  readonly goal?: string;
  readonly unit: string;
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function reached({ measured, goal }: Row): string {
  if (goal === undefined) return "";
  const [sign, bound] = goal.split(" ");
  return (sign === "≥" ? measured >= Number(bound) : measured <= Number(bound)) ? "yes" : "no";
}

export function formatTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { name, measured, goal = "", unit, note = "" } = row;
    return `| ${name} | ${measured.toPrecision(3)} | ${goal} | ${unit} | ${reached(row)} | ${note} |`;
  });
  return ["| what | measured | goal | unit | reached | |", "|---|---|---|---|---|---|", ...lines].join("\n");
}

/** Only ratios and the like of the same name; a difference of a few percent is noise. */
export function formatComparison(rows: readonly Row[], baseline: Readonly<Record<string, number>>): string {
  const lines = rows.map(({ name, measured }) => {
    const before = baseline[name];
    if (before === undefined) return `| ${name} | | ${measured.toPrecision(3)} | new |`;
    const percent = Math.round((measured / before - 1) * 100);
    return `| ${name} | ${before.toPrecision(3)} | ${measured.toPrecision(3)} | ${percent > 0 ? "+" : ""}${percent} % |`;
  });
  return ["| what | baseline | now | difference |", "|---|---|---|---|", ...lines].join("\n");
}
