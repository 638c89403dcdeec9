import { serviceKit } from "../../service/operation.ts";

export type RamSdk = typeof import("@aws-sdk/client-ram");

export const { operation, error, arn } = serviceKit<RamSdk>("ram");
