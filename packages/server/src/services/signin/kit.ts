import { serviceKit } from "../../service/operation.ts";
import type { SigninSdk } from "./model.ts";

export const { operation, error } = serviceKit<SigninSdk>("signin");

/** What the pages ask of others. */
export type IamSdk = typeof import("@aws-sdk/client-iam");
export type StsSdk = typeof import("@aws-sdk/client-sts");
