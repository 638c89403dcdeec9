/** Requests to what users name: webhooks, destinations of events. */

export interface OutwardRequest {
  /** `http:` or `https:`. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** Real milliseconds, for all of it. */
  readonly timeoutMs: number;
  /** The most that is read of the answer's body; the rest is left. */
  readonly bytesMax: number;
}

export interface OutwardAnswer {
  readonly status: number;
  /** Lowercase names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The way out of the cloud: to this machine's own addresses, and further where whoever started the cloud lets it. For
 * errands, and for what operations receive: never inside a transaction.
 */
export interface Outward {
  /** Follows no redirects. @throws {OutwardError} */
  request(asked: OutwardRequest): Promise<OutwardAnswer>;
}
