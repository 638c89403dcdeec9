/** What a runtime is told and what it says, whatever way the two talk. */

export interface InvokeHead {
  readonly id: string;
  readonly functionArn: string;
  /** Real epoch milliseconds. */
  readonly deadlineMs: number;
  readonly traceId?: string | undefined;
  readonly clientContext?: string | undefined;
  readonly identity?: string | undefined;
}

/** Hears what the runtime says. */
export interface RuntimeListener {
  /** It waits for an invocation: the first, or the next. */
  ready(): void;
  initFailed(error: Uint8Array): void;
  answered(id: string, payload: Uint8Array): void;
  /** `isLast`: it ends with this. */
  failed(id: string, error: Uint8Array, isLast?: boolean): void;
  /** A piece of a streamed answer. */
  piece(piece: Uint8Array, contentType: string): void;
  /** The streamed answer is whole, or broke off with an error. */
  streamEnded(error?: Uint8Array): void;
  /** One entry of the log, its lines kept together. */
  logged(message: Uint8Array): void;
  /** Any text of standard output. */
  printed(text: Uint8Array): void;
  /** It speaks so that nobody understands it. */
  garbled(): void;
}

export interface Conversation {
  /** Whether the runtime says so when it waits for the next invocation: otherwise it does once it has answered. */
  readonly saysWhenReady: boolean;
  invoke(head: InvokeHead, payload: Uint8Array): void;
  close(): void;
}
