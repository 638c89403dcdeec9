/**
 * The zone of trust of an analyzer: an account, or the organization that it is in.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html
 */
import type { AnalyzerStatus, ReasonCode } from "@aws-sdk/client-accessanalyzer";
import { parseAccountId, type AccountId } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Analyzer } from "./row.ts";
import { notAnOrganizationAdministrator, serviceAccessDisabled } from "../errors.ts";
import { SERVICE_PRINCIPAL } from "../kit.ts";
import { callAsService, type OrganizationsSdk } from "../service-role.ts";

export interface Zone {
  readonly accounts: readonly AccountId[];
  /** `undefined`: the zone is an account. */
  readonly organizationId: string | undefined;
}

/** An organization's accounts as they were seen last. */
interface SeenAccounts {
  readonly analyzer: string;
  readonly organizationId: string;
  readonly accounts: readonly AccountId[];
  readonly seenAtMs: number;
}

const seenAccounts = table<SeenAccounts>("accessanalyzer.seen-accounts", "region", ({ analyzer }) => [analyzer]);

export const forgetAccounts = (analyzer: string, tx: Context["tx"]): void => tx.delete(seenAccounts, analyzer);

/** Accounts that come or go are noticed within a minute. */
const SEEN_MS = 60_000;

/** `undefined`: the analyzer is not active. */
export async function zoneOf(analyzer: Analyzer, context: Context): Promise<Zone | undefined> {
  if (analyzer.zone === "account") return { accounts: [analyzer.account], organizationId: undefined };
  if ((await statusOf(analyzer, context)).status !== "ACTIVE") return undefined;
  const standing = await context.directory.organizationOf(analyzer.account, context.tx);
  if (standing === undefined) return undefined;
  const { organizationId } = standing;
  const nowMs = context.now().getTime();
  const seen = await context.tx.get(seenAccounts, analyzer.name);
  const isFresh = seen?.organizationId === organizationId && Math.abs(nowMs - seen.seenAtMs) < SEEN_MS;
  if (isFresh) return { accounts: seen.accounts, organizationId };
  const accounts = await accountsOfOrganization(analyzer.account, context);
  context.tx.put(seenAccounts, { analyzer: analyzer.name, organizationId, accounts, seenAtMs: nowMs });
  return { accounts, organizationId };
}

async function accountsOfOrganization(account: AccountId, context: Context): Promise<readonly AccountId[]> {
  const found: AccountId[] = [];
  let NextToken: string | undefined;
  do {
    const page = await callAsService<OrganizationsSdk, "ListAccounts">(
      { service: "organizations", operation: "ListAccounts", input: { NextToken } },
      account,
      context,
    );
    for (const { Id } of page.Accounts ?? []) {
      const id = parseAccountId(Id ?? "");
      if (id !== undefined) found.push(id);
    }
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
}

interface Status {
  readonly status: AnalyzerStatus;
  readonly statusReason?: { readonly code: ReasonCode };
}

const disabled = (code: ReasonCode): Status => ({ status: "DISABLED", statusReason: { code } });

/**
 * An analyzer of an organization works as long as its account may administer Access Analyzer there.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-delegated-administrator.html
 */
export async function statusOf({ zone, account }: Analyzer, { directory, tx }: Context): Promise<Status> {
  if (zone === "account") return { status: "ACTIVE" };
  const standing = await directory.organizationOf(account, tx);
  if (standing === undefined) return disabled("ORGANIZATION_DELETED");
  if (!standing.trustedServices.includes(SERVICE_PRINCIPAL)) return disabled("AWS_SERVICE_ACCESS_DISABLED");
  return administers(account, standing) ? { status: "ACTIVE" } : disabled("DELEGATED_ADMINISTRATOR_DEREGISTERED");
}

interface Administration {
  readonly managementAccount: AccountId;
  readonly delegatedServices: readonly string[];
}

const administers = (account: AccountId, { managementAccount, delegatedServices }: Administration): boolean =>
  account === managementAccount || delegatedServices.includes(SERVICE_PRINCIPAL);

/** @throws {AwsError} `AccessDeniedException`, `ValidationException` where the caller's account may have no analyzer of an organization. */
export async function requireAdministrator({ account, directory, tx }: Context): Promise<void> {
  const standing = await directory.organizationOf(account, tx);
  if (standing === undefined || !administers(account, standing)) throw notAnOrganizationAdministrator();
  if (!standing.trustedServices.includes(SERVICE_PRINCIPAL)) throw serviceAccessDisabled();
}
