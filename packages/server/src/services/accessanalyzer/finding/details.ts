/** The details of a finding, as the newer operations show them. */
import type { FindingDetails } from "@aws-sdk/client-accessanalyzer";
import { unreachable } from "../../../kernel/assert.ts";
import type { ExternalAccess, FindingDetail, UnusedService } from "./row.ts";

export function formatDetails(detail: FindingDetail): readonly FindingDetails[] {
  switch (detail.kind) {
    case "external":
      return [{ externalAccessDetails: formatAccess(detail) }];
    case "role":
      return [{ unusedIamRoleDetails: lastAccessed(detail) }];
    case "access-key":
      return [{ unusedIamUserAccessKeyDetails: { accessKeyId: detail.accessKeyId, ...lastAccessed(detail) } }];
    case "password":
      return [{ unusedIamUserPasswordDetails: lastAccessed(detail) }];
    case "permissions":
      return detail.services.map((service) => ({ unusedPermissionDetails: formatService(service) }));
    default:
      return unreachable(detail);
  }
}

export const formatAccess = ({ principal, actions, conditions, isPublic, sources, controls }: ExternalAccess) => ({
  principal: { ...principal },
  action: actions.slice(),
  condition: { ...conditions },
  isPublic,
  ...(sources.length > 0 && { sources: sources.map((type) => ({ type })) }),
  resourceControlPolicyRestriction: controls,
});

const formatService = ({ namespace, actions, lastUsedAtMs }: UnusedService) => ({
  serviceNamespace: namespace,
  ...(actions.length > 0 && {
    actions: actions.map((action) => ({ action: action.action, ...lastAccessed(action) })),
  }),
  ...lastAccessed({ lastUsedAtMs }),
});

const lastAccessed = ({ lastUsedAtMs }: { readonly lastUsedAtMs?: number | undefined }) =>
  lastUsedAtMs === undefined ? {} : { lastAccessed: new Date(lastUsedAtMs) };
