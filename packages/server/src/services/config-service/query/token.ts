/** The words of a query. */
export type Token =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "sign"; readonly text: string };

const PATTERN =
  /\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_][\w.:-]*)|"([^"]*)"|(<=|>=|<>|!=|[=<>(),*]))/y;

/** `undefined`: there is something that is no word of the language. */
export function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];

  const source = text.trim();
  const pattern = new RegExp(PATTERN);
  for (let at = 0; at < source.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const [, quoted, number, word, named, sign] = pattern.exec(source) ?? [];
    if (quoted !== undefined) tokens.push({ kind: "text", text: quoted.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: "number", number: Number(number) });
    else if (word !== undefined || named !== undefined) tokens.push({ kind: "word", text: word ?? named ?? "" });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else return undefined;
  }
  return tokens;
}
