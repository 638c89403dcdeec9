/** The files of trails in a bucket, read with the rights of a role. */
import { gunzipSync } from "node:zlib";
import type { RoleSession } from "../../../../identity/principal.ts";
import { asRegion } from "../../../../kernel/arn.ts";
import { AwsError } from "../../../../kernel/aws-error.ts";
import { parseBounded } from "../../../../kernel/bounded-json.ts";
import { collectAtMost } from "../../../../kernel/bytes.ts";
import type { Context } from "../../../../service/context.ts";
import { roleSession } from "../../../../service/role-session.ts";
import { PRINCIPAL } from "../../kit.ts";
import { importSourceInvalid } from "../errors.ts";
import { storeArn, type StorePlace } from "../store/row.ts";
import type { Import, Source } from "./row.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

/** Of a file, unpacked. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

export interface Place {
  readonly bucket: string;
  readonly prefix: string;
}

export function placeOf({ uri }: Source): Place {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  return { bucket, prefix };
}

/** @throws {AwsError} `AccessDenied` where the role does not trust CloudTrail */
export const openSource = (
  row: Pick<Import, "account" | "region" | "partition" | "store" | "source">,
  context: Context,
) =>
  roleSession(
    {
      roleArn: row.source.role,
      service: PRINCIPAL.service,
      sessionName: "CloudTrailLakeImport",
      account: row.account,
      sourceArn: storeArn(row, row.store),
    },
    context,
  );

/** @throws {AwsError} `InvalidImportSourceException` */
export async function requireReadable(
  source: Source,
  store: StorePlace & Pick<Import, "account" | "region"> & { readonly id: string },
  context: Context,
): Promise<void> {
  try {
    const session = await openSource({ ...store, store: store.id, source }, context);
    await listFiles({ source, after: undefined, limit: 1 }, session, context);
  } catch (error) {
    throw error instanceof AwsError ? importSourceInvalid() : error;
  }
}

interface Listing {
  readonly source: Source;
  readonly after: string | undefined;
  readonly limit: number;
}

/** Keys of objects that follow one, in their order; `isLast` where there are no more. */
export async function listFiles({ source, after, limit }: Listing, session: RoleSession, context: Context) {
  const { bucket, prefix } = placeOf(source);
  const { Contents = [], IsTruncated = false } = await context.call<S3Sdk, "ListObjectsV2">({
    service: "s3",
    operation: "ListObjectsV2",
    input: { Bucket: bucket, Prefix: prefix, MaxKeys: limit, ...(after !== undefined && { StartAfter: after }) },
    as: session,
    account: session.account,
    region: asRegion(source.region),
  });
  return { keys: Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])), isLast: !IsTruncated };
}

/** Log files of trails, and nothing else that lies there. */
export const isLogFile = (key: string): boolean => /(?:^|\/)CloudTrail\/.*\.json\.gz$/s.test(key);

/** The events of a file. @throws {AwsError} what S3 answers, or `InvalidFile` */
export async function readFile(key: string, source: Source, session: RoleSession, context: Context) {
  const { Body } = await context.call<S3Sdk, "GetObject">({
    service: "s3",
    operation: "GetObject",
    input: { Bucket: placeOf(source).bucket, Key: key },
    as: session,
    account: session.account,
    region: asRegion(source.region),
  });
  const bytes = Body && (await collectAtMost(Body, FILE_BYTES_MAX));
  return bytes === undefined ? [] : recordsIn(bytes);
}

const fileInvalid = () => new AwsError("InvalidFile", "The file is not a CloudTrail log file.");

function recordsIn(bytes: Uint8Array): readonly object[] {
  const parsed = tryParse(bytes);
  const records: unknown =
    typeof parsed === "object" && parsed !== null && "Records" in parsed ? parsed.Records : undefined;
  if (!Array.isArray(records)) throw fileInvalid();
  return records.filter((record: unknown) => typeof record === "object" && record !== null);
}

function tryParse(bytes: Uint8Array): unknown {
  try {
    return parseBounded(gunzipSync(bytes, { maxOutputLength: FILE_BYTES_MAX }).toString("utf8"));
  } catch {
    throw fileInvalid();
  }
}
