/**
 * The console of a function, in AWS's two formats.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html,
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/LogPatch.js
 */
import { format } from "node:util";
import { send } from "./channel.mjs";
import { described, errorOf } from "./failure.mjs";

const LEVELS = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 5 };
const METHODS = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  log: "INFO",
  warn: "WARN",
  error: "ERROR",
  fatal: "FATAL",
};
const isJson = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";
const lowest = LEVELS[process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase()] ?? (isJson ? LEVELS.INFO : LEVELS.TRACE);

/** `requestId` gives the invocation under way. */
export function replaceConsole(requestId) {
  for (const [method, level] of Object.entries(METHODS)) {
    console[method] = (...values) => {
      if (LEVELS[level] >= lowest || !isJson) log(level, requestId(), values);
    };
  }
  capture(process.stdout);
  capture(process.stderr);
}

function log(level, requestId, values) {
  const timestamp = new Date().toISOString();
  if (!isJson) {
    send({ type: "log" }, `${timestamp}\t${requestId}\t${level}\t${format(...values)}\n`);
    return;
  }
  send({ type: "log", level }, `${jsonLine({ timestamp, level, requestId }, values)}\n`);
}

/** What is logged alone stands there as it is, an error in its parts. */
function jsonLine(head, [message, ...more]) {
  if (more.length > 0) {
    const error = [message, ...more].find((value) => value instanceof Error);
    return JSON.stringify({ ...head, message: format(message, ...more), ...(error && partsOf(error)) });
  }
  try {
    return JSON.stringify({ ...head, message }, (_key, value) =>
      value instanceof Error ? Object.assign(partsOf(value), value) : value,
    );
  } catch {
    return JSON.stringify({ ...head, message: format(message) });
  }
}

const partsOf = (error) => ({
  errorType: error.constructor?.name ?? "UnknownError",
  errorMessage: error.message,
  stackTrace: typeof error.stack === "string" ? error.stack.split("\n") : [],
});

/** What is written past the console takes the same way, so that the order is kept. */
function capture(stream) {
  stream.write = (chunk, encoding, done) => {
    const bytes =
      typeof chunk === "string" ? Buffer.from(chunk, typeof encoding === "string" ? encoding : "utf8") : chunk;
    send({ type: "output" }, bytes);
    const finish = typeof encoding === "function" ? encoding : done;
    finish?.();
    return true;
  };
}

/** A failure as the runtime itself logs it. */
export function logFailure(what, requestId, thrown) {
  const error = errorOf(thrown);
  log("ERROR", requestId, isJson ? [error] : [what, `\t${described(error)}`]);
}
