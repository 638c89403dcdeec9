import { serviceKit } from "../../service/operation.ts";
import type { OperationName } from "../../service/sdk.ts";

export type LambdaSdk = typeof import("@aws-sdk/client-lambda");

/** As policies name them: the call is `Invoke`, the action `InvokeFunction`. */
export type LambdaAction =
  | Exclude<OperationName<LambdaSdk>, "Invoke" | "InvokeWithResponseStream">
  | "InvokeFunction"
  | "InvokeFunctionUrl";

export const { operation, streaming, error, unmodelled } = serviceKit<LambdaSdk>("lambda");
