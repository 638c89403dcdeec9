/** The tables of behaviours in the reference: what holds, and the steps of labs and the tests that show it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../tools/sources.ts";

/** The behaviours, by the table that shows them: no row gets lost. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  "docs/reference/audit.md": [
    "cloudtrail-to-events-alarm",
    "ct-global-service-events",
    "ct-data-events",
    "ct-management-events",
    "ct-cannot-detect-alone",
    "ct-setup-per-account",
    "change-watch-ct-cw",
  ],
  "docs/reference/identity-access.md": [
    "sts-temp-creds-live-until-expiry",
    "sts-revoke-sessions",
    "sts-revoke-procedure",
    "sts-revoke-is-per-role",
    "iam-xacct-role-third-party",
    "iam-xacct-no-misuse-by-others",
    "iam-xacct-least-privilege",
    "iam-xacct-no-credential-leak",
    "iam-xacct-delegate-own-accounts",
    "iam-xacct-no-user-per-account",
    "apigw-no-iam-needed",
    "org-role-not-user",
    "iam-auditor-xacct-role",
    "iam-role-via-instance-profile",
    "ec2-holds-no-credentials",
    "ec2-imds-temp-credentials",
    "ec2-api-auth-steps",
    "fed-ad-saml-steps",
    "fed-saml-sso-endpoint",
    "fed-ldap-role-lookup",
    "fed-ldap-identity-broker",
    "fed-ldap-cannot-login-iam",
    "fed-oidc-web-identity",
    "fed-cognito-alternative",
    "mobile-auth-two-ways",
    "cognito-many-mobile-users",
    "cli-services-endpoint-config",
    "cli-profile-assume-role",
    "sts-endpoint-needed-for-role-switch",
    "sts-global-vs-regional-endpoint",
    "iam-user-may-only-assume",
    "iam-role-trust-one-user",
    "iam-role-switch-changes-rights",
    "iam-user-issue-credentials",
    "sts-get-caller-identity-via-vpce",
    "scp-maximum-permissions",
    "scp-needs-all-features",
    "scp-exempts-service-linked-roles",
    "scp-instance-role-pitfall",
    "scp-roll-out-account-by-account",
    "scp-check-last-accessed-first",
    "scp-authorization-not-authentication",
    "iam-poweruseraccess",
    "iam-requester-pays-not-via-role",
    "iam-access-analyzer-external",
    "iam-last-accessed",
    "ram-share-in-organization",
  ],
  "docs/reference/logs.md": [
    "cwl-one-stream-one-agent",
    "cwl-get-log-events-cli",
    "cwl-text-output-columns",
    "log-central-account-kinesis",
  ],
  "docs/reference/messages.md": [
    "sqs-cross-region-mediator",
    "sns-silent-push",
    "mobile-immediate-data-design",
    "lambda-blueprint-rekognition-events",
  ],
  "docs/reference/secrets-and-configuration.md": [
    "secrets-for-container-db",
    "secrets-rotation-only-secretsmanager",
    "config-record-continuously",
    "config-custom-rule-lambda",
    "config-events-lambda-fix",
    "config-managed-rule-approved-ami",
  ],
  "docs/reference/monitoring.md": ["cw-alarm-not-to-launch-config", "asg-scale-with-alarm-policy"],
  "docs/reference/objects-and-keys.md": [
    "s3-public-detect-plan1-events-lambda",
    "s3-public-detect-plan2-trail-sns",
    "s3-public-detect-simple-s3-trigger",
    "s3-public-block-realtime",
    "s3-log-monitoring-too-slow",
    "s3-trusted-advisor-not-realtime",
    "s3-versioning-purpose",
    "s3-null-version",
    "s3-version-id-random",
    "s3-presigned-limited-user-and-time",
    "s3-presigned-remove-others",
    "s3-cors",
    "s3-transfer-acceleration",
    "s3-crr-s3-and-glacier",
    "dr-db-to-s3-other-region",
    "kms-create-control-keys",
    "kms-cloudtrail-audit",
    "kms-usecase-shared-keys",
    "kms-symmetric-only",
    "kms-no-ssl-offload",
    "kms-vs-cloudhsm-choice",
    "kms-client-side-s3",
    "kms-per-user-cmk",
    "kms-x509-per-instance",
    "kms-no-polling",
    "cf-kms-decrypt-encrypt",
    "s3-sse-c-own-key",
    "s3-sse-s3-unique-key",
    "s3-sse-kms-audit",
    "cloudhsm-app-logs-to-s3",
  ],
};

export const BEHAVIOURS = Object.values(TABLES).flat();

/** What a row's last cell is made of. */
type Shown =
  | { readonly kind: "step"; readonly lab: string; readonly does: string }
  /** A whole file of tests where no name is given. */
  | { readonly kind: "test"; readonly path: string; readonly name: string | undefined }
  | { readonly kind: "waits"; readonly for: string };

interface Row {
  readonly id: string;
  readonly holds: string;
  readonly shown: readonly Shown[];
}

export const rows = Object.keys(TABLES).flatMap((path) => rowsOf(path));

function rowsOf(path: string): readonly Row[] {
  return readFileSync(join(ROOT, path), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| behaviour |") && !line.startsWith("| ---"))
    .map((line) => {
      const [, id = "", holds = "", shown = ""] = line.split(/ ?\| ?/);
      return { id, holds, shown: shown.split("<br>").map((text) => parseShown(text, path)) };
    });
}

function parseShown(text: string, table: string): Shown {
  const [, lab, does] = /^(S\d\d): "(.+)"$/.exec(text) ?? [];
  if (lab !== undefined && does !== undefined) return { kind: "step", lab, does };
  const [, path, name] = /^\[[\w.-]+\]\(\.\.\/\.\.\/([\w./-]+)\)(?:: "(.+)")?$/.exec(text) ?? [];
  if (path !== undefined) return { kind: "test", path, name };
  const [, waitsFor] = /^waits for ([a-z0-9-]+|the simulated network): ./.exec(text) ?? [];
  if (waitsFor !== undefined) return { kind: "waits", for: waitsFor };
  throw new TypeError(`${table} says nothing that can be checked: ${text}`);
}

const all = rows.flatMap(({ id, shown }) => shown.map((one) => ({ id, one })));
export const steps = all.flatMap(({ id, one }) => (one.kind === "step" ? [{ id, ...one }] : []));
export const tests = all.flatMap(({ id, one }) => (one.kind === "test" ? [{ id, ...one }] : []));
export const waits = all.flatMap(({ id, one }) => (one.kind === "waits" ? [{ id, ...one }] : []));
