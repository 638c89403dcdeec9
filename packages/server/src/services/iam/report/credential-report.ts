/**
 * All users of an account and the state of their credentials, as a file of comma-separated values; times are to the second
 * (https://github.com/localstack/localstack/blob/b04c14cef/tests/aws/services/iam/test_iam_credential_report.snapshot.json).
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 * Differs: a report is ready at once.
 */
import type { GenerateCredentialReportResponse, GetCredentialReportResponse } from "@aws-sdk/client-iam";
import { formatCsvLine } from "../../../kernel/csv.ts";
import { DAY_MS, HOUR_MS } from "../../../kernel/duration.ts";
import { isoSeconds } from "../../../kernel/iso-seconds.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { findPasswordPolicy } from "../account/password-policy.ts";
import { accessKeysOf, accessKeyUses, type AccessKey } from "../credential/access-key.ts";
import { findLoginProfile } from "../credential/login-profile.ts";
import { mfaDevicesOf } from "../credential/mfa-device.ts";
import { ROOT_CREATED_AT, rootArn, rootOf, type Owner } from "../credential/owner.ts";
import { signingCertificatesOf, type SigningCertificate } from "../credential/signing-certificate.ts";
import { reportExpired, reportNotPresent } from "../errors.ts";
import { operation } from "../kit.ts";
import { ACCOUNT_QUOTAS, QUOTAS } from "../limits.ts";
import { userArn, users, type User } from "../user/user.ts";

interface CredentialReport {
  readonly generatedAtMs: number;
  readonly content: string;
}

const credentialReports = table<CredentialReport>("iam.credential-report", "account", () => []);

/** A new report is made at most this often. Source: as above. */
const REPORT_AGE_MS_MAX = 4 * HOUR_MS;

const COLUMNS = [
  "user",
  "arn",
  "user_creation_time",
  "password_enabled",
  "password_last_used",
  "password_last_changed",
  "password_next_rotation",
  "mfa_active",
  "access_key_1_active",
  "access_key_1_last_rotated",
  "access_key_1_last_used_date",
  "access_key_1_last_used_region",
  "access_key_1_last_used_service",
  "access_key_2_active",
  "access_key_2_last_rotated",
  "access_key_2_last_used_date",
  "access_key_2_last_used_region",
  "access_key_2_last_used_service",
  "cert_1_active",
  "cert_1_last_rotated",
  "cert_2_active",
  "cert_2_last_rotated",
] as const;

const ABSENT = "N/A";

export const generateCredentialReport = operation("GenerateCredentialReport", {
  authorize: () => ({ action: "iam:GenerateCredentialReport", resource: "*" }),

  async handle(_input, context): Promise<GenerateCredentialReportResponse> {
    const { tx } = context;
    const present = await tx.get(credentialReports);
    if (present && isFresh(present, context)) return { State: "COMPLETE" };
    tx.put(credentialReports, { generatedAtMs: context.now().getTime(), content: await reportText(context) });
    return { State: "STARTED", Description: "No report exists. Starting a new report generation task" };
  },
});

export const getCredentialReport = operation("GetCredentialReport", {
  authorize: () => ({ action: "iam:GetCredentialReport", resource: "*" }),

  async handle(_input, context): Promise<GetCredentialReportResponse> {
    const report = await context.tx.get(credentialReports);
    if (!report) throw reportNotPresent();
    if (!isFresh(report, context)) throw reportExpired();
    return {
      Content: Buffer.from(report.content, "utf8"),
      ReportFormat: "text/csv",
      GeneratedTime: new Date(report.generatedAtMs),
    };
  },
});

const isFresh = ({ generatedAtMs }: CredentialReport, context: Context): boolean =>
  context.now().getTime() - generatedAtMs < REPORT_AGE_MS_MAX;

async function reportText(context: Context): Promise<string> {
  const all = await context.tx.scan(users, { limit: ACCOUNT_QUOTAS.users.max });
  const rows = [await rootRow(context)];
  for (const user of all) rows.push(await userRow(user, context));
  return [COLUMNS, ...rows].map(formatCsvLine).join("").trimEnd();
}

async function rootRow(context: Context): Promise<string[]> {
  const root = rootOf(context);
  const password = ["not_supported", "no_information", "not_supported", "not_supported"];
  const rest = await credentials(root, context.tx);
  return ["<root_account>", rootArn(context), isoSeconds(ROOT_CREATED_AT.getTime()), ...password, ...rest];
}

async function userRow(user: User, context: Context): Promise<string[]> {
  const password = await passwordFields(user, context.tx);
  const rest = await credentials(user, context.tx);
  return [user.name, userArn(context, user), isoSeconds(user.createdAtMs), ...password, ...rest];
}

async function passwordFields(user: User, tx: Transaction): Promise<string[]> {
  const profile = await findLoginProfile(user, tx);
  if (!profile) return ["false", ABSENT, ABSENT, ABSENT];
  const days = (await findPasswordPolicy(tx))?.maxAgeDays;
  const rotation = days === undefined ? ABSENT : isoSeconds(profile.setAtMs + days * DAY_MS);
  const { passwordUsedAtMs } = user;
  const used = passwordUsedAtMs === undefined ? "no_information" : isoSeconds(passwordUsedAtMs);
  return ["true", used, isoSeconds(profile.setAtMs), rotation];
}

/** The columns from `mfa_active` on. */
async function credentials(owner: Owner, tx: Transaction): Promise<string[]> {
  const devices = await mfaDevicesOf(owner, tx);
  const keys = await accessKeysOf(owner, tx);
  const certificates = await signingCertificatesOf(owner, tx);
  const fields = [String(devices.length > 0)];
  for (let slot = 0; slot < QUOTAS.AccessKeysPerUser; slot++) fields.push(...(await keyFields(keys[slot], tx)));
  for (let slot = 0; slot < QUOTAS.CertificatesPerUser; slot++) fields.push(...certificateFields(certificates[slot]));
  return fields;
}

async function keyFields(key: AccessKey | undefined, tx: Transaction): Promise<string[]> {
  if (!key) return ["false", ABSENT, ABSENT, ABSENT, ABSENT];
  const use = await tx.get(accessKeyUses, key.accessKeyId);
  const used = use ? [isoSeconds(use.atMs), use.region, use.service] : [ABSENT, ABSENT, ABSENT];
  return [String(key.status === "Active"), isoSeconds(key.statusAtMs), ...used];
}

const certificateFields = (certificate: SigningCertificate | undefined): string[] =>
  certificate ? [String(certificate.status === "Active"), isoSeconds(certificate.uploadedAtMs)] : ["false", ABSENT];
