/** What the gateway bounds, so that no client can hold it up or fill its memory. */

/** The largest body of an operation that is not streamed. Lambda's code, base64 in JSON, is the largest AWS takes: 50 MB. */
export const BUFFERED_BODY_BYTES_MAX = 70 * 1024 * 1024;

/** A streamed body up to this is held as well, since it is there as soon as its head; larger ones flow. */
export const STREAMED_BODY_BYTES_HELD = 64 * 1024;

/** The rest of a body that is waited for, so that the request is there whole; a larger one flows. */
export const WHOLE_BODY_BYTES_MAX = 64 * 1024;
/** How long it may be silent before the request is taken by its head alone: it may be refused by that. */
export const WHOLE_BODY_WAIT_MS = 50;

/** The request line and all headers. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (8 KB for S3; SDKs of others send longer tokens) */
export const HEADER_BYTES_MAX = 32 * 1024;

/** How long a client may be silent in the middle of a body. */
export const IDLE_BODY_SECONDS = 20;

/** How much, and how long, is read of a body that nobody wants before the client is told so. */
export const LEFTOVER_BYTES_MAX = 8 * 1024 * 1024;
export const LEFTOVER_SECONDS_MAX = 2;

/** How long a connection may be silent between two requests. */
export const IDLE_CONNECTION_SECONDS = 60;

/** How long the head of a request may take to arrive. */
export const HEAD_SECONDS_MAX = 20;

/** How long a stop waits for the requests under way. */
export const DRAIN_SECONDS_MAX = 10;
