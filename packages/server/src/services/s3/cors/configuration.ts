/**
 * A bucket's rules for pages of other origins: setting, reading and removing them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
 */
import type { CORSRule } from "@aws-sdk/client-s3";
import { table } from "../../../kernel/table.ts";
import { onBucket } from "../access.ts";
import { requireBucket } from "../bucket/row.ts";
import { requireDocumentSize } from "../body/document-size.ts";
import { invalidArgument, invalidRequest, malformedXml, noSuchCors } from "../errors.ts";
import { requireDigestAndIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { CORS_DOCUMENT_BYTES_MAX, CORS_RULES_MAX, RULE_ID_CHARACTERS_MAX } from "../limits.ts";
import type { CorsRule } from "./rule.ts";

interface CorsRow {
  readonly bucket: string;
  readonly rules: readonly CorsRule[];
}

/** Apart from the bucket's row: only requests of pages and these operations touch it. */
export const corsRows = table<CorsRow>("s3.cors", "global", ({ bucket }) => [bucket]);

export const putBucketCors = operation("PutBucketCors", {
  authorize: async (input, context) => onBucket("s3:PutBucketCORS", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name } = await requireBucket(input, context);
    requireDocumentSize(CORS_DOCUMENT_BYTES_MAX, context);
    await requireDigestAndIntegrity(context.request);
    const { CORSRules } = input.CORSConfiguration;
    requireRules(CORSRules);
    context.tx.put(corsRows, { bucket: name, rules: CORSRules });
    return {};
  },
});

export const getBucketCors = operation("GetBucketCors", {
  authorize: async (input, context) => onBucket("s3:GetBucketCORS", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name } = await requireBucket(input, context);
    const row = await context.tx.get(corsRows, name);
    if (row === undefined) throw noSuchCors(name);
    return { CORSRules: row.rules.map(formatRow) };
  },
});

const formatRow = ({ AllowedMethods, AllowedOrigins, AllowedHeaders, ExposeHeaders, ...rest }: CorsRule): CORSRule => ({
  ...rest,
  AllowedMethods: [...AllowedMethods],
  AllowedOrigins: [...AllowedOrigins],
  ...(AllowedHeaders && { AllowedHeaders: [...AllowedHeaders] }),
  ...(ExposeHeaders && { ExposeHeaders: [...ExposeHeaders] }),
});

export const deleteBucketCors = operation("DeleteBucketCors", {
  authorize: async (input, context) => onBucket("s3:PutBucketCORS", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name } = await requireBucket(input, context);
    context.tx.delete(corsRows, name);
    return {};
  },
});

/** Source: https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
export const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html (AllowedMethods) */
export const METHODS: ReadonlySet<string> = new Set(["GET", "PUT", "HEAD", "POST", "DELETE"]);

/** @throws {AwsError} */
function requireRules(rules: readonly CorsRule[]): void {
  if (rules.length === 0) throw malformedXml();
  if (rules.length > CORS_RULES_MAX) {
    throw invalidRequest(`The number of CORS rules should not exceed allowed limit of ${CORS_RULES_MAX} rules.`);
  }
  rules.forEach(requireRule);
}

function requireRule({ ID, AllowedMethods, AllowedOrigins, AllowedHeaders = [], ExposeHeaders = [] }: CorsRule): void {
  if (AllowedMethods.length === 0 || AllowedOrigins.length === 0) throw malformedXml();
  if (ID !== undefined && ID.length > RULE_ID_CHARACTERS_MAX) {
    throw invalidArgument(`ID length should not exceed allowed limit of ${RULE_ID_CHARACTERS_MAX}`, {
      name: "ID",
      value: ID,
    });
  }
  const unsupported = AllowedMethods.find((method) => !METHODS.has(method));
  if (unsupported !== undefined) {
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_cors.snapshot.json (recorded)
    throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unsupported}`);
  }
  requireOneWildcard("AllowedOrigin", AllowedOrigins);
  requireOneWildcard("AllowedHeader", AllowedHeaders);
  // Source: https://github.com/versity/versitygw/blob/main/tests/integration/PutBucketCors.go (the same words for both)
  const wrong = [...AllowedHeaders, ...ExposeHeaders].find((name) => !HEADER_NAME.test(name));
  if (wrong !== undefined) throw invalidRequest(`AllowedHeader "${wrong}" contains invalid character.`);
  const exposed = ExposeHeaders.find((name) => name.includes("*"));
  if (exposed === undefined) return;
  throw invalidRequest(
    `ExposeHeader "${exposed}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
  );
}

function requireOneWildcard(element: string, patterns: readonly string[]): void {
  const excessive = patterns.find((pattern) => pattern.split("*").length > 2);
  if (excessive !== undefined) throw invalidRequest(`${element} "${excessive}" can not have more than one wildcard.`);
}
