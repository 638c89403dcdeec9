/** What ValidatePolicy finds in policies that tests make. */
import {
  AccessAnalyzerClient,
  ValidatePolicyCommand,
  type PolicyType,
  type ValidatePolicyFinding,
  type ValidatePolicyResourceType,
} from "@aws-sdk/client-accessanalyzer";
import { testCloud } from "./test-cloud.ts";

export interface PolicyKind {
  readonly policyType?: PolicyType;
  readonly resourceType?: ValidatePolicyResourceType;
}

export async function findingsOf(policy: object | string, kind: PolicyKind = {}): Promise<ValidatePolicyFinding[]> {
  const command = new ValidatePolicyCommand({
    policyDocument: typeof policy === "string" ? policy : JSON.stringify(policy),
    policyType: kind.policyType ?? "IDENTITY_POLICY",
    validatePolicyResourceType: kind.resourceType,
  });
  return (await (await testCloud()).client(AccessAnalyzerClient).send(command)).findings ?? [];
}

export const codesOf = async (policy: object | string, kind?: PolicyKind) =>
  (await findingsOf(policy, kind)).map(({ issueCode }) => issueCode);

/** Nothing to be said of. */
export const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" };
/** A policy with one statement, about the objects of a bucket. */
export const policy = (more: object = {}, document: object = {}) => ({
  Version: "2012-10-17",
  Statement: [{ ...statement, ...more }],
  ...document,
});
