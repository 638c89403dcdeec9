/**
 * What errors are in answers and in the log.
 * Source: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Errors.js
 */
import { types } from "node:util";

/** An error of the runtime itself: its `name` is the `errorType` of the answer. */
export class RuntimeError extends Error {
  constructor(name, message, cause) {
    super(message);
    Object.defineProperty(this, "name", { value: name });
    // where in the function's code it happened, which the runtime's own frames do not say
    if (cause !== undefined) this.stack = `${name}: ${stackOf(cause)}`;
  }
}

/** What stands before the message, such as the line of a syntax error, comes behind it. */
const stackOf = (error) => (error.stack.startsWith(String(error)) ? error.stack : `${error}\n${error.stack}`);

const isText = (value) => typeof value === "string" && value !== "";

/** Errors of other realms, and what is made like one. */
const isError = (value) =>
  types.isNativeError(value) || (isText(value?.name) && isText(value.message) && isText(value.stack));

/** What an error is in an answer. */
export function answerOf(error) {
  try {
    if (!isError(error)) return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
    return { errorType: error.name, errorMessage: error.message, trace: error.stack.split("\n") };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
    };
  }
}

/** Anything may be thrown. */
export const errorOf = (thrown) => (thrown instanceof Error ? thrown : new Error(thrown));

/** `{"errorType", "errorMessage", "stack"}`, with the error's own members. */
export function described(error) {
  try {
    return JSON.stringify(error, (_key, value) => (value instanceof Error ? membersOf(value) : value));
  } catch {
    return JSON.stringify(answerOf(error));
  }
}

function membersOf(error) {
  const members = { errorType: error.name, errorMessage: error.message, code: error.code, ...error };
  return typeof error.stack === "string" ? { ...members, stack: error.stack.split("\n") } : members;
}
