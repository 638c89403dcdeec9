/** When mappings are read: readers are errands that set themselves again. */
import type { Context } from "../../../service/context.ts";
import type { Mapping } from "./row.ts";

export const READ = "read";

/** The first reader is always there; the others come and go with the work. */
export const startReading = (mapping: Mapping, context: Context): void => {
  if (mapping.enabled) setReader({ mapping, reader: 0, waitMs: 0 }, context);
};

interface Reader {
  readonly mapping: Mapping;
  readonly reader: number;
  readonly waitMs: number;
}

export function setReader({ mapping, reader, waitMs }: Reader, context: Context): void {
  context.at(context.now().getTime() + waitMs, READ, `${mapping.id} ${reader}`);
}
