/**
 * What a client still sends of a body that nobody reads, since the call was refused by its head. It is read and thrown
 * away before the answer goes out: who sends into a closed connection never sees why, over TLS in particular.
 */
import type { IncomingMessage } from "node:http";
import { wakeAfter } from "../../clock/pause.ts";
import { LEFTOVER_BYTES_MAX, LEFTOVER_SECONDS_MAX } from "../limits.ts";

/** Who waits to be told to go on (`Expect: 100-continue`) sends nothing before that. */
const waits = ({ headers }: IncomingMessage): boolean => headers.expect?.toLowerCase() === "100-continue";

/** Whether there is something to come that is worth waiting for. */
export const isLeftOver = (request: IncomingMessage): boolean =>
  !request.complete &&
  !request.destroyed &&
  request.httpVersionMajor === 1 &&
  !waits(request) &&
  Number(request.headers["content-length"] ?? 0) <= LEFTOVER_BYTES_MAX;

/** Ends with the body, or where there is too much of it or it takes too long. */
export function discardLeftover(request: IncomingMessage): Promise<void> {
  return new Promise((done) => {
    let size = 0;
    const end = (): void => {
      stop();
      request.off("data", count);
      request.pause();
      done();
    };
    const count = (piece: Uint8Array): void => {
      size += piece.byteLength;
      if (size > LEFTOVER_BYTES_MAX) end();
    };
    const stop = wakeAfter(LEFTOVER_SECONDS_MAX * 1000, end);
    request.on("data", count);
    request.once("end", end);
    request.once("close", end);
    request.resume();
  });
}
