/**
 * Requests as CloudWatch counts them, for each configuration of metrics that a bucket has.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html (request metrics)
 */
import type { MetricsConfiguration } from "@aws-sdk/client-s3";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Answered } from "../../../service/answered.ts";
import type { Context } from "../../../service/context.ts";
import type { MeasureUnit } from "../../../service/measure.ts";
import { accessPointOf } from "../access-point/passage.ts";
import { accessPointArn } from "../access-point/row.ts";
import type { Bucket } from "../bucket/row.ts";
import { findObject } from "../object/object.ts";
import { hasTags, toReportFilter } from "./filter.ts";
import { metrics } from "./metrics.ts";

const CONFIGURATIONS_MAX = 1000;

interface Request {
  readonly bucket: Bucket;
  readonly answered: Answered;
  readonly uploadedBytes: number;
  /** The ARN of the access point that the request came through. */
  readonly point: string | undefined;
}

/** Has the call counted once it is answered. */
export function noteRequest(bucket: Bucket, context: Context): void {
  const uploadedBytes = Number(context.request.headers["content-length"] ?? 0);
  const through = accessPointOf(context);
  const point = through && accessPointArn(through, context);
  context.onceAnswered(`metrics of ${bucket.name}`, (answered, later) =>
    countRequest({ bucket, answered, uploadedBytes, point }, later),
  );
}

async function countRequest(request: Request, context: Context): Promise<void> {
  const { bucket } = request;
  const found = await context.tx.scan(metrics, { prefix: [bucket.name], limit: CONFIGURATIONS_MAX });
  for (const { id, configuration } of found) {
    if (!(await isAbout(configuration, request, context))) continue;
    const dimensions = { BucketName: bucket.name, FilterId: id };
    for (const [name, value, unit] of measuresOf(request)) {
      context.measure(
        { namespace: "AWS/S3", name, dimensions, value, unit },
        { account: bucket.owner, region: bucket.region },
      );
    }
  }
}

async function isAbout(
  { Filter }: MetricsConfiguration,
  { bucket, answered: { labels }, point }: Request,
  context: Context,
): Promise<boolean> {
  if (Filter === undefined) return true;
  const wantedPoint = Filter.AccessPointArn ?? Filter.And?.AccessPointArn;
  if (wantedPoint !== undefined && wantedPoint !== point) return false;
  const { prefix, tags } = toReportFilter(Filter);
  const key = labels["Key"] ?? "";
  if (!key.startsWith(prefix)) return false;
  if (Object.keys(tags).length === 0) return true;
  const object = await findObject({ Bucket: bucket.name, Key: key }, context);
  return object !== undefined && hasTags(object.tags, tags);
}

function* measuresOf({ answered, uploadedBytes }: Request): Generator<readonly [string, number, MeasureUnit]> {
  const { operation, method, status, bytes = 0, atMs, answeredAtMs } = answered;
  yield ["AllRequests", 1, "Count"];
  yield [kindOf(operation, method), 1, "Count"];
  if (method === "GET" || method === "HEAD") yield ["BytesDownloaded", bytes, "Bytes"];
  if (method === "PUT" || method === "POST") yield ["BytesUploaded", uploadedBytes, "Bytes"];
  // averages of these are the rates of errors
  yield ["4xxErrors", status >= 400 && status < 500 ? 1 : 0, "Count"];
  yield ["5xxErrors", status >= 500 ? 1 : 0, "Count"];
  yield ["FirstByteLatency", answeredAtMs - atMs, "Milliseconds"];
  yield ["TotalRequestLatency", answeredAtMs - atMs, "Milliseconds"];
}

const KINDS: Readonly<Record<string, string>> = {
  GET: "GetRequests",
  HEAD: "HeadRequests",
  PUT: "PutRequests",
  POST: "PostRequests",
  DELETE: "DeleteRequests",
};

function kindOf(operation: string, method: string): string {
  if (operation.startsWith("List")) return "ListRequests";
  return findOwn(KINDS, method) ?? "PostRequests";
}
