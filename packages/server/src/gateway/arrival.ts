import { held, type ByteStream } from "../kernel/bytes.ts";
import type { Ends } from "../network/peer-user.ts";
import type { RequestHead } from "../protocol/protocol.ts";

/** A request as it arrived, before anybody has looked at what it means. */
export interface Arrival extends RequestHead {
  readonly body: ByteStream;
  /** The whole body, where the transport has a quicker way than `body`; `undefined`: it is larger than `bytesMax`. */
  readonly hold?: ((bytesMax: number) => Promise<Uint8Array | undefined>) | undefined;
  /** Hears when the client has gone, or has its answer. */
  readonly whenGone?: ((listener: () => void) => void) | undefined;
  /** Nothing tells where a body would end, neither its sender nor the transport: there is none. */
  readonly lengthUnsaid?: boolean;
  readonly remoteAddress: string | undefined;
  /** Its connection, where it came by one. */
  readonly ends?: Ends | undefined;
  /** Over TLS. */
  readonly secure: boolean;
  /** How that connection is encrypted, where it is known. */
  readonly tls?: TlsFacts | undefined;
}

export interface TlsFacts {
  /** `TLSv1.3` */
  readonly version: string;
  /** `TLS_AES_256_GCM_SHA384` */
  readonly cipher: string;
}

export const NO_BODY: ByteStream = held(new Uint8Array());
