import { serviceKit } from "../../../service/operation.ts";

export type SsoOidcSdk = typeof import("@aws-sdk/client-sso-oidc");

export const { operation, streaming, error } = serviceKit<SsoOidcSdk>("sso-oauth");
