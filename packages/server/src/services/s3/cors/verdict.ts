/**
 * What a bucket's rules say of a page's request, made or asked for in advance.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
 */
import type { Transaction } from "../../../kernel/table.ts";
import type { CrossOrigin, CrossOriginRequest, CrossOriginVerdict } from "../../../service/cross-origin.ts";
import { accessPointAliases, accessPoints } from "../access-point/row.ts";
import { buckets } from "../bucket/row.ts";
import { accessForbidden, badRequest } from "../errors.ts";
import { corsRows, HEADER_NAME, METHODS } from "./configuration.ts";
import { findRule, formatRule } from "./rule.ts";

export const crossOrigin: CrossOrigin = async (request, tx) => {
  const { headers } = request;
  if (headers["origin"] === undefined) {
    return refused(badRequest("Insufficient information. Origin request header needed."));
  }
  const bucket = await bucketBehind(request.bucket ?? "", tx);
  const row = await tx.get(corsRows, bucket);
  if (row === undefined) {
    const exists = (await tx.get(buckets, bucket)) !== undefined;
    return forbidden(exists ? "CORS is not enabled for this bucket." : "Bucket not found", "BUCKET", request);
  }
  const malformed = request.method === "OPTIONS" ? malformedQuestion(headers) : undefined;
  if (malformed !== undefined) return refused(badRequest(malformed));
  const rule = findRule(row.rules, request);
  if (rule !== undefined) return { kind: "allowed", headers: formatRule(rule, request) };
  return forbidden(NOT_ALLOWED, request.path.length > 1 ? "OBJECT" : "BUCKET", request);
};

/** An access point has its bucket's rules. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html */
async function bucketBehind(name: string, tx: Transaction): Promise<string> {
  if (!name.endsWith("-s3alias")) return name;
  const alias = await tx.get(accessPointAliases, name);
  const point = alias && (await tx.get(accessPoints, alias.account, alias.region, alias.name));
  return point?.bucket ?? name;
}

/** Source: https://github.com/versity/versitygw/blob/main/s3err/s3err.go (AWS's words, as a gateway to S3 has them) */
function malformedQuestion(headers: CrossOriginRequest["headers"]): string | undefined {
  const method = headers["access-control-request-method"] ?? "null";
  if (!METHODS.has(method)) return `Invalid Access-Control-Request-Method: ${method}`;
  const names = (headers["access-control-request-headers"] ?? "").split(",").map((name) => name.trim());
  const wrong = names.find((name) => name !== "" && !HEADER_NAME.test(name));
  return wrong === undefined ? undefined : `Access-Control-Request-Headers "${wrong}" contains invalid character.`;
}

const NOT_ALLOWED =
  "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";

const refused = (refusal: ReturnType<typeof badRequest>): CrossOriginVerdict => ({ kind: "refused", refusal });

const forbidden = (
  why: string,
  resourceType: "BUCKET" | "OBJECT",
  { method, headers }: CrossOriginRequest,
): CrossOriginVerdict =>
  refused(accessForbidden(why, { method: headers["access-control-request-method"] ?? method, resourceType }));
