/**
 * Refusals of bodies that come in chunks.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
import { AuthenticationError } from "./errors.ts";

export const incompleteBody = () =>
  new AuthenticationError(400, "IncompleteBody", "The request body terminated unexpectedly");

/** Of a body in chunks: what was said to be in them, and what was. */
export const chunksIncomplete = ({ expected, provided }: Readonly<Record<"expected" | "provided", number>>) =>
  new AuthenticationError(
    400,
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
    { NumberBytesExpected: String(expected), NumberBytesProvided: String(provided) },
  );

export const missingContentLength = () =>
  new AuthenticationError(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");

/** `chunk` counts from one and follows the one of `size` bytes, which was too small not to be the last. */
export const invalidChunkSize = (chunk: number, size: number) =>
  new AuthenticationError(
    403,
    "InvalidChunkSizeError",
    "Only the last chunk is allowed to have a size less than 8192 bytes",
    { Chunk: String(chunk), BadChunkSize: String(size) },
  );

export const malformedTrailer = () =>
  new AuthenticationError(
    400,
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  );

export const trailerUnsupported = () =>
  new AuthenticationError(400, "InvalidRequest", "The value specified in the x-amz-trailer header is not supported");

export const severalChecksums = () =>
  new AuthenticationError(
    400,
    "InvalidRequest",
    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
  );

export const checksumTrailerInvalid = (header: string) =>
  new AuthenticationError(400, "InvalidRequest", `Value for ${header} trailing header is invalid.`);

export const badDigest = (algorithm: string) =>
  new AuthenticationError(400, "BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
