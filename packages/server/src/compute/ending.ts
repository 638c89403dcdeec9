/** What is told of how an invocation ended. */
import { failure, type Ending } from "./invocation.ts";

export function exitReason(code: number | null | undefined, signal: string | null): string {
  if (signal === "SIGKILL") return "Runtime exited with error: signal: killed";
  if (signal !== null) return `Runtime exited with error: signal: ${signal.replace(/^SIG/, "").toLowerCase()}`;
  return code === 0 || code === null || code === undefined
    ? "Runtime exited without providing a reason"
    : `Runtime exited with error: exit status ${code}`;
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function answerFields({ payload }: Ending): Readonly<Record<string, unknown>> {
  try {
    const answer: unknown = JSON.parse(Buffer.from(payload).toString("utf8"));
    return isFields(answer) ? answer : {};
  } catch {
    // a runtime of the user's may say what it likes
    return {};
  }
}

export function errorTypeOf(ending: Ending): string | undefined {
  if (ending.kind === "answer") return undefined;
  const { errorType } = answerFields(ending);
  return typeof errorType === "string" ? errorType : undefined;
}

/** What the platform says names the invocation; what the runtime says stands as it is. */
export function withRequestId(ending: Ending, requestId: string): Ending {
  const { errorMessage, errorType } = answerFields(ending);
  if (ending.kind === "answer" || typeof errorMessage !== "string" || !errorMessage.startsWith("Error: "))
    return ending;
  if (errorType !== "Runtime.ExitError" && errorType !== "Runtime.OutOfMemory" && errorType !== "Sandbox.Timedout")
    return ending;
  return failure({ errorType, errorMessage: `RequestId: ${requestId} ${errorMessage}` }, ending.status);
}
