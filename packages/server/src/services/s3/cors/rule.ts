/**
 * Which rule of a bucket's an origin, a method and headers fall under.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
import type { CORSRule } from "@aws-sdk/client-s3";
import type { CrossOriginRequest } from "../../../service/cross-origin.ts";
import type { Validated } from "../../../service/sdk.ts";

export type CorsRule = Validated<CORSRule>;

/** The first rule that fits, as S3 takes them in turn. */
export function findRule(rules: readonly CorsRule[], request: CrossOriginRequest): CorsRule | undefined {
  const { headers } = request;
  const origin = headers["origin"] ?? "";
  // a request that was made may name another method than its own, and is then judged by that
  const method = headers["access-control-request-method"] ?? request.method;
  const asked = namesOf(headers["access-control-request-headers"]);
  return rules.find(
    ({ AllowedMethods, AllowedOrigins, AllowedHeaders = [] }) =>
      AllowedMethods.includes(method) &&
      AllowedOrigins.some((pattern) => fits(pattern, origin)) &&
      asked.every((name) => AllowedHeaders.some((pattern) => fits(pattern.toLowerCase(), name))),
  );
}

/** What a browser is told. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html */
export function formatRule(rule: CorsRule, { headers }: CrossOriginRequest): Record<string, string> {
  const isOpen = rule.AllowedOrigins.includes("*");
  const asked = namesOf(headers["access-control-request-headers"]);
  return {
    "access-control-allow-origin": isOpen ? "*" : (headers["origin"] ?? ""),
    "access-control-allow-methods": rule.AllowedMethods.join(", "),
    ...(asked.length > 0 && { "access-control-allow-headers": asked.join(", ") }),
    ...(rule.ExposeHeaders?.length && { "access-control-expose-headers": rule.ExposeHeaders.join(", ") }),
    ...(rule.MaxAgeSeconds !== undefined && { "access-control-max-age": String(rule.MaxAgeSeconds) }),
    ...(!isOpen && { "access-control-allow-credentials": "true" }),
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

const namesOf = (header: string | undefined): readonly string[] =>
  (header ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");

/** At most one `*` is in a pattern, and stands for any number of characters. */
function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === text;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
}
