/**
 * Runs the handler of a function in Node.js.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html, nodejs-context.html, nodejs-handler.html
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { keepAlive, listen, send } from "./channel.mjs";
import { answerOf, RuntimeError } from "./failure.mjs";
import { findModules, loadHandler } from "./handler.mjs";
import { logFailure, replaceConsole } from "./log.mjs";
import { installStreams, ResponseStream, streams } from "./stream.mjs";

const env = process.env;
const invocations = new AsyncLocalStorage();
/** The invocation under way. */
let current;

replaceConsole(() => invocations.getStore()?.id ?? current?.id);
installStreams();
findModules(
  (env.NODE_PATH ?? "").split(":").filter((path) => path.endsWith("node_modules")),
  env.KUMOBAKO_SDK,
);
delete env.KUMOBAKO_SDK;

function endWith(what, error) {
  logFailure(what, current?.id, error);
  send(
    { type: current === undefined ? "init-error" : "error", id: current?.id, last: true },
    JSON.stringify(answerOf(error)),
  );
  process.exit(128 + 1);
}

process.on("uncaughtException", (error) => endWith("Uncaught Exception", error));
process.on("unhandledRejection", (reason, promise) => {
  const error = new RuntimeError("Runtime.UnhandledPromiseRejection", String(reason));
  endWith("Unhandled Promise Rejection", Object.assign(error, { reason, promise }));
});

function contextOf(head, invocation) {
  const deadlineMs = head.deadlineMs;
  return {
    get callbackWaitsForEmptyEventLoop() {
      return invocation.waits;
    },
    set callbackWaitsForEmptyEventLoop(waits) {
      invocation.waits = waits;
    },
    succeed: (value) => invocation.end(undefined, value),
    fail: (error) => invocation.end(error ?? "handled"),
    done: (error, value) => invocation.end(error, value),
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: head.clientContext === undefined ? undefined : JSON.parse(head.clientContext),
    identity: head.identity === undefined ? undefined : JSON.parse(head.identity),
    invokedFunctionArn: head.functionArn,
    awsRequestId: head.id,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

class Invocation {
  constructor(id, handler) {
    this.id = id;
    this.isAsync = handler.constructor?.name === "AsyncFunction";
    this.waits = true;
    this.ended = false;
  }

  /** By a callback: the answer goes out when nothing is left to do, unless the function does not want to wait. */
  end(error, value) {
    if (this.ended) return;
    this.ended = true;
    const failed = error !== undefined && error !== null;
    const go = () => (failed ? this.fail(error) : this.succeed(value));
    if (this.waits && !failed) whenIdle = go;
    else go();
  }

  succeed(value) {
    let text;
    try {
      text = JSON.stringify(value === undefined ? null : value) ?? "null";
    } catch (error) {
      const message = `Unable to stringify response body as json: ${error.message}`;
      this.fail(new RuntimeError("Runtime.MarshalError", message));
      return;
    }
    this.leave({ type: "response", id: this.id }, text);
  }

  fail(error) {
    logFailure("Invoke Error", this.id, error);
    this.leave({ type: "error", id: this.id }, JSON.stringify(answerOf(error)));
  }

  /**
   * Nothing is left that could end it: a handler with callbacks may have forgotten its own, a promise should settle.
   * Source: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/Runtime.js
   */
  leaveUnsettled() {
    if (!this.isAsync) return this.succeed(null);
    const message =
      "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes";
    this.fail(new RuntimeError("Runtime.NodeJsExit", message));
  }

  leave(head, body) {
    this.ended = true;
    whenIdle = undefined;
    current = undefined;
    keepAlive(true);
    send(head, body);
  }
}

/** Called once nothing is left to do. */
let whenIdle;
process.on("beforeExit", () => {
  if (whenIdle !== undefined) whenIdle();
  else current?.leaveUnsettled();
});

async function run(handler, head, body) {
  const invocation = new Invocation(head.id, handler);
  current = invocation;
  whenIdle = undefined;
  if (head.traceId === undefined) delete env["_X_AMZN_TRACE_ID"];
  else env["_X_AMZN_TRACE_ID"] = head.traceId;
  keepAlive(false);
  await invocations.run(invocation, () => perform(handler, head, body, invocation));
}

async function perform(handler, head, body, invocation) {
  try {
    const event = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
    if (streams(handler)) {
      await stream(handler, event, head, invocation);
      return;
    }
    const given = handler(event, contextOf(head, invocation), (error, value) => invocation.end(error, value));
    if (typeof given?.then !== "function") return;
    const value = await given;
    if (invocation.ended) return;
    invocation.succeed(value);
  } catch (error) {
    if (!invocation.ended || current === invocation) invocation.fail(error ?? "handled");
  }
}

async function stream(handler, event, head, invocation) {
  const response = new ResponseStream();
  response.on("error", (error) => invocation.fail(error));
  const given = handler(event, response, contextOf(head, invocation));
  if (typeof given?.then !== "function") throw "Streaming does not support non-async handlers.";
  if ((await given) !== undefined) console.warn("Streaming handlers ignore return values.");
  if (!response.writableFinished) await new Promise((resolve) => void response.once("finish", resolve));
  invocation.leave({ type: "end", id: head.id }, "");
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html (callback-based handlers) */
function requireNoCallback(handler) {
  if (env.AWS_EXECUTION_ENV !== "AWS_Lambda_nodejs24.x" || handler.length < 3 || streams(handler)) return;
  throw new RuntimeError(
    "Runtime.CallbackHandlerDeprecated",
    "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
  );
}

try {
  const handler = await loadHandler(env.LAMBDA_TASK_ROOT, env["_HANDLER"]);
  requireNoCallback(handler);
  listen((head, body) => void run(handler, head, Buffer.from(body)));
  send({ type: "ready" });
} catch (error) {
  endWith("Uncaught Exception", error);
}
