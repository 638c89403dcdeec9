/** A multi-part upload whose parts are as many letters `k`, for `LoadOrder.bodyBytes` to send. */
import { CreateBucketCommand, CreateMultipartUploadCommand, S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import type { Served } from "./processes.ts";
import { signedRequest } from "./signed.ts";

const ROOT = { accessKeyId: "test", secretAccessKey: "test" };

/** Where the parts go. */
export interface PartUpload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

export const clientOf = ({ port }: Served): S3Client =>
  new S3Client({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: ROOT,
    forcePathStyle: true,
  });

/** Makes the bucket as well. */
export async function beginUpload(s3: S3Client): Promise<PartUpload> {
  const place = { Bucket: "parts", Key: "k" };
  await s3.send(new CreateBucketCommand({ Bucket: place.Bucket }));
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  return { ...place, UploadId };
}

/** The head of the request that uploads `Body` as part `PartNumber`, base64. */
export async function partHead(
  { port }: Served,
  part: PartUpload & { readonly PartNumber: number; readonly Body: Buffer },
): Promise<string> {
  const request = await signedRequest(S3Client, new UploadPartCommand(part), { port, credentials: ROOT });
  return request.subarray(0, request.byteLength - part.Body.byteLength).toString("base64");
}
