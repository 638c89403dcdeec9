import { serviceKit } from "../../service/operation.ts";

export type CognitoIdentitySdk = typeof import("@aws-sdk/client-cognito-identity");

export const { operation, streaming, error, arn } = serviceKit<CognitoIdentitySdk>("cognito-identity");
