/**
 * Splits a command as a shell would: blanks part the words of the literal text, and a value that is put in stays
 * whole, whatever is in it.
 */
export function words(literals: readonly string[], ...values: readonly (string | number)[]): readonly string[] {
  const found: string[] = [];
  let open = false;
  const add = (text: string) => {
    if (open) found.push(`${found.pop() ?? ""}${text}`);
    else found.push(text);
    open = true;
  };
  for (const [index, literal] of literals.entries()) {
    const pieces = literal.split(/\s+/);
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) open = false;
      if (piece !== "") add(piece);
    }
    const value = values[index];
    if (value !== undefined) add(String(value));
  }
  return found;
}
