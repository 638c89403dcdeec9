/**
 * The end of an account: it is closed in the background, and gone for good after ninety days.
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html
 * Differs: what asks IAM nothing, such as signing in to a user pool of the account, still answers, and its root user
 * has no console in which to see its last bills.
 */
import { accountArn, accounts, findAccount, requireAccount } from "./row.ts";
import { ask, requireManagement } from "../caller.ts";
import { accountAlreadyClosed, cannotCloseManagementAccount, notAllFeatures, tooManyClosures } from "../errors.ts";
import { operation } from "../kit.ts";
import { ACCOUNT_CLOSURE_MS, ACCOUNTS_MAX, CLOSED_ACCOUNT_MS, CLOSURES, CLOSURES_MS } from "../limits.ts";
import { dropMember } from "./member.ts";
import { organizationOf, type Organization } from "../organization/row.ts";
import { recordClosure } from "../organization/own-event.ts";
import type { Context } from "../../../service/context.ts";
import { parseAccountId, type AccountId } from "../../../kernel/arn.ts";
import { closedAccounts } from "../../../kernel/closed-account.ts";
import { table } from "../../../kernel/table.ts";

/** What counts towards how many may be closed within some days. */
interface Closure {
  readonly organizationId: string;
  readonly atMs: number;
  readonly account: AccountId;
}

const closures = table<Closure>("organizations.closure", "global", ({ organizationId, atMs, account }) => [
  organizationId,
  atMs,
  account,
]);

export const closeAccount = operation("CloseAccount", {
  authorize: ({ AccountId: id }, context) =>
    ask("CloseAccount", context, { on: (organization) => accountArn(organization, id) }),

  async handle({ AccountId }, context) {
    const organization = await requireManagement(context);
    const account = await requireAccount(organization, AccountId, context.tx);
    if (account.id === organization.managementAccount) throw cannotCloseManagementAccount();
    if (organization.featureSet !== "ALL") throw notAllFeatures();
    if (account.state !== "ACTIVE") throw accountAlreadyClosed();
    await requireFewClosures(organization, context);
    const atMs = context.now().getTime();
    context.tx.put(accounts, { ...account, state: "PENDING_CLOSURE", closedAtMs: atMs });
    context.tx.put(closures, { organizationId: organization.id, atMs, account: account.id });
    context.at(atMs + ACCOUNT_CLOSURE_MS, "close-account", account.id);
    return {};
  },
});

/** @throws {AwsError} `ConstraintViolationException` */
async function requireFewClosures({ id }: Organization, context: Context): Promise<void> {
  const { tx } = context;
  const { least, share, most } = CLOSURES;
  const after = [id, context.now().getTime() - CLOSURES_MS];
  const recent = await tx.scan(closures, { prefix: [id], after, limit: most });
  if (recent.length < least) return;
  const members = await tx.scan(accounts, { prefix: [id], limit: ACCOUNTS_MAX });
  if (recent.length >= Math.min(most, Math.max(least, members.length * share))) throw tooManyClosures();
}

/** The job that closes the account, and when run again ends it. It belongs to the management account. */
export async function finishClosure(context: Context, key: string): Promise<void> {
  const { tx } = context;
  const organization = await organizationOf(context.account, tx);
  const id = parseAccountId(key);
  const account = organization && id && (await findAccount(organization, id, tx));
  if (!account || id === undefined) return;
  if (account.state === "SUSPENDED") {
    if (account.closedAtMs !== undefined) tx.delete(closures, organization.id, account.closedAtMs, id);
    return dropMember(organization, id, context);
  }
  tx.put(accounts, { ...account, state: "SUSPENDED" });
  tx.put(closedAccounts, { account: id, atMs: context.now().getTime() });
  context.at(context.now().getTime() + CLOSED_ACCOUNT_MS, "close-account", key);
  recordClosure({ accountId: id, requestedAtMs: context.now().getTime() - ACCOUNT_CLOSURE_MS }, context);
}
