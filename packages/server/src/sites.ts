/** Which requests are for a service's pages instead of an API: told from the head alone, before any code is loaded. */
import type { RequestHead } from "./protocol/protocol.ts";

interface SiteHead {
  readonly method: string;
  /** Without its port, in lower case. */
  readonly host: string;
  readonly path: string;
}

interface SitePlace {
  /** The model's id of the service whose `site` answers. */
  readonly service: string;
  readonly matches: (head: SiteHead) => boolean;
}

const IDENTITY_POOLS_HOST = /^cognito-identity(\.[a-z0-9-]+)?\.(amazonaws\.com|localhost)$/;

const SITES: readonly SitePlace[] = [
  {
    service: "cognito-identity",
    matches: ({ host, path }) => IDENTITY_POOLS_HOST.test(host) && path.startsWith("/.well-known/"),
  },
];

/** The service whose pages a request is for; `undefined`: it is a call like any other. */
export function siteOf({ method, path, headers }: RequestHead): string | undefined {
  if (headers["authorization"]?.startsWith("AWS4-") === true || headers["x-amz-target"] !== undefined) return undefined;
  const host = (headers["host"] ?? "").replace(/:\d+$/, "").toLowerCase();
  return SITES.find(({ matches }) => matches({ method, host, path }))?.service;
}
