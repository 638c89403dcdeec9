/** Apps that call themselves, not through a browser: who they are, by their secret where they have one. */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { SiteRequest } from "../../../service/site.ts";
import { findClient, requireClientSecret, type ClientInPool } from "../client/client-row.ts";
import { refusedInJson, type HostedRefusal } from "./refusal.ts";
import { one, requirePages } from "./request.ts";

export interface AppCall extends ClientInPool {
  readonly parameters: URLSearchParams;
}

/**
 * @param refused what a client that does not prove itself is told
 * @throws {HostedRefusal}
 */
export async function requireAppCall(
  request: SiteRequest,
  context: Context,
  refused: () => HostedRefusal,
): Promise<AppCall> {
  const pool = await requirePages(request, context);
  const parameters = requireParameters(request);
  const { id, secret } = shownClient(request, parameters, refused);
  const found = await findClient(id, context.tx);
  if (found?.pool.id !== pool.id) throw refused();
  try {
    requireClientSecret(found.client, secret, context);
  } catch (error) {
    throw error instanceof AwsError ? refused() : error;
  }
  return { ...found, parameters };
}

/** @throws {HostedRefusal} `invalid_request` */
function requireParameters({ headers, body }: SiteRequest): URLSearchParams {
  const isForm = /^application\/x-www-form-urlencoded(;|$)/i.test(headers["content-type"] ?? "");
  const parameters = new URLSearchParams(body);
  const names = [...parameters.keys()];
  if (!isForm || new Set(names).size < names.length) throw refusedInJson("invalid_request");
  return parameters;
}

interface ShownClient {
  readonly id: string;
  readonly secret: string | undefined;
}

/** In the header, or in the body. Source: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
function shownClient({ headers }: SiteRequest, parameters: URLSearchParams, refused: () => HostedRefusal): ShownClient {
  const named = one(parameters, "client_id");
  const header = headers["authorization"];
  if (header === undefined) {
    if (named === undefined) throw refusedInJson("invalid_request");
    return { id: named, secret: one(parameters, "client_secret") };
  }
  const [, encoded] = /^Basic +([\w+/=-]+)$/i.exec(header) ?? [];
  const [, id, secret] = /^([^:]+):(.*)$/s.exec(Buffer.from(encoded ?? "", "base64").toString("utf8")) ?? [];
  if (id === undefined || secret === undefined || (named !== undefined && named !== id)) throw refused();
  return { id, secret };
}
