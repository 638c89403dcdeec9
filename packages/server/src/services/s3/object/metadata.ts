/**
 * What is said about an object beside its bytes: the headers it is given back with.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
import { decodeWords, encodeWords } from "./encoded-word.ts";
import { metadataTooLarge } from "../errors.ts";
import { redirectEmpty, redirectTooLong, redirectWithoutPrefix } from "../website/errors.ts";
import { REDIRECT_LOCATION_BYTES_MAX, USER_METADATA_BYTES_MAX } from "../limits.ts";

export interface Metadata {
  readonly headers: SystemHeaders;
  /** By name without `x-amz-meta-`, lowercase. */
  readonly userMetadata: Readonly<Record<string, string>>;
  /** Where a website sends on who asks for the object: a key of the same bucket, or a URL. */
  readonly redirectsTo?: string;
}

export interface SystemHeaders {
  readonly contentType: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly expires?: string;
}

/** The members by which an operation gives an object its metadata. */
export interface MetadataInput {
  readonly ContentType?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly Expires?: Date | undefined;
  /** As it was written, also where it is no date. Source: https://github.com/aws/aws-sdk-ruby/issues/1184 */
  readonly ExpiresString?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
}

/** An object of no stated type. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (recorded: AWS answers this type) */
const CONTENT_TYPE_USUAL = "binary/octet-stream";

/** @throws {AwsError} `MetadataTooLarge`, `InvalidRedirectLocation` */
export function toMetadata(input: MetadataInput): Metadata {
  return { headers: toSystemHeaders(input), userMetadata: toUserMetadata(input.Metadata), ...toRedirect(input) };
}

/**
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
 *
 * @throws {AwsError} `InvalidRedirectLocation`
 */
export function toRedirect({
  WebsiteRedirectLocation: location,
}: Pick<MetadataInput, "WebsiteRedirectLocation">): Pick<Metadata, "redirectsTo"> {
  if (location === undefined) return {};
  if (location === "") throw redirectEmpty();
  if (!/^(?:\/|https?:\/\/)/.test(location)) throw redirectWithoutPrefix();
  if (Buffer.byteLength(location) > REDIRECT_LOCATION_BYTES_MAX) throw redirectTooLong();
  return { redirectsTo: location };
}

function toSystemHeaders(input: MetadataInput): SystemHeaders {
  const contentEncoding = withoutChunking(input.ContentEncoding);
  const expires = input.ExpiresString ?? input.Expires?.toUTCString();
  return {
    contentType: input.ContentType || CONTENT_TYPE_USUAL,
    ...(input.CacheControl !== undefined && { cacheControl: input.CacheControl }),
    ...(input.ContentDisposition !== undefined && { contentDisposition: input.ContentDisposition }),
    ...(contentEncoding !== undefined && { contentEncoding }),
    ...(input.ContentLanguage !== undefined && { contentLanguage: input.ContentLanguage }),
    ...(expires !== undefined && { expires }),
  };
}

/** `aws-chunked` says how the body came, not what it is. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
function withoutChunking(encoding: string | undefined): string | undefined {
  const rest = encoding
    ?.split(",")
    .filter((token) => token.trim() !== "aws-chunked")
    .join(",")
    .trim();
  return rest === "" ? undefined : rest;
}

function toUserMetadata(metadata: Readonly<Record<string, string>> = {}): Metadata["userMetadata"] {
  const entries = Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), decodeWords(value)] as const);
  const size = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size > USER_METADATA_BYTES_MAX) throw metadataTooLarge(size, USER_METADATA_BYTES_MAX);
  return Object.fromEntries(entries);
}

/** The metadata out of a row that has more. */
export const metadataOf = ({ headers, userMetadata, redirectsTo }: Metadata): Metadata => ({
  headers,
  userMetadata,
  ...(redirectsTo !== undefined && { redirectsTo }),
});

/** The members that an object's metadata is answered in. */
export function formatMetadata({ headers, userMetadata, redirectsTo }: Metadata) {
  return {
    ContentType: headers.contentType,
    CacheControl: headers.cacheControl,
    ContentDisposition: headers.contentDisposition,
    ContentEncoding: headers.contentEncoding,
    ContentLanguage: headers.contentLanguage,
    ExpiresString: headers.expires,
    WebsiteRedirectLocation: redirectsTo,
    Metadata: Object.fromEntries(Object.entries(userMetadata).map(([name, value]) => [name, encodeWords(value)])),
  };
}
