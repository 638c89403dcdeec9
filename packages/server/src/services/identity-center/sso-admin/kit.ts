import { serviceKit } from "../../../service/operation.ts";
import type { OperationName } from "../../../service/sdk.ts";

export type SsoAdminSdk = typeof import("@aws-sdk/client-sso-admin");

/** An operation as policies name it, its `sso:` left off. */
export type SsoAdminAction = OperationName<SsoAdminSdk>;

export const { operation, error } = serviceKit<SsoAdminSdk>("sso");
