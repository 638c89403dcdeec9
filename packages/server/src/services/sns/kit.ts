import { serviceKit } from "../../service/operation.ts";

export type SnsSdk = typeof import("@aws-sdk/client-sns");

export const { operation, error, unmodelled, arn } = serviceKit<SnsSdk>("sns");
