import { defineService } from "../../service/service.ts";
import {
  createAccount,
  createGovCloudAccount,
  describeCreateAccountStatus,
  finishAccount,
  listCreateAccountStatus,
} from "./account-creation.ts";
import {
  describeAccount,
  listAccounts,
  listAccountsForParent,
  listChildren,
  listParents,
  moveAccount,
  removeAccountFromOrganization,
} from "./account.ts";
import { attachPolicy, detachPolicy, listPoliciesForTarget, listTargetsForPolicy } from "./attachment.ts";
import type { OrganizationsSdk } from "./kit.ts";
import { createOrganization, deleteOrganization, describeOrganization, leaveOrganization } from "./organization.ts";
import { createPolicy, deletePolicy, describePolicy, listPolicies, updatePolicy } from "./policy.ts";
import { disablePolicyType, enablePolicyType, listRoots } from "./root.ts";
import {
  createOrganizationalUnit,
  deleteOrganizationalUnit,
  describeOrganizationalUnit,
  listOrganizationalUnitsForParent,
  updateOrganizationalUnit,
} from "./unit.ts";

export const organizations = defineService<OrganizationsSdk>("organizations", {
  operations: [
    createOrganization,
    describeOrganization,
    deleteOrganization,
    leaveOrganization,
    createAccount,
    createGovCloudAccount,
    describeCreateAccountStatus,
    listCreateAccountStatus,
    describeAccount,
    listAccounts,
    listAccountsForParent,
    listChildren,
    listParents,
    moveAccount,
    removeAccountFromOrganization,
    listRoots,
    enablePolicyType,
    disablePolicyType,
    createOrganizationalUnit,
    describeOrganizationalUnit,
    updateOrganizationalUnit,
    deleteOrganizationalUnit,
    listOrganizationalUnitsForParent,
    createPolicy,
    describePolicy,
    updatePolicy,
    deletePolicy,
    listPolicies,
    attachPolicy,
    detachPolicy,
    listPoliciesForTarget,
    listTargetsForPolicy,
  ],
  jobs: {
    "create-account": (context, _key, payload) =>
      finishAccount(context, payload as Parameters<typeof finishAccount>[1]),
  },
});
