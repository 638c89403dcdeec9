/** A moment as ISO 8601 writes it, without fractions of a second: `2026-01-31T23:59:59Z`. `ms`: since 1970. */
export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The same in ISO 8601's basic format: `20260131T235959Z`. */
export const compactSeconds = (ms: number): string => isoSeconds(ms).replaceAll(/[-:]/g, "");

/** The same to the millisecond, with its offset from UTC: `2026-01-31T23:59:59.000+0000`. */
export const fullTime = (ms: number): string => new Date(ms).toISOString().replace("Z", "+0000");
