/** Calls of functions, as enrichments and as targets. */
import type { Principal } from "../../identity/principal.ts";
import { asRegion, parseArn } from "../../kernel/arn.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");

interface Invoked {
  readonly arn: string;
  readonly payload: unknown;
  /** For the answer; otherwise the event is only handed over. */
  readonly waits: boolean;
  readonly as: Principal;
}

/** What the function answered. @throws {AwsError} where it could not be called, or failed */
export async function invokeFunction({ arn, payload, waits, as }: Invoked, context: Context): Promise<string> {
  const output = await context.call<LambdaSdk, "Invoke">({
    service: "lambda",
    operation: "Invoke",
    input: {
      FunctionName: arn,
      InvocationType: waits ? "RequestResponse" : "Event",
      Payload: Buffer.from(JSON.stringify(payload), "utf8"),
    },
    as,
    region: asRegion(parseArn(arn)?.region ?? context.region),
  });
  const text = output.Payload === undefined ? "" : Buffer.from(output.Payload).toString("utf8");
  if (output.FunctionError !== undefined) throw new AwsError("FunctionError", text);
  return text;
}
