/**
 * Finds, among entries that each begin with a known text, those that a text may match, at a cost
 * that grows with the number of different lengths of those beginnings and not with the entries.
 */
export class HeadIndex<Entry> {
  readonly #exact = new Map<string, Entry>();
  readonly #byLength = new Map<number, Map<string, Entry>>();
  #lengths: readonly number[] = [];

  /** The entry under that beginning, made where there is none. `exact`: for the text `head` alone. */
  at(head: string, exact: boolean, make: () => Entry): Entry {
    const heads = exact ? this.#exact : this.#headsOf(head.length);
    const found = heads.get(head);
    if (found !== undefined) return found;
    const made = make();
    heads.set(head, made);
    return made;
  }

  /** Calls `visit` with every entry that `text` may match. */
  find(text: string, visit: (entry: Entry) => void): void {
    const exact = this.#exact.get(text);
    if (exact !== undefined) visit(exact);
    for (const length of this.#lengths) {
      if (length > text.length) continue;
      const entry = this.#byLength.get(length)?.get(length === text.length ? text : text.slice(0, length));
      if (entry !== undefined) visit(entry);
    }
  }

  #headsOf(length: number): Map<string, Entry> {
    let heads = this.#byLength.get(length);
    if (heads === undefined) {
      heads = new Map();
      this.#byLength.set(length, heads);
      this.#lengths = [...this.#byLength.keys()];
    }
    return heads;
  }
}
