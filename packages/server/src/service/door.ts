/** Requests to what users have made themselves: addresses of their own, at which no API of AWS's answers. */
import type { ByteStream } from "../kernel/bytes.ts";
import type { Context } from "./context.ts";
import type { ErrandContext } from "./errand.ts";

export interface DoorRequest {
  readonly method: string;
  /** Without its port, in lower case. */
  readonly host: string;
  /** Raw: undecoded, without query. */
  readonly path: string;
  /** Raw, without the question mark. */
  readonly query: string;
  /** Lowercase names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface DoorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body: Uint8Array | string | ByteStream;
}

/** Whether a request has to be signed; `undefined`: nobody answers at that address. */
export type DoorKey = (
  request: Pick<DoorRequest, "host" | "path">,
  context: Context,
) => Promise<"signed" | "open" | undefined>;

/**
 * Answers a request at a door, outside of any transaction: its principal is who signed, or nobody.
 * @throws {AwsError} what it is refused with
 */
export type OpenDoor = (request: DoorRequest, context: ErrandContext) => Promise<DoorAnswer>;

export interface Door {
  readonly key: DoorKey;
  readonly open: OpenDoor;
}
