/** What a text is made of, one after the other. */

/**
 * What a sticky pattern, which passes over the spaces before, finds from the beginning of a text to its end.
 * @throws what `faultAt` makes, where it finds nothing
 */
export function* foundIn(text: string, sticky: RegExp, faultAt: (at: number) => Error): Generator<RegExpExecArray> {
  const pattern = new RegExp(sticky);
  const end = text.trimEnd().length;
  for (let at = 0; at < end; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) throw faultAt(at);
    yield found;
  }
}

/** What stands between quotation marks, where a backslash stands before those that belong to it. */
export const unquoted = (text: string): string => text.slice(1, -1).replaceAll(/\\(.)/g, "$1");
