/**
 * The console of a function, in AWS's two formats.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import { format } from "node:util";
import { send } from "./channel.mjs";

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

function jsonLine(head, values) {
  const [first] = values;
  const record = { ...head, message: values.length === 1 && isObject(first) ? first : format(...values) };
  const error = values.find((value) => value instanceof Error);
  if (error !== undefined) {
    record.errorType = error.constructor?.name ?? "Error";
    record.errorMessage = error.message;
    record.stackTrace = typeof error.stack === "string" ? error.stack.split("\n") : [];
  }
  if (values.length === 1 && first instanceof Error) delete record.message;
  try {
    return JSON.stringify(record, (_key, value) => (value instanceof Error ? String(value) : value));
  } catch {
    return JSON.stringify({ ...record, message: format(...values) });
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !(value instanceof Error);

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
export function logFailure(what, requestId, error) {
  if (isJson) log("ERROR", requestId, [error]);
  else
    send(
      { type: "log" },
      `${new Date().toISOString()}\t${requestId}\tERROR\t${what} \t${JSON.stringify(described(error))}\n`,
    );
}

/** `{"errorType", "errorMessage", "stack"}`, with the error's own members. */
function described(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  const stack = (error.stack ?? "").split("\n");
  return { errorType: error.name, errorMessage: error.message, ...Object.fromEntries(Object.entries(error)), stack };
}
