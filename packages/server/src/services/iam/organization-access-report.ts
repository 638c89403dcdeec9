/**
 * What the accounts of an organization use of what its policies allow them: there is none here yet to report on.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateOrganizationsAccessReport.html
 */
import { jobNotFound, organizationNotFound } from "./errors.ts";
import { arn, operation } from "./kit.ts";

export const generateOrganizationsAccessReport = operation("GenerateOrganizationsAccessReport", {
  authorize: ({ EntityPath, OrganizationsPolicyId }, context) => ({
    action: "iam:GenerateOrganizationsAccessReport",
    resource: arn(context, `access-report/${EntityPath}`),
    keys: { "iam:OrganizationsPolicyId": OrganizationsPolicyId },
  }),

  async handle() {
    throw organizationNotFound();
  },
});

export const getOrganizationsAccessReport = operation("GetOrganizationsAccessReport", {
  authorize: () => ({ action: "iam:GetOrganizationsAccessReport", resource: "*" }),

  async handle({ JobId }) {
    throw jobNotFound(JobId);
  },
});
