/**
 * Root access of an organization's member accounts, managed from one place.
 * Differs: no account is in an organization yet, so all of these answer as AWS answers such an account.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html
 */
import { organizationNotFound } from "./errors.ts";
import { operation } from "./kit.ts";

export const enableRootCredentialsManagement = operation("EnableOrganizationsRootCredentialsManagement", {
  authorize: () => ({ action: "iam:EnableOrganizationsRootCredentialsManagement", resource: "*" }),
  handle: () => Promise.reject(organizationNotFound()),
});

export const disableRootCredentialsManagement = operation("DisableOrganizationsRootCredentialsManagement", {
  authorize: () => ({ action: "iam:DisableOrganizationsRootCredentialsManagement", resource: "*" }),
  handle: () => Promise.reject(organizationNotFound()),
});

export const enableRootSessions = operation("EnableOrganizationsRootSessions", {
  authorize: () => ({ action: "iam:EnableOrganizationsRootSessions", resource: "*" }),
  handle: () => Promise.reject(organizationNotFound()),
});

export const disableRootSessions = operation("DisableOrganizationsRootSessions", {
  authorize: () => ({ action: "iam:DisableOrganizationsRootSessions", resource: "*" }),
  handle: () => Promise.reject(organizationNotFound()),
});

export const listOrganizationsFeatures = operation("ListOrganizationsFeatures", {
  authorize: () => ({ action: "iam:ListOrganizationsFeatures", resource: "*" }),
  handle: () => Promise.reject(organizationNotFound()),
});
