/** Durations as people write them: `90s`, `15m`, `12h`, `7d`, `1h30m`. */

const UNIT_SECONDS = { d: 86_400, h: 3600, m: 60, s: 1 } as const;

/** Seconds, or `undefined` where the text is no duration. */
export function parseDurationSeconds(text: string): number | undefined {
  const parts = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim().toLowerCase());
  if (!parts || text.trim() === "") return undefined;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = parts;
  const { d, h, m, s } = UNIT_SECONDS;
  return Number(days) * d + Number(hours) * h + Number(minutes) * m + Number(seconds) * s;
}

/** `5400` is `1h30m`; fractions of a second are left out. */
export function formatDuration(seconds: number): string {
  let left = Math.floor(Math.abs(seconds));
  const parts = Object.entries(UNIT_SECONDS).flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left %= size;
    return count > 0 ? [`${count}${unit}`] : [];
  });
  return parts.join("") || "0s";
}
