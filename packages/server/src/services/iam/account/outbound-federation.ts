/**
 * Whether principals of the account may prove themselves elsewhere by web identity tokens.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOutboundWebIdentityFederation.html
 */
import type { AccountId } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { outboundFederationDisabled, outboundFederationEnabled } from "../errors.ts";
import { operation } from "../kit.ts";

interface OutboundFederation {
  /** The account's issuer, the same whenever it is enabled again. */
  readonly issuer: string;
  readonly enabled: boolean;
}

const outboundFederations = table<OutboundFederation>("iam.outbound-federation", "account", () => []);

export const enableOutboundWebIdentityFederation = operation("EnableOutboundWebIdentityFederation", {
  authorize: () => ({ action: "iam:EnableOutboundWebIdentityFederation", resource: "*" }),

  async handle(_input, context) {
    const { tx } = context;
    const present = await tx.get(outboundFederations);
    if (present?.enabled) throw outboundFederationEnabled();
    const issuer = present?.issuer ?? `https://${context.newId()}.tokens.sts.global.api.aws`;
    tx.put(outboundFederations, { issuer, enabled: true });
    return { IssuerIdentifier: issuer };
  },
});

export const getOutboundWebIdentityFederationInfo = operation("GetOutboundWebIdentityFederationInfo", {
  authorize: () => ({ action: "iam:GetOutboundWebIdentityFederationInfo", resource: "*" }),

  async handle(_input, { tx }) {
    const { issuer, enabled } = await requireEnabled(tx);
    return { IssuerIdentifier: issuer, JwtVendingEnabled: enabled };
  },
});

export const disableOutboundWebIdentityFederation = operation("DisableOutboundWebIdentityFederation", {
  authorize: () => ({ action: "iam:DisableOutboundWebIdentityFederation", resource: "*" }),

  async handle(_input, { tx }) {
    tx.put(outboundFederations, { ...(await requireEnabled(tx)), enabled: false });
    return {};
  },
});

/** The issuer URL of an account; `undefined` where it may issue nothing. */
export async function outboundIssuerOf(account: AccountId, tx: Transaction): Promise<string | undefined> {
  const federation = await tx.in({ account }).get(outboundFederations);
  return federation?.enabled ? federation.issuer : undefined;
}

/** @throws {AwsError} `FeatureDisabled` */
async function requireEnabled(tx: Transaction): Promise<OutboundFederation> {
  const federation = await tx.get(outboundFederations);
  if (!federation?.enabled) throw outboundFederationDisabled();
  return federation;
}
