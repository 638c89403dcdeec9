import type { KeyRange, Write } from "../driver.ts";
import { SortedKeys } from "./sorted-keys.ts";

/** What a key held before a commit. */
interface Undo {
  readonly version: number;
  readonly before: string | undefined;
}

/**
 * What has changed since the oldest attempt still under way began, so that each attempt can be
 * shown the state it began with, and told whether that state is still the present one.
 */
export class History {
  /** Per changed key, oldest first. */
  readonly #undo = new Map<string, Undo[]>();
  #keys = new SortedKeys();
  /** The commits in order, to forget them by. */
  #commits: { readonly version: number; readonly keys: readonly string[] }[] = [];

  record(version: number, writes: readonly Write[], before: (key: string) => string | undefined): void {
    for (const { key } of writes) {
      const undo = this.#undo.get(key);
      if (undo) undo.push({ version, before: before(key) });
      else {
        this.#undo.set(key, [{ version, before: before(key) }]);
        this.#keys.add(key);
      }
    }
    this.#commits.push({ version, keys: writes.map(({ key }) => key) });
  }

  /** What `key` held at `version`, where it has changed since; `undefined` where it has not. */
  changeOf(key: string, version: number): { readonly value: string | undefined } | undefined {
    const undo = this.#undo.get(key)?.find((each) => each.version > version);
    return undo && { value: undo.before };
  }

  /** For each key in `range` that has changed since `version`: what it held then. In the range's direction. */
  changesIn({ from, to, reverse }: KeyRange, version: number): Write[] {
    const keys = reverse ? this.#keys.descending(from, to, Infinity) : this.#keys.ascending(from, to, Infinity);
    return keys.flatMap((key) => {
      const change = this.changeOf(key, version);
      return change ? [{ key, value: change.value }] : [];
    });
  }

  /** No attempt asks for states before `version` any more. */
  forget(version: number): void {
    let count = 0;
    for (const commit of this.#commits) {
      if (commit.version > version) break;
      for (const key of commit.keys) this.#forgetKey(key);
      count++;
    }
    if (count > 0) this.#commits = this.#commits.slice(count);
  }

  clear(): void {
    if (this.#commits.length === 0) return;
    this.#undo.clear();
    this.#keys = new SortedKeys();
    this.#commits = [];
  }

  /** Its oldest change belongs to the oldest commit. */
  #forgetKey(key: string): void {
    const undo = this.#undo.get(key);
    if (!undo) return;
    undo.shift();
    if (undo.length > 0) return;
    this.#undo.delete(key);
    this.#keys.remove(key);
  }
}
