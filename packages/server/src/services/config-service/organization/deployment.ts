/**
 * The rules and packs of organizations on their way into the accounts: each is put there by that account's own
 * service-linked role, and those that come later, or had no recorder yet, are looked after again.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/config-rule-multi-account-deployment.html
 */
import type { OrganizationResourceStatus } from "@aws-sdk/client-config-service";
import { parseAccountId, type AccountId } from "../../../kernel/arn.ts";
import { refusalOf, type AwsError } from "../../../kernel/aws-error.ts";
import { HOUR_MS } from "../../../kernel/duration.ts";
import type { Errand, ErrandContext } from "../../../service/errand.ts";
import { SPREAD_HOURS } from "../limits.ts";
import { ruleInput } from "./rule-input.ts";
import { accountsOf } from "./access.ts";
import { memberName, MEMBERS_MAX, shares, spreads, type Share, type Spread } from "./row.ts";
import { linkedSession, MULTI_ACCOUNT } from "../service-linked.ts";

/** The errand; its key is the kind and the name. */
export const SPREAD = "spread";
export const spreadKey = ({ kind, name }: Pick<Spread, "kind" | "name">): string => `${kind} ${name}`;

const kindOf = (text: string): Spread["kind"] => (text === "pack" ? "pack" : "rule");

export const spread: Errand = async (context, key, payload) => {
  const [kind = "", name = ""] = key.split(" ");
  const row = await context.tx.get(spreads, kindOf(kind), name);
  if (row === undefined) return;
  const all = await context.tx.scan(shares, { prefix: [row.kind, row.name], limit: MEMBERS_MAX });
  const before = new Map(all.map((share) => [share.member, share]));
  const wanted = new Set(await wantedMembers(row, [...before.keys()], context));
  for (const member of wanted) {
    const share = before.get(member);
    if (!(isAgain(payload) && isDone(share))) await put(row, { member, share }, context);
  }
  for (const share of all) if (!wanted.has(share.member)) await drop(row, share, context);
  await settle(row, context);
};

const isAgain = (payload: unknown): boolean => typeof payload === "object" && payload !== null && "isAgain" in payload;

const isDone = (share: Share | undefined): boolean => share?.status.endsWith("SUCCESSFUL") === true;

/** Those that it is in already, where the organization does not say any more. */
async function wantedMembers(row: Spread, before: readonly AccountId[], context: ErrandContext) {
  if (row.status.startsWith("DELETE")) return [];
  let found = before;
  const error = await refusalOf(async () => {
    found = await members(row, context);
  });
  return error ? before : found.filter((id) => !row.excluded.includes(id));
}

async function members({ account }: Spread, context: ErrandContext): Promise<readonly AccountId[]> {
  const as = await linkedSession(MULTI_ACCOUNT, account, context);
  const accounts = await accountsOf(as, context);
  const active = accounts.filter(({ Status }) => Status === "ACTIVE");
  return active.map(({ Id = "" }) => parseAccountId(Id)).filter((id) => id !== undefined);
}

interface Member {
  readonly member: AccountId;
  readonly share: Share | undefined;
}

async function put(row: Spread, { member, share }: Member, context: ErrandContext): Promise<void> {
  const error = await refusalOf(async () => {
    const role = { kind: "service-linked", account: member, service: MULTI_ACCOUNT.service } as const;
    await context.transact((inner) => inner.directory.createRole(role, inner));
    await ask(row, member, inputOf(row), context);
  });
  const verb = share === undefined || share.status.startsWith("CREATE_FAILED") ? "CREATE" : "UPDATE";
  const status: OrganizationResourceStatus = error ? `${verb}_FAILED` : `${verb}_SUCCESSFUL`;
  const updatedAtMs = context.now().getTime();
  const { kind, name } = row;
  await context.transact(async ({ tx }) =>
    tx.put(shares, { kind, name, member, status, updatedAtMs, ...(error && { error: kept(error) }) }),
  );
}

interface Asked {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

function inputOf(row: Spread): Asked {
  const { content } = row;
  const name = memberName(row);
  if (content.kind === "rule") {
    return { operation: "PutConfigRule", input: { ConfigRule: { ...ruleInput(content), ConfigRuleName: name } } };
  }
  const { template, parameters, bucket, prefix } = content;
  return {
    operation: "PutConformancePack",
    input: {
      ConformancePackName: name,
      TemplateBody: template,
      ConformancePackInputParameters: parameters.map((one) => ({
        ParameterName: one.name,
        ParameterValue: one.value,
      })),
      ...(bucket !== undefined && { DeliveryS3Bucket: bucket }),
      ...(prefix !== undefined && { DeliveryS3KeyPrefix: prefix }),
    },
  };
}

/** With the rights of the role in that account. */
async function ask({ region }: Spread, account: AccountId, asked: Asked, context: ErrandContext): Promise<void> {
  const as = await linkedSession(MULTI_ACCOUNT, account, context);
  await context.callNamed({ service: "config-service", ...asked, as, account, region });
}

async function drop(row: Spread, share: Share, context: ErrandContext): Promise<void> {
  const { kind, name, member } = share;
  const error = await refusalOf(async () => {
    if (share.status === "CREATE_FAILED") return;
    const asked =
      kind === "rule"
        ? { operation: "DeleteConfigRule", input: { ConfigRuleName: memberName(row) } }
        : { operation: "DeleteConformancePack", input: { ConformancePackName: memberName(row) } };
    await ask(row, member, asked, context);
  });
  const isGone = error === undefined || error.code.startsWith("NoSuch");
  const updatedAtMs = context.now().getTime();
  await context.transact(async ({ tx }) => {
    if (isGone) tx.delete(shares, kind, name, member);
    else tx.put(shares, { ...share, status: "DELETE_FAILED", error: kept(error), updatedAtMs });
  });
}

/** As rows have it. */
const kept = ({ code, message }: AwsError) => ({ code, message });

async function settle({ kind, name, id }: Spread, context: ErrandContext): Promise<void> {
  await context.transact(async (inner) => {
    const { tx } = inner;
    const now = await tx.get(spreads, kind, name);
    if (now?.id !== id) return;
    const all = await tx.scan(shares, { prefix: [kind, name], limit: MEMBERS_MAX });
    if (now.status.startsWith("DELETE") && all.length === 0) return tx.delete(spreads, kind, name);
    tx.put(spreads, { ...now, status: settled(now.status, all) });
    if (now.status.startsWith("DELETE")) return;
    inner.at(inner.now().getTime() + SPREAD_HOURS * HOUR_MS, SPREAD, spreadKey(now), { isAgain: true });
  });
}

function settled(status: OrganizationResourceStatus, all: readonly Share[]): OrganizationResourceStatus {
  const failed = all.some((share) => share.status.endsWith("FAILED"));
  if (status.startsWith("DELETE")) return "DELETE_FAILED";
  const verb = status.startsWith("CREATE") ? "CREATE" : "UPDATE";
  return failed ? `${verb}_FAILED` : `${verb}_SUCCESSFUL`;
}
