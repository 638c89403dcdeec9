/** Requests for tests, from what they differ in. */
import { loadModel } from "../src/model/models.ts";
import type { OperationModel } from "../src/model/service-model.ts";
import type { WireRequest } from "../src/protocol/protocol.ts";

export interface Written {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export const requestOf = ({
  method = "POST",
  path = "/",
  query = "",
  headers = {},
  body = "",
}: Written): WireRequest => ({
  method,
  path,
  query,
  headers,
  body: typeof body === "string" ? Buffer.from(body) : body,
});

export function operationOf(service: string, name: string): OperationModel {
  const operation = loadModel(service).operation(name);
  if (operation === undefined) throw new Error(`${service} has no ${name}`);
  return operation;
}

export const REQUEST_ID = "7a62c49f-347e-4fc4-9331-6e8e7a96aa73";
