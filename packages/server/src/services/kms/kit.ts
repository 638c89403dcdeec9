import { serviceKit } from "../../service/operation.ts";
import type { OperationName } from "../../service/sdk.ts";

export type KmsSdk = typeof import("@aws-sdk/client-kms");

/** An operation as policies and grants name it, its `kms:` left off. */
export type KmsAction = OperationName<KmsSdk> | "ReEncryptFrom" | "ReEncryptTo";

export const { operation, streaming, error, unmodelled } = serviceKit<KmsSdk>("kms");
