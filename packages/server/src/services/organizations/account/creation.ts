/**
 * New accounts. They are made in the background: what is given back first says that it is under way.
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html
 */
import type { CreateAccountFailureReason, CreateAccountStatus } from "@aws-sdk/client-organizations";
import type { AccountId } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { ACCESS_ROLE_USUAL, makeAccessRole, makeLinkedRole } from "./access-role.ts";
import { addresses } from "./row.ts";
import { ask, askNew, requireDelegated, requireManagement } from "../caller.ts";
import { createStatusNotFound, invalidRoleName } from "../errors.ts";
import { newAccountId, newRequestId } from "../id.ts";
import { operation } from "../kit.ts";
import { ACCOUNT_CREATION_MS } from "../limits.ts";
import { hasRoom } from "../handshake/waiting.ts";
import { addMember } from "./member.ts";
import { organizationOf, type Organization } from "../organization/row.ts";
import { recordCreation } from "../organization/own-event.ts";
import { list } from "../paging.ts";
import { putTags, requestTags, withTags } from "../tag/row.ts";

/** A wish for an account, and what came of it. */
interface Creation {
  readonly organizationId: string;
  /** `car-…`. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** The name of the role for the management account. */
  readonly role: string;
  readonly tags: Tags;
  readonly account: AccountId;
  readonly govCloudAccount?: AccountId | undefined;
  readonly requestedAtMs: number;
  readonly completedAtMs?: number | undefined;
  readonly outcome: "IN_PROGRESS" | "SUCCEEDED" | CreateAccountFailureReason;
}

const creations = table<Creation>("organizations.account-creation", "global", ({ organizationId, id }) => [
  organizationId,
  id,
]);

interface Wish {
  readonly Email: string;
  readonly AccountName: string;
  readonly RoleName?: string | undefined;
  readonly Tags?: Parameters<typeof withTags>[1] | undefined;
}

export const createAccount = operation("CreateAccount", {
  authorize: ({ Tags }, context) => askNew("CreateAccount", context, { requestTags: requestTags(Tags) }),

  async handle(input, context) {
    return { CreateAccountStatus: formatCreation(await begin(input, {}, context)) };
  },
});

/** The account in the commercial Regions, and one in AWS GovCloud (US) that is only named. */
export const createGovCloudAccount = operation("CreateGovCloudAccount", {
  authorize: ({ Tags }, context) => askNew("CreateGovCloudAccount", context, { requestTags: requestTags(Tags) }),

  async handle(input, context) {
    const more = { govCloudAccount: newAccountId(context) };
    return { CreateAccountStatus: formatCreation(await begin(input, more, context)) };
  },
});

export const describeCreateAccountStatus = operation("DescribeCreateAccountStatus", {
  authorize: (_, context) => ask("DescribeCreateAccountStatus", context),

  async handle({ CreateAccountRequestId: id }, context) {
    const organization = await requireDelegated("DescribeCreateAccountStatus", context);
    const creation = await context.tx.get(creations, organization.id, id);
    if (!creation) throw createStatusNotFound();
    return { CreateAccountStatus: formatCreation(creation) };
  },
});

export const listCreateAccountStatus = operation("ListCreateAccountStatus", {
  authorize: (_, context) => ask("ListCreateAccountStatus", context),

  async handle({ States, ...paging }, context) {
    const organization = await requireDelegated("ListCreateAccountStatus", context);
    const { rows, rest } = await list(context.tx, creations, [organization.id], paging);
    const shown = rows.map(formatCreation).filter(({ State }) => !States || (State && States.includes(State)));
    return { CreateAccountStatuses: shown, ...rest };
  },
});

async function begin(wish: Wish, more: Pick<Creation, "govCloudAccount">, context: Context): Promise<Creation> {
  const { id: organizationId } = await requireManagement(context);
  if (wish.RoleName?.startsWith("AWSServiceRoleFor") === true) throw invalidRoleName();
  const creation: Creation = {
    organizationId,
    id: newRequestId(context),
    name: wish.AccountName,
    email: wish.Email,
    role: wish.RoleName ?? ACCESS_ROLE_USUAL,
    tags: withTags({}, wish.Tags),
    account: newAccountId(context),
    requestedAtMs: context.now().getTime(),
    outcome: "IN_PROGRESS",
    ...more,
  };
  context.tx.put(creations, creation);
  context.at(creation.requestedAtMs + ACCOUNT_CREATION_MS, "create-account", creation.id);
  return creation;
}

/** The job that makes the account. It belongs to the management account, whose organization may be gone. */
export async function finishAccount(context: Context, id: string): Promise<void> {
  const { tx } = context;
  const organization = await organizationOf(context.account, tx);
  const creation = organization && (await tx.get(creations, organization.id, id));
  if (!creation) return;
  const { account, name, email, role, tags } = creation;
  const failure = await findFailure(organization, email, context);
  if (failure === undefined) {
    await addMember(organization, { id: account, name, email, joinedMethod: "CREATED" }, context);
    putTags(organization, account, tags, tx);
    await makeAccessRole(organization, { account, name: role }, context);
    if (organization.featureSet === "ALL") await makeLinkedRole(account, context);
  }
  tx.put(creations, { ...creation, completedAtMs: context.now().getTime(), outcome: failure ?? "SUCCEEDED" });
  const { requestedAtMs } = creation;
  recordCreation(id, { accountId: account, failureReason: failure, requestedAtMs }, context);
}

async function findFailure(
  organization: Organization,
  email: string,
  context: Context,
): Promise<CreateAccountFailureReason | undefined> {
  if (await context.tx.get(addresses, email.toLowerCase())) return "EMAIL_ALREADY_EXISTS";
  return (await hasRoom(organization, context)) ? undefined : "ACCOUNT_LIMIT_EXCEEDED";
}

function formatCreation(creation: Creation): CreateAccountStatus {
  const { id: Id, name: AccountName, outcome, completedAtMs } = creation;
  const status = { Id, AccountName, RequestedTimestamp: new Date(creation.requestedAtMs) };
  if (outcome === "IN_PROGRESS" || completedAtMs === undefined) return { ...status, State: "IN_PROGRESS" };
  const completed = { ...status, CompletedTimestamp: new Date(completedAtMs) };
  if (outcome !== "SUCCEEDED") return { ...completed, State: "FAILED", FailureReason: outcome };
  return {
    ...completed,
    State: "SUCCEEDED",
    AccountId: creation.account,
    GovCloudAccountId: creation.govCloudAccount,
  };
}
