import type { AwsError } from "../../../kernel/aws-error.ts";
import type { Ran } from "./run.ts";

/** What could not be run at all, as an invocation that failed. */
export function failure({ code, message }: AwsError): Ran {
  return {
    kind: "ended",
    payload: Buffer.from(JSON.stringify({ errorType: code, errorMessage: message }), "utf8"),
    contentType: undefined,
    failed: true,
    tail: "",
    durationMs: 0,
    initMs: undefined,
    together: { ofGroup: 1, sharing: 1, ofAccount: 1 },
  };
}
