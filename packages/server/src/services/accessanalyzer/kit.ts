import { serviceKit } from "../../service/operation.ts";
import type { OperationName } from "../../service/sdk.ts";

export type AccessAnalyzerSdk = typeof import("@aws-sdk/client-accessanalyzer");

/** An operation as policies name it, its `access-analyzer:` left off. */
export type AccessAnalyzerAction = Exclude<OperationName<AccessAnalyzerSdk>, "ListFindingsV2" | "GetFindingV2">;

export const { operation, error, arn } = serviceKit<AccessAnalyzerSdk>("access-analyzer");

/** As service-linked roles, delegations and trusted access name Access Analyzer. */
export const SERVICE_PRINCIPAL = "access-analyzer.amazonaws.com";
