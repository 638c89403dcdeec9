/** The way in which our own runtimes talk: frames on two pipes, faster than HTTP and closed to everybody else. */
import type { Readable, Writable } from "node:stream";
import type { Conversation, InvokeHead, RuntimeListener } from "./conversation.ts";
import { encodeFrame, FrameError, FrameReader, type Frame } from "./frame.ts";

export interface ChannelPipes {
  readonly out: Writable;
  readonly in: Readable;
}

export class Channel implements Conversation {
  readonly saysWhenReady = false;
  readonly #out: Writable;
  readonly #listener: RuntimeListener;
  #contentType = "application/octet-stream";

  constructor({ out, in: incoming }: ChannelPipes, listener: RuntimeListener) {
    this.#out = out;
    this.#listener = listener;
    const reader = new FrameReader();
    incoming.on("data", (piece: Buffer) => {
      try {
        for (const frame of reader.take(piece)) this.#heard(frame);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        incoming.destroy();
        this.#listener.garbled();
      }
    });
    // the end of the process tells more
    incoming.on("error", () => {});
    out.on("error", () => {});
  }

  invoke(head: InvokeHead, payload: Uint8Array): void {
    this.#out.write(encodeFrame({ type: "invoke", ...head }, payload));
  }

  close(): void {
    this.#out.end();
  }

  #heard({ head, body }: Frame): void {
    const { id = "" } = head;
    switch (head.type) {
      case "ready":
        return this.#listener.ready();
      case "init-error":
        return this.#listener.initFailed(body);
      case "response":
        return this.#listener.answered(id, body);
      case "error":
        return this.#listener.failed(id, body, head.last);
      case "log":
        return this.#listener.logged(body);
      case "output":
        return this.#listener.printed(body);
      case "stream":
        this.#contentType = head.contentType ?? this.#contentType;
        return this.#listener.piece(new Uint8Array(), this.#contentType);
      case "piece":
        return this.#listener.piece(body, this.#contentType);
      case "end":
        return this.#listener.streamEnded();
    }
  }
}
