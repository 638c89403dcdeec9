import { serviceKit } from "../../../service/operation.ts";

export type S3TablesSdk = typeof import("@aws-sdk/client-s3tables");

export const { operation, error, arn } = serviceKit<S3TablesSdk>("s3tables");
