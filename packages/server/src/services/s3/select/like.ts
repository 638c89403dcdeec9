/** Patterns of `LIKE`: `%` is any text, `_` any character, unless the escape stands before them. */
import { unsupportedSyntax } from "./errors.ts";

export function likePattern(pattern: string, escape: string | undefined): LikePattern {
  if (escape !== undefined && Array.from(escape).length !== 1)
    throw unsupportedSyntax("an escape of several characters");
  const parts: Part[] = [];
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === escape) parts.push({ kind: "character", character: characters[++at] ?? "" });
    else if (character === "%") parts.push({ kind: "any text" });
    else parts.push(character === "_" ? { kind: "any" } : { kind: "character", character });
  }
  return new LikePattern(parts);
}

type Part =
  | { readonly kind: "any text" }
  | { readonly kind: "any" }
  | { readonly kind: "character"; readonly character: string };

/** Takes time in proportion to the text and the pattern, whatever they are. */
class LikePattern {
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  test(text: string): boolean {
    const characters = Array.from(text);
    let [part, place] = [0, 0];
    /** Where to go on if the present try fails: behind the last `%`. */
    let [again, from] = [-1, 0];
    while (place < characters.length) {
      const wanted = this.#parts[part];
      if (wanted?.kind === "any text") {
        again = ++part;
        from = place;
      } else if (wanted && (wanted.kind === "any" || wanted.character === characters[place])) {
        part++;
        place++;
      } else if (again >= 0) {
        part = again;
        place = ++from;
      } else {
        return false;
      }
    }
    return this.#parts.slice(part).every(({ kind }) => kind === "any text");
  }
}
