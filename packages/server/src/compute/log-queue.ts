/** What an instance wrote and is not in its log yet. */
import { Readable, type Writable } from "node:stream";
import { pauseAbout } from "../clock/pause.ts";
import type { LogEvent } from "../service/function-host.ts";

/** Between two writes of one instance that is busy. */
const BETWEEN_WRITES_MS = 100;
/** Who writes more than the log takes is not listened to for a while, as with any pipe. */
const WAITING_CHARACTERS_MAX = 8 * 1024 * 1024;

type Source = Readable | Writable | null | undefined;

interface LogWay {
  readonly writeLog: (events: readonly LogEvent[]) => Promise<void>;
  /** Hears that all lines so far are in the log. */
  readonly written: () => void;
}

export class LogQueue {
  readonly #way: LogWay;
  readonly #sources: readonly Source[];
  #events: LogEvent[] = [];
  #characters = 0;
  #isPaused = false;
  #writing: Promise<void> | undefined;

  constructor({ writeLog, written }: LogWay, sources: readonly Source[]) {
    this.#way = { writeLog, written };
    this.#sources = sources;
  }

  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  push(event: LogEvent): void {
    this.#events.push(event);
    this.#characters += event.message.length;
    if (this.#characters < WAITING_CHARACTERS_MAX || this.#isPaused) return;
    this.#isPaused = true;
    for (const source of this.#sources) if (source instanceof Readable) source.pause();
    this.flush();
  }

  /** One write at a time; what comes meanwhile goes with the next. */
  flush(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      this.#way.written();
    });
  }

  /** Ends when all that was to be written is. */
  async whole(): Promise<void> {
    if (this.#events.length > 0) this.flush();
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#events.length > 0) {
      const events = this.#events;
      this.#events = [];
      this.#characters = 0;
      await this.#way.writeLog(events);
      if (this.#isPaused) this.#goOn();
      else if (this.#events.length > 0) await pauseAbout(BETWEEN_WRITES_MS);
    }
  }

  #goOn(): void {
    this.#isPaused = false;
    for (const source of this.#sources) if (source instanceof Readable) source.resume();
  }
}
