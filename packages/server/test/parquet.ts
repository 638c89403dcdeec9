/** Parquet files, asked by S3 Select, and the numbers of their headers. */
import { PutObjectCommand, SelectObjectContentCommand } from "@aws-sdk/client-s3";
import { s3World } from "./s3-world.ts";

/** What a file of a bucket of its own answers, as CSV. */
export async function selectParquet(Body: Uint8Array, Expression = "SELECT COUNT(*) FROM S3Object"): Promise<string> {
  const { s3, bucket: Bucket } = await s3World();
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body }));
  const { Payload = [] } = await s3.send(
    new SelectObjectContentCommand({
      Bucket,
      Key: "k",
      Expression,
      ExpressionType: "SQL",
      InputSerialization: { Parquet: {} },
      OutputSerialization: { CSV: {} },
    }),
  );
  let text = "";
  for await (const { Records } of Payload) text += Buffer.from(Records?.Payload ?? []).toString();
  return text;
}

/** Seven bits a byte, the lowest first. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}
