/** Which pages may read a URL's answers. Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors */
import type { DoorAnswer, DoorRequest } from "../../../service/door.ts";
import type { UrlCors } from "./row.ts";

type Headers = Readonly<Record<string, string>>;

const NONE: Headers = {};

/** In advance, as browsers ask. */
export const isPreflight = ({ method, headers }: DoorRequest): boolean =>
  method === "OPTIONS" && headers["origin"] !== undefined && headers["access-control-request-method"] !== undefined;

export function preflight(request: DoorRequest, cors: UrlCors): DoorAnswer {
  const { AllowMethods = [], AllowHeaders = [], MaxAge } = cors;
  const asked = request.headers["access-control-request-method"] ?? "";
  const isAllowed = AllowMethods.some((method) => method === "*" || method === asked);
  const shared = corsHeaders(request, cors);
  if (!isAllowed || shared === NONE) return { status: 200, headers: NONE, body: "" };
  return {
    status: 200,
    headers: {
      ...shared,
      "access-control-allow-methods": AllowMethods.join(","),
      ...(AllowHeaders.length > 0 && { "access-control-allow-headers": AllowHeaders.join(",") }),
      ...(MaxAge !== undefined && { "access-control-max-age": String(MaxAge) }),
    },
    body: "",
  };
}

/** What lets the page of the request's origin read the answer; the function's own such headers give way. */
export function corsHeaders({ headers: { origin } }: DoorRequest, cors: UrlCors | undefined): Headers {
  if (origin === undefined || cors === undefined) return NONE;
  const { AllowOrigins = [], AllowCredentials, ExposeHeaders = [] } = cors;
  const isAny = AllowOrigins.includes("*");
  if (!isAny && !AllowOrigins.some((pattern) => isLike(origin, pattern))) return NONE;
  return {
    "access-control-allow-origin": isAny && AllowCredentials !== true ? "*" : origin,
    ...(!isAny && { vary: "Origin" }),
    ...(AllowCredentials === true && { "access-control-allow-credentials": "true" }),
    ...(ExposeHeaders.length > 0 && { "access-control-expose-headers": ExposeHeaders.join(",") }),
  };
}

/** With at most one star: `https://*.example.com` */
function isLike(origin: string, pattern: string): boolean {
  const [head = "", tail] = pattern.split("*", 2);
  if (tail === undefined) return origin === pattern;
  return origin.startsWith(head) && origin.endsWith(tail) && origin.length >= pattern.length - 1;
}
