/** Answers that are sent while they are made. Source: https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html */
import { Writable } from "node:stream";
import { send } from "./channel.mjs";

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const HTTP_RESPONSE = "application/vnd.awslambda.http-integration-response";
/** Stands between what is said of an answer and the answer itself. */
const DELIMITER = Buffer.alloc(8);

export const streams = (handler) => handler[STREAMING] === "response";

/** Puts what functions use in its place. */
export function installStreams() {
  globalThis.awslambda = {
    streamifyResponse(handler) {
      handler[STREAMING] = "response";
      return handler;
    },
    HttpResponseStream: {
      from(stream, prelude) {
        stream.setContentType(HTTP_RESPONSE);
        stream.write(JSON.stringify(prelude));
        stream.write(DELIMITER);
        return stream;
      },
    },
  };
}

/** The stream of one answer. */
export class ResponseStream extends Writable {
  #contentType = "application/octet-stream";
  #begun = false;

  setContentType(type) {
    this.#contentType = type;
  }

  _write(chunk, _encoding, done) {
    this.#begin();
    send({ type: "piece" }, chunk);
    // the host may answer in the meantime
    setImmediate(() => done());
  }

  _final(done) {
    this.#begin();
    done();
  }

  write(chunk, ...more) {
    const isPlain = typeof chunk !== "string" && !(chunk instanceof Uint8Array);
    return super.write(isPlain ? JSON.stringify(chunk) : chunk, ...more);
  }

  #begin() {
    if (this.#begun) return;
    this.#begun = true;
    send({ type: "stream", contentType: this.#contentType });
  }
}
