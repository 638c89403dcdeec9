/** Objects as websites show them: fetched for anybody, by the rules that hold for anybody. */
import type { GetObjectOutput } from "@aws-sdk/client-s3";
import { refusalOf } from "../../../kernel/aws-error.ts";
import type { ByteStream } from "../../../kernel/bytes.ts";
import type { Context } from "../../../service/context.ts";
import type { SiteAnswer } from "../../../service/site.ts";
import type { S3Sdk } from "../kit.ts";

/** A page that is wanted. */
export interface Wanted {
  readonly bucket: string;
  readonly key: string;
  readonly method: "GET" | "HEAD";
  /** Lowercase names: the conditions and the range among them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/**
 * The object, as `GetObject` or `HeadObject` gives it to who signs nothing.
 *
 * @throws {AwsError} what they throw.
 */
export async function showObject(wanted: Wanted, context: Context): Promise<SiteAnswer> {
  const input = { Bucket: wanted.bucket, Key: wanted.key, ...conditionsOf(wanted.headers) };
  const call = { service: "s3", as: { type: "anonymous" }, passesOn: true, input } as const;
  if (wanted.method === "HEAD") {
    return answerOf(await context.call<S3Sdk, "HeadObject">({ ...call, operation: "HeadObject" }), "");
  }
  const output = await context.call<S3Sdk, "GetObject">({ ...call, operation: "GetObject" });
  return answerOf(output, output.Body ?? "");
}

/** Whether anybody may have it. */
export async function isShown({ bucket, key }: Pick<Wanted, "bucket" | "key">, context: Context): Promise<boolean> {
  return (await refusalOf(() => showObject({ bucket, key, method: "HEAD", headers: {} }, context))) === undefined;
}

function conditionsOf(headers: Wanted["headers"]) {
  const dateOf = (name: string): Date | undefined => {
    const date = new Date(headers[name] ?? "");
    return Number.isNaN(date.getTime()) ? undefined : date;
  };
  return {
    IfMatch: headers["if-match"],
    IfNoneMatch: headers["if-none-match"],
    IfModifiedSince: dateOf("if-modified-since"),
    IfUnmodifiedSince: dateOf("if-unmodified-since"),
    Range: headers["range"],
  };
}

/** One that sends on shows nothing of itself. */
function answerOf(output: Omit<GetObjectOutput, "Body">, body: string | ByteStream): SiteAnswer {
  const { WebsiteRedirectLocation: location } = output;
  if (location !== undefined) return { status: 301, headers: { location, "content-length": "0" }, body: "" };
  const told = {
    "content-type": output.ContentType,
    "content-length": output.ContentLength?.toString(),
    "content-range": output.ContentRange,
    "cache-control": output.CacheControl,
    "content-disposition": output.ContentDisposition,
    "content-encoding": output.ContentEncoding,
    "content-language": output.ContentLanguage,
    expires: output.ExpiresString,
    etag: output.ETag,
    "last-modified": output.LastModified?.toUTCString(),
    "x-amz-version-id": output.VersionId,
  };
  const headers = Object.entries(told).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const meta = Object.entries(output.Metadata ?? {}).map(([name, value]) => [`x-amz-meta-${name}`, value] as const);
  return {
    status: output.ContentRange === undefined ? 200 : 206,
    headers: Object.fromEntries([...headers, ...meta]),
    body,
  };
}
