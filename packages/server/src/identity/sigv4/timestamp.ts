/** Times as signatures write them: `20150830T123600Z`. */

/** Epoch milliseconds, or `undefined` where `text` is no such time. */
export function parseTimestamp(text: string): number | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return undefined;
  const part = (from: number, to: number): number => Number(text.slice(from, to));
  const ms = Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13), part(13, 15));
  return formatTimestamp(ms) === text ? ms : undefined;
}

export const formatTimestamp = (ms: number): string => isoSeconds(ms).replaceAll(/[-:]/g, "");

/** `2015-08-30T12:36:00Z`: as S3's errors write it. */
export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
