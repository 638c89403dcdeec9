import { serviceKit } from "../../../service/operation.ts";

export type SsoSdk = typeof import("@aws-sdk/client-sso");

export const { operation, error, unmodelled } = serviceKit<SsoSdk>("awsssoportal");
