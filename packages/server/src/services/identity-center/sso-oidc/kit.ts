import { serviceKit } from "../../../service/operation.ts";

export type SsoOidcSdk = typeof import("@aws-sdk/client-sso-oidc");

export const { operation, error } = serviceKit<SsoOidcSdk>("sso-oauth");
