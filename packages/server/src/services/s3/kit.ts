import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type S3Sdk = typeof import("@aws-sdk/client-s3");

export const { operation, streaming, error, unmodelled } = serviceKit<S3Sdk>("s3");

/** ARNs of S3 name neither region nor account: `arn(context, "photos/cat.jpg")`. */
export const arn = ({ partition }: Pick<Context, "partition">, resource: string): Arn =>
  formatArn({ partition, service: "s3", region: "", account: "", resource });
