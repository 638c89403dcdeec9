import { styleText } from "node:util";
import type { Sink, Terminal } from "./terminal.ts";

type Style = Parameters<typeof styleText>[0];

/** Progress is shown only where a person would otherwise wonder. */
const PROGRESS_AFTER_MS = 300;
const PROGRESS_EVERY_MS = 120;
const METER_CELLS = 30;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Colours are for terminals, unless `NO_COLOR` or `FORCE_COLOR` say otherwise. See https://no-color.org */
export function hasColors(sink: Sink, env: Terminal["env"]): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"] !== undefined) return env["FORCE_COLOR"] !== "0";
  return sink.isTTY && env["TERM"] !== "dumb";
}

/** What a command says: its answer on stdout, everything about the way there on stderr. */
export class Output {
  readonly json: boolean;
  readonly #terminal: Terminal;

  constructor(terminal: Terminal, json: boolean) {
    this.#terminal = terminal;
    this.json = json;
  }

  /** The answer: `value` as JSON where asked for, otherwise the lines that `text` makes of it. */
  answer<T>(value: T, text: (value: T) => string): void {
    this.#terminal.stdout.write(`${this.json ? JSON.stringify(value) : text(value)}\n`);
  }

  /** Something worth knowing that is no part of the answer. */
  note(text: string): void {
    if (!this.json) this.#terminal.stderr.write(`${text}\n`);
  }

  style(style: Style, text: string): string {
    return this.#style(this.#terminal.stdout, style, text);
  }

  fail(failure: { readonly message: string; readonly remedy?: string | undefined }): void {
    const { stderr } = this.#terminal;
    const { message, remedy } = failure;
    if (this.json) return stderr.write(`${JSON.stringify({ error: { message, remedy } })}\n`);
    stderr.write(`${this.#style(stderr, ["red", "bold"], "error:")} ${message}\n`);
    if (remedy !== undefined) stderr.write(`  ${this.#style(stderr, "bold", "remedy:")} ${remedy}\n`);
  }

  /** Waits for `work`; a terminal shows that it is under way. */
  async progress<T>(what: string, work: Promise<T>): Promise<T> {
    const { stderr } = this.#terminal;
    if (this.json || !stderr.isTTY) return work;
    let ticks = 0;
    const startedMs = Date.now();
    const timer = setInterval(() => {
      const elapsedMs = Date.now() - startedMs;
      if (elapsedMs < PROGRESS_AFTER_MS) return;
      const frame = FRAMES[ticks++ % FRAMES.length] ?? "";
      stderr.write(`\r\u001B[2K${frame} ${what} ${this.#style(stderr, "dim", `${Math.floor(elapsedMs / 1000)}s`)}`);
    }, PROGRESS_EVERY_MS);
    try {
      return await work;
    } finally {
      clearInterval(timer);
      if (ticks > 0) stderr.write("\r\u001B[2K");
    }
  }

  /** Shows on a terminal how far something has come, from 0 to 1, in the place of what it showed last; 1 wipes it. */
  meter(share: number, text: string): void {
    const { stderr } = this.#terminal;
    if (this.json || !stderr.isTTY) return;
    if (share >= 1) return stderr.write("\r\u001B[2K");
    const full = Math.floor(share * METER_CELLS);
    const bar = `${"█".repeat(full)}${"░".repeat(METER_CELLS - full)}`;
    stderr.write(`\r\u001B[2K${bar} ${Math.floor(share * 100)} % ${this.#style(stderr, "dim", text)}`);
  }

  #style(sink: Sink, style: Style, text: string): string {
    return hasColors(sink, this.#terminal.env) ? styleText(style, text, { validateStream: false }) : text;
  }
}
