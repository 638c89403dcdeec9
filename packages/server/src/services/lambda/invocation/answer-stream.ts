/** An answer that is sent on while the function makes it. */
import type { InvokeWithResponseStreamResponseEvent } from "@aws-sdk/client-lambda";
import type { Ran } from "./run.ts";

type Begun =
  | { readonly kind: "throttled"; readonly reserved: boolean }
  | { readonly kind: "begun"; readonly contentType: string; readonly failed: boolean };

export class AnswerStream {
  readonly #begun = Promise.withResolvers<Begun>();
  readonly #pieces: Uint8Array[] = [];
  #next = Promise.withResolvers<void>();
  #ran: Ran | undefined;
  #failure: unknown;

  /** How it begins: with its first piece, or its end. @throws what running it throws. */
  get begun(): Promise<Begun> {
    return this.#begun.promise;
  }

  take(piece: Uint8Array, contentType: string): void {
    this.#begun.resolve({ kind: "begun", contentType, failed: false });
    if (piece.byteLength > 0) this.#pieces.push(piece);
    this.#wake();
  }

  endWith(running: Promise<Ran>): void {
    running.then(
      (ran) => this.#end(ran),
      (error: unknown) => {
        this.#failure = error;
        this.#begun.reject(error);
        this.#wake();
      },
    );
  }

  /** The pieces, as they come. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) yield piece;
      else if (this.#ran !== undefined || this.#failure !== undefined) return;
      else {
        const next = this.#next.promise;
        await next;
      }
    }
  }

  /** The same as events, and how it ended. */
  async *events(): AsyncGenerator<InvokeWithResponseStreamResponseEvent> {
    for await (const Payload of this.pieces()) yield { PayloadChunk: { Payload } };
    yield { InvokeComplete: completionOf(this.#ran) };
  }

  #end(ran: Ran): void {
    this.#ran = ran;
    if (ran.kind === "throttled") this.#begun.resolve(ran);
    else {
      // what does not stream comes in one piece; an error is told of at the end
      const isWhole = ran.contentType === undefined && !ran.failed;
      if (isWhole) this.#pieces.push(ran.payload);
      this.#begun.resolve({
        kind: "begun",
        contentType: ran.contentType ?? "application/octet-stream",
        failed: ran.failed,
      });
    }
    this.#wake();
  }

  #wake(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}

function completionOf(ran: Ran | undefined) {
  if (ran?.kind !== "ended") return {};
  const log = ran.tail === "" ? {} : { LogResult: ran.tail };
  if (!ran.failed) return log;
  return { ErrorCode: "Unhandled", ErrorDetails: Buffer.from(ran.payload).toString("utf8"), ...log };
}
