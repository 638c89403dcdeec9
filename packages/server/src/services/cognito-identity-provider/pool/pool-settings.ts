/** What may be set of a pool, and what AWS says where nothing is. */
import type {
  AccountRecoverySettingType,
  VerificationMessageTemplateType,
} from "@aws-sdk/client-cognito-identity-provider";
import { invalidParameter } from "../errors.ts";
import { error } from "../kit.ts";
import { refuseUnbuilt } from "../unbuilt.ts";
import { POLICY_USUAL } from "../user/password.ts";
import type { PoolSettings } from "./pool-row.ts";

/** Source: https://docs.rs/mz_rusoto_cognito_idp/latest/rusoto_cognito_idp/struct.CreateUserPoolRequest.html (AWS's words on account_recovery_setting: of pools since February 2020) */
const RECOVERY_USUAL: AccountRecoverySettingType = {
  RecoveryMechanisms: [
    { Priority: 1, Name: "verified_email" },
    { Priority: 2, Name: "verified_phone_number" },
  ],
};

/**
 * The settings with AWS's own where the caller said nothing, and what is said twice made one.
 */
export function settled(asked: PoolSettings): PoolSettings {
  refuseUnbuilt(asked);
  requireSettings(asked);
  const template = templateOf(asked);
  const days = asked.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays;
  return {
    ...asked,
    // Source: https://github.com/aws-amplify/amplify-ui/issues/6765
    Policies: {
      PasswordPolicy: { ...POLICY_USUAL },
      SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD"] },
      ...asked.Policies,
    },
    AccountRecoverySetting: asked.AccountRecoverySetting ?? RECOVERY_USUAL,
    DeletionProtection: asked.DeletionProtection ?? "INACTIVE",
    LambdaConfig: asked.LambdaConfig ?? {},
    MfaConfiguration: asked.MfaConfiguration ?? "OFF",
    EmailConfiguration: asked.EmailConfiguration ?? { EmailSendingAccount: "COGNITO_DEFAULT" },
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: false,
      UnusedAccountValidityDays: days ?? POLICY_USUAL.TemporaryPasswordValidityDays,
      ...asked.AdminCreateUserConfig,
    },
    UserPoolTier: asked.UserPoolTier ?? "ESSENTIALS",
    VerificationMessageTemplate: template,
    ...messagesOf(template),
  };
}

const messagesOf = ({ EmailMessage, EmailSubject, SmsMessage }: VerificationMessageTemplateType): PoolSettings => ({
  ...(EmailMessage !== undefined && { EmailVerificationMessage: EmailMessage }),
  ...(EmailSubject !== undefined && { EmailVerificationSubject: EmailSubject }),
  ...(SmsMessage !== undefined && { SmsVerificationMessage: SmsMessage }),
});

/** The template says it again, and is the one that counts. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html */
function templateOf(asked: PoolSettings): VerificationMessageTemplateType {
  const { EmailVerificationMessage: message, EmailVerificationSubject: subject, SmsVerificationMessage: sms } = asked;
  return {
    DefaultEmailOption: "CONFIRM_WITH_CODE",
    ...(message !== undefined && { EmailMessage: message }),
    ...(subject !== undefined && { EmailSubject: subject }),
    ...(sms !== undefined && { SmsMessage: sms }),
    ...asked.VerificationMessageTemplate,
  };
}

/** @throws {AwsError} `InvalidParameterException`, `FeatureUnavailableInTierException` */
function requireSettings(asked: PoolSettings): void {
  const { AliasAttributes: aliases, UsernameAttributes: names, AccountRecoverySetting: recovery } = asked;
  if ((aliases ?? []).length > 0 && (names ?? []).length > 0) {
    throw invalidParameter("Only one of the aliasAttributes or usernameAttributes can be set.");
  }
  const mechanisms = recovery?.RecoveryMechanisms ?? [];
  if (mechanisms.length > 1 && mechanisms.some(({ Name }) => Name === "admin_only")) {
    throw invalidParameter(
      "Invalid account recovery setting parameter. Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.",
    );
  }
  const priorities = new Set(mechanisms.map(({ Priority }) => Priority));
  if (priorities.size < mechanisms.length) {
    throw invalidParameter("Invalid account recovery setting parameter. Priorities must be unique.");
  }
  requireMessages(asked);
  requireFirstFactors(asked);
}

function requireMessages({ EmailConfiguration: email, AdminCreateUserConfig: admin }: PoolSettings): void {
  if (email?.EmailSendingAccount === "DEVELOPER" && email.SourceArn === undefined) {
    throw invalidParameter("SourceArn is required when EmailSendingAccount is DEVELOPER");
  }
  const { EmailMessage, SMSMessage } = admin?.InviteMessageTemplate ?? {};
  for (const message of [EmailMessage, SMSMessage]) {
    if (message !== undefined && !(message.includes("{username}") && message.includes("{####}"))) {
      throw invalidParameter("Invite message template must contain {username} and {####}.");
    }
  }
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html */
function requireFirstFactors({ Policies: policies, UserPoolTier: tier, MfaConfiguration: mfa }: PoolSettings): void {
  const factors = policies?.SignInPolicy?.AllowedFirstAuthFactors ?? [];
  if (factors.length === 0) return;
  if (!factors.includes("PASSWORD")) {
    throw invalidParameter("AllowedFirstAuthFactors must contain PASSWORD.");
  }
  if (factors.length > 1 && tier === "LITE") {
    throw error("FeatureUnavailableInTierException", "Passwordless sign-in is not available in the LITE tier.");
  }
  if (mfa === "ON" && factors.some((factor) => factor === "EMAIL_OTP" || factor === "SMS_OTP")) {
    throw invalidParameter("One-time passwords cannot be allowed as first factors while MFA is required.");
  }
}
