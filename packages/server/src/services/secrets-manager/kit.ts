import { serviceKit } from "../../service/operation.ts";

export type SecretsManagerSdk = typeof import("@aws-sdk/client-secrets-manager");

export const { operation, error, arn } = serviceKit<SecretsManagerSdk>("secretsmanager");
