/** Waits in real time, for what a database or a file system makes us wait for; never for anything AWS does. */
import { newSecretBytes } from "../kernel/ids.ts";

/** About `milliseconds`, by chance between half and one and a half times as long, so that rivals part. */
export function pauseAbout(milliseconds: number): Promise<void> {
  const chance = (newSecretBytes(1)[0] ?? 0) / 256;
  return new Promise((resolve) => setTimeout(resolve, milliseconds * (0.5 + chance)));
}

/** The longest that Node waits for. */
const WAIT_MS_MAX = 2_147_483_647;

/** Calls `action` after `milliseconds` of real time, or sooner where that is longer than Node waits; keeps no process alive. Gives what ends the wait. */
export function wakeAfter(milliseconds: number, action: () => void): () => void {
  const timer = setTimeout(action, Math.min(Math.max(milliseconds, 0), WAIT_MS_MAX)).unref();
  return () => clearTimeout(timer);
}

/** How long work in steps may keep others waiting. */
const TURN_MS = 5;

/**
 * Work of many steps that may wait for nothing but each other, as over a store in memory. Between them requests are
 * answered, and what is written behind is written: else it would be kept for as long as the work takes.
 */
export class Steps {
  #sinceMs = Date.now();

  /** Ends at once or, where others have waited for a while, when they have had their turn. */
  async between(): Promise<void> {
    if (Math.abs(Date.now() - this.#sinceMs) < TURN_MS) return;
    await new Promise((go) => setImmediate(go));
    this.#sinceMs = Date.now();
  }
}
