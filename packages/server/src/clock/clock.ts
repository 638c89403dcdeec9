/** Virtual time: real time plus an offset, or standing still. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Real epoch milliseconds: for signature dates only. */
  realNow(): number;
  /**
   * The virtual time that it was when real time was `realMs`, or `undefined` from before virtual
   * time was last moved. With it a URL that a client presigned by its own clock grows old rightly.
   */
  virtualAt?(realMs: number): number | undefined;
}
