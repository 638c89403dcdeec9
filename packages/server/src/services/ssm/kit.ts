import { serviceKit } from "../../service/operation.ts";

export type SsmSdk = typeof import("@aws-sdk/client-ssm");

export const { operation, error, arn } = serviceKit<SsmSdk>("ssm");
