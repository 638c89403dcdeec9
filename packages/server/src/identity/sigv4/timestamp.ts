/** Times as signatures write them: `20150830T123600Z`. */

/** Epoch milliseconds, or `undefined` where `text` is no such time. */
export function parseTimestamp(text: string): number | undefined {
  if (!/^\d{4}[01]\d[0-3]\dT[0-2]\d[0-5]\d[0-5]\dZ$/.test(text)) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const [month, day] = [twoDigits(text, 4), twoDigits(text, 6)];
  const ms = Date.UTC(year, month - 1, day, twoDigits(text, 9), twoDigits(text, 11), twoDigits(text, 13));
  // a month or an hour too many would have moved the day
  return new Date(ms).getUTCDate() === day && month > 0 && month < 13 ? ms : undefined;
}

const ZERO = 0x30;

const twoDigits = (text: string, at: number): number =>
  (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
