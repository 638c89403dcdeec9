/** Virtual time: real time plus an offset, or standing still. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Real epoch milliseconds: for signature dates only. */
  realNow(): number;
}
