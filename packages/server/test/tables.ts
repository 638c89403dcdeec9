/** Table buckets and tables, as tests have them. */
import {
  CreateNamespaceCommand,
  CreateTableBucketCommand,
  CreateTableCommand,
  GetTableCommand,
  S3TablesClient,
  type GetTableCommandOutput,
} from "@aws-sdk/client-s3tables";
import type { TestCloud } from "./test-cloud.ts";

/** A table bucket with the namespace `sales`. */
export async function salesBucket(cloud: TestCloud, name = "ledger"): Promise<string> {
  const s3tables = cloud.client(S3TablesClient);
  const { arn = "" } = await s3tables.send(new CreateTableBucketCommand({ name }));
  await s3tables.send(new CreateNamespaceCommand({ tableBucketARN: arn, namespace: ["sales"] }));
  return arn;
}

/** The table `orders` in it, with a schema. */
export async function ordersTable(cloud: TestCloud, tableBucketARN: string): Promise<GetTableCommandOutput> {
  const s3tables = cloud.client(S3TablesClient);
  const { tableARN } = await s3tables.send(
    new CreateTableCommand({
      tableBucketARN,
      namespace: "sales",
      name: "orders",
      format: "ICEBERG",
      metadata: {
        iceberg: {
          schema: {
            fields: [
              { name: "id", type: "long", required: true },
              { name: "note", type: "string" },
            ],
          },
        },
      },
    }),
  );
  return s3tables.send(new GetTableCommand({ tableArn: tableARN }));
}
