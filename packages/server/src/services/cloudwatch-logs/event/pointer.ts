/** Where an event is, as queries give it. */
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import { pointerInvalid } from "../errors.ts";
import type { LogGroup } from "../group-row.ts";
import type { StoredEvent } from "./walk.ts";

/** Good for as long as the event is there. */
export const pointerOf = (group: LogGroup, { stream, firstMs, sequence, index }: Pointed): string =>
  encodeToken([group.name, stream, firstMs, sequence, index]);

interface Pointed extends Pick<StoredEvent, "stream" | "sequence" | "index"> {
  /** Of the event's chunk. */
  readonly firstMs: number;
}

interface Pointer extends Pointed {
  readonly name: string;
}

/** @throws {AwsError} `InvalidParameterException` */
export function readPointer(text: string): Pointer {
  const [name, stream, firstMs, sequence, index] = decodeToken(text, pointerInvalid);
  const isPlace = typeof firstMs === "number" && typeof sequence === "number" && typeof index === "number";
  if (!isPlace || typeof name !== "string" || typeof stream !== "string") throw pointerInvalid();
  return { name, stream, firstMs, sequence, index };
}
