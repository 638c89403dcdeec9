import type { OperationModel } from "../model/service-model.ts";
import type { Protocol } from "./protocol.ts";

export function validateInput(_operation: OperationModel, _input: Record<string, unknown>, _protocol: Protocol): void {}
