/**
 * Numbers of Organizations.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
import type { PolicyType } from "@aws-sdk/client-organizations";

export const PAGE_ROWS_MAX = 20;
export const UNITS_MAX = 2000;
/** Levels of units below the root. */
export const UNIT_DEPTH_MAX = 5;
/** Differs: AWS begins with ten and raises the quota on request; here it stands where AWS raises it to. */
export const ACCOUNTS_MAX = 10_000;

/** Of SCPs since May 2026. Source: https://aws.amazon.com/about-aws/whats-new/2026/05/aws-organizations-increased-scp-quotas/ */
const SCP: PolicyLimits = { charactersMax: 10_240, perTargetMax: 10, perOrganizationMax: 10_000 };

interface PolicyLimits {
  readonly charactersMax: number;
  readonly perTargetMax: number;
  readonly perOrganizationMax: number;
}

const MANAGEMENT: PolicyLimits = { charactersMax: 10_000, perTargetMax: 10, perOrganizationMax: 1000 };

const LIMITS: Partial<Readonly<Record<PolicyType, PolicyLimits>>> = {
  SERVICE_CONTROL_POLICY: SCP,
  RESOURCE_CONTROL_POLICY: { charactersMax: 5120, perTargetMax: 5, perOrganizationMax: 1000 },
  AISERVICES_OPT_OUT_POLICY: { charactersMax: 2500, perTargetMax: 5, perOrganizationMax: 1000 },
  CHATBOT_POLICY: { ...MANAGEMENT, perTargetMax: 5 },
};

export const limitsOf = (type: PolicyType): PolicyLimits => LIMITS[type] ?? MANAGEMENT;

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Source: same page, and https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html */
export const INVITATION_MS = 15 * DAY_MS;
/** Within 24 hours: as many as there may be accounts, where that is more. Source: same page */
export const INVITATIONS_PER_DAY_MAX = Math.max(20, ACCOUNTS_MAX);
export const ALL_FEATURES_MS = 90 * DAY_MS;
/** How long handshakes that are over are shown. Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Handshake.html */
export const HANDSHAKE_SHOWN_MS = 30 * DAY_MS;

/** Differs: AWS takes minutes to make an account, and to close one. */
export const ACCOUNT_CREATION_MS = 1000;
export const ACCOUNT_CLOSURE_MS = 1000;
/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html */
export const CLOSED_ACCOUNT_MS = 90 * DAY_MS;
/** How many accounts may be closed within these days: so many, or the share of all, and never more than the most. */
export const CLOSURES_MS = 30 * DAY_MS;
export const CLOSURES = { least: 250, share: 0.2, most: 1000 };
/** How long an account stays where it was made. Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_LeaveOrganization.html */
export const NEW_ACCOUNT_MS = 4 * DAY_MS;
