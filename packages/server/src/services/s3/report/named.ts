/**
 * Configurations of which a bucket has many, each under an id: inventories, analyses, metrics.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)
 */
import { page } from "../../../kernel/page.ts";
import { table, type Table } from "../../../kernel/table.ts";
import type { ConditionKeys } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onBucket } from "../access.ts";
import { requireBucket, type BucketInput } from "../bucket/row.ts";
import { invalidContinuationToken } from "../errors.ts";
import { noSuchConfiguration, tooManyConfigurations } from "./errors.ts";

export interface Named<Configuration> {
  readonly bucket: string;
  readonly id: string;
  /** As it was sent. */
  readonly configuration: Configuration;
}

type NamedTable<Configuration> = Table<Named<Configuration>>;

export const namedTable = <Configuration>(name: string): NamedTable<Configuration> =>
  table<Named<Configuration>>(name, "global", ({ bucket, id }) => [bucket, id]);

/** The question that an operation asks about its bucket. */
export const asks =
  <Input extends BucketInput>(action: string, keysOf?: (input: Input) => ConditionKeys) =>
  async (input: Input, context: Context): Promise<ReturnType<typeof onBucket>> =>
    onBucket(action, await requireBucket(input, context), context, keysOf?.(input));

type Tx = Pick<Context, "tx">;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketMetricsConfiguration.html (TooManyConfigurations) */
const CONFIGURATIONS_MAX = 1000;
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketMetricsConfigurations.html */
const PAGE_ROWS = 100;

/** Puts one, in the place of one of the same id. @throws {AwsError} `TooManyConfigurations` */
export async function putNamed<Configuration>(
  into: NamedTable<Configuration>,
  named: Named<Configuration>,
  { tx }: Tx,
): Promise<void> {
  const { bucket, id } = named;
  if ((await tx.get(into, bucket, id)) === undefined) {
    const found = await tx.scan(into, { prefix: [bucket], limit: CONFIGURATIONS_MAX });
    if (found.length >= CONFIGURATIONS_MAX) throw tooManyConfigurations();
  }
  tx.put(into, named);
}

interface Place {
  readonly bucket: string;
  readonly id: string;
}

/** @throws {AwsError} `NoSuchConfiguration` */
export async function requireNamed<Configuration>(
  from: NamedTable<Configuration>,
  { bucket, id }: Place,
  { tx }: Tx,
): Promise<Configuration> {
  const found = await tx.get(from, bucket, id);
  if (found === undefined) throw noSuchConfiguration();
  return found.configuration;
}

/** @throws {AwsError} `NoSuchConfiguration` */
export async function removeNamed(from: NamedTable<never>, place: Place, context: Tx): Promise<void> {
  await requireNamed(from, place, context);
  context.tx.delete(from, place.bucket, place.id);
}

interface NamedPage<Configuration> {
  /** Absent where there are none. */
  readonly configurations: Configuration[] | undefined;
  readonly frame: {
    readonly IsTruncated: boolean;
    readonly ContinuationToken?: string;
    readonly NextContinuationToken?: string;
  };
}

/** @throws {AwsError} `InvalidArgument` where the token is none. */
export async function pageOfNamed<Configuration>(
  from: NamedTable<Configuration>,
  { bucket, token }: { readonly bucket: string; readonly token: string | undefined },
  { tx }: Tx,
): Promise<NamedPage<Configuration>> {
  const request = { prefix: [bucket], token, max: PAGE_ROWS, invalidToken: invalidContinuationToken };
  const { rows, next } = await page(tx, from, request);
  return {
    configurations: rows.length === 0 ? undefined : rows.map(({ configuration }) => configuration),
    frame: {
      IsTruncated: next !== undefined,
      ...(token !== undefined && { ContinuationToken: token }),
      ...(next !== undefined && { NextContinuationToken: next }),
    },
  };
}
