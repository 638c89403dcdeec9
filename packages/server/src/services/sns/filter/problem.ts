import type { Place } from "./json-reader.ts";

/** Why a text is no filter policy, and where that was seen. */
export class FilterProblem extends Error {
  override readonly name = "FilterProblem";
  readonly place: Place | undefined;
  constructor(message: string, place?: Place) {
    super(message);
    this.place = place;
  }
}
