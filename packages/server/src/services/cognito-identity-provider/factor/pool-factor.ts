/** Which second factors a pool has. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html */
import type {
  GetUserPoolMfaConfigResponse,
  SetUserPoolMfaConfigRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import { invalidParameter } from "../errors.ts";
import { error, operation, plain } from "../kit.ts";
import { requireSmsRole } from "../message/sms-role.ts";
import { onPool, pools, requirePool, type Pool } from "../pool/pool-row.ts";

export const getUserPoolMfaConfig = operation("GetUserPoolMfaConfig", {
  authorize: onPool("GetUserPoolMfaConfig"),

  async handle({ UserPoolId }, context) {
    return formatFactors(await requirePool(UserPoolId, context));
  },
});

export const setUserPoolMfaConfig = operation("SetUserPoolMfaConfig", {
  authorize: onPool("SetUserPoolMfaConfig"),

  async handle({ UserPoolId, ...asked }, context) {
    const pool = await requirePool(UserPoolId, context);
    const changed = withFactors(pool, plain<Omit<SetUserPoolMfaConfigRequest, "UserPoolId">>(asked));
    const role = asked.SmsMfaConfiguration?.SmsConfiguration;
    if (role) await requireSmsRole(role, pool, context);
    context.tx.put(pools, { ...changed, changedMs: context.now().getTime() });
    return formatFactors(changed);
  },
});

/** What is not said is off. */
function withFactors(pool: Pool, asked: Omit<SetUserPoolMfaConfigRequest, "UserPoolId">): Pool {
  const { SmsMfaConfiguration: sms, MfaConfiguration: mode = "OFF", ...factors } = asked;
  requireFactors(pool, asked);
  return {
    ...pool,
    factors: { ...factors, ...(sms && { sms: true }) },
    settings: {
      ...pool.settings,
      MfaConfiguration: mode,
      ...(sms?.SmsConfiguration && { SmsConfiguration: sms.SmsConfiguration }),
      ...(sms?.SmsAuthenticationMessage !== undefined && { SmsAuthenticationMessage: sms.SmsAuthenticationMessage }),
    },
  };
}

function requireFactors({ settings }: Pool, asked: Omit<SetUserPoolMfaConfigRequest, "UserPoolId">): void {
  const { SmsMfaConfiguration: sms, SoftwareTokenMfaConfiguration: app, EmailMfaConfiguration: email } = asked;
  if (email !== undefined && settings.UserPoolTier === "LITE") {
    throw error("FeatureUnavailableInTierException", "Email MFA is not available in the LITE tier.");
  }
  if ((asked.MfaConfiguration ?? "OFF") === "OFF") return;
  if (sms === undefined && app === undefined && email === undefined) {
    throw invalidParameter(
      "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided.",
    );
  }
  if (sms !== undefined && (sms.SmsConfiguration ?? settings.SmsConfiguration) === undefined) {
    throw invalidParameter("[SmsConfiguration] is a required member of [SoftwareTokenMfaConfiguration].");
  }
}

function formatFactors({ settings, factors }: Pool): GetUserPoolMfaConfigResponse {
  const { sms, ...rest } = factors;
  const { SmsAuthenticationMessage, SmsConfiguration } = settings;
  return {
    ...rest,
    ...(sms === true && {
      SmsMfaConfiguration: {
        ...(SmsAuthenticationMessage !== undefined && { SmsAuthenticationMessage }),
        ...(SmsConfiguration && { SmsConfiguration }),
      },
    }),
    MfaConfiguration: settings.MfaConfiguration ?? "OFF",
  };
}
