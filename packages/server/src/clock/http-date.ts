import { SECOND_MS } from "../kernel/duration.ts";

/** The real time as HTTP writes it, made once a second. Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7 */
export class HttpDate {
  #second = 0;
  #text = "";

  get text(): string {
    const second = Math.floor(Date.now() / SECOND_MS);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * SECOND_MS).toUTCString();
    }
    return this.#text;
  }
}
