import { HeadIndex } from "./head-index.ts";

/** Finds entries by actions: those of the action's own service, and those that name no whole service. */
export class ActionIndex<Entry> {
  readonly #byService = new Map<string, HeadIndex<Entry>>();
  readonly #anyService = new HeadIndex<Entry>();

  /** As `HeadIndex.at`: the entry for actions that begin with `head`, or are it. */
  at(head: string, exact: boolean, make: () => Entry): Entry {
    const colon = head.indexOf(":");
    if (colon === -1) return this.#anyService.at(head, exact, make);
    const service = head.slice(0, colon);
    const index = this.#byService.get(service) ?? new HeadIndex<Entry>();
    this.#byService.set(service, index);
    return index.at(head, exact, make);
  }

  /** Calls `visit` with every entry that `action`, one of `service`, may match. */
  find(action: string, service: string, visit: (entry: Entry) => void): void {
    this.#byService.get(service)?.find(action, visit);
    this.#anyService.find(action, visit);
  }
}
