import { serviceKit } from "../../../service/operation.ts";
import type { OperationName } from "../../../service/sdk.ts";

export type IdentitystoreSdk = typeof import("@aws-sdk/client-identitystore");

/** An operation as policies name it, its `identitystore:` left off. */
export type IdentitystoreAction = OperationName<IdentitystoreSdk>;

export const { operation, error } = serviceKit<IdentitystoreSdk>("identitystore");
