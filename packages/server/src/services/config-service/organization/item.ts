/** What the rules and the packs of organizations have in common, as they are put, shown and taken away. */
import type { OrganizationResourceStatus } from "@aws-sdk/client-config-service";
import type { AwsError } from "../../../kernel/aws-error.ts";
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { tokenInvalid } from "../errors.ts";
import { configArn, placeOf } from "../kit.ts";
import { PAGE } from "../limits.ts";
import { requireAdministrator } from "./access.ts";
import { SPREAD, spreadKey } from "./deployment.ts";
import { isMoving, memberName, shares, spreadArn, spreads, type Share, type Spread } from "./row.ts";
import { packs, type Pack } from "../pack/row.ts";
import { requireTags, type TagList } from "../tag-list.ts";

export interface Family {
  readonly kind: Spread["kind"];
  /** `organization-config-rule` */
  readonly resource: string;
  readonly max: number;
  readonly missing: () => AwsError;
  /** What is said of one that is to be deleted. */
  readonly nothingToDelete: (name: string) => AwsError;
  readonly inUse: () => AwsError;
  readonly tooMany: () => AwsError;
}

export const onSpread = (action: string, { kind, resource }: Family) => {
  return async (name: string, context: Context) => {
    const row = await context.tx.get(spreads, kind, name);
    return {
      action: `config:${action}`,
      resource: row === undefined ? configArn(context, `${resource}/${name}-*`) : spreadArn(row),
      resourceTags: row?.tags,
    };
  };
};

export interface GivenSpread {
  readonly name: string;
  readonly excluded: readonly string[] | undefined;
  readonly tags: TagList | undefined;
  readonly content: Spread["content"];
}

export async function putSpread(given: GivenSpread, family: Family, context: Context) {
  const { name, excluded = [], tags = [], content } = given;
  const { tx } = context;
  const before = await tx.get(spreads, family.kind, name);
  if (before !== undefined && isMoving(before)) throw family.inUse();
  if (before === undefined) await requireRoom(family, context);
  const row: Spread = {
    ...placeOf(context),
    kind: family.kind,
    name,
    id: before?.id ?? `${name}-${context.newId().slice(0, 8)}`,
    excluded: [...excluded],
    content,
    status: before === undefined ? "CREATE_IN_PROGRESS" : "UPDATE_IN_PROGRESS",
    tags: requireTags(before?.tags ?? {}, tags),
    updatedAtMs: context.now().getTime(),
  };
  tx.put(spreads, row);
  context.at(row.updatedAtMs, SPREAD, spreadKey(row), {});
  return spreadArn(row);
}

async function requireRoom({ kind, max, tooMany }: Family, { tx }: Context): Promise<void> {
  if ((await tx.scan(spreads, { prefix: [kind], limit: max })).length >= max) throw tooMany();
}

export async function deleteSpread(name: string, family: Family, context: Context): Promise<void> {
  await requireAdministrator(context);
  const row = await context.tx.get(spreads, family.kind, name);
  if (row === undefined) throw family.nothingToDelete(name);
  if (isMoving(row)) throw family.inUse();
  const nowMs = context.now().getTime();
  context.tx.put(spreads, { ...row, status: "DELETE_IN_PROGRESS", updatedAtMs: nowMs });
  context.at(nowMs, SPREAD, spreadKey(row), {});
}

export interface AskedPage {
  readonly names?: readonly string[] | undefined;
  readonly limit: number | undefined;
  readonly token: string | undefined;
}

/** Limits and tokens are of no use where names are given. */
export async function spreadsOf({ names = [], limit, token }: AskedPage, family: Family, context: Context) {
  await requireAdministrator(context);
  const { tx } = context;
  if (names.length === 0) {
    const asked = limit || PAGE.usual;
    return page(tx, spreads, { prefix: [family.kind], token, limit: asked, max: PAGE.max, invalidToken: tokenInvalid });
  }
  return { rows: await Promise.all(names.map((name) => requireSpread(name, family, context))) };
}

async function requireSpread(name: string, { kind, missing }: Family, { tx }: Context): Promise<Spread> {
  const row = await tx.get(spreads, kind, name);
  if (row === undefined) throw missing();
  return row;
}

/** An account with what was put there. */
export interface MemberStatus {
  readonly account: string;
  readonly name: string;
  readonly status: OrganizationResourceStatus;
  readonly error: Share["error"];
  readonly updatedAtMs: number;
}

interface AskedMembers extends AskedPage {
  readonly name: string;
  readonly account: string | undefined;
  readonly status: OrganizationResourceStatus | undefined;
}

export async function membersOf(asked: AskedMembers, family: Family, context: Context) {
  await requireAdministrator(context);
  const row = await requireSpread(asked.name, family, context);
  const { rows, next } = await page(context.tx, shares, {
    prefix: [row.kind, row.name],
    token: asked.token,
    limit: asked.limit || PAGE.usual,
    max: PAGE.max,
    invalidToken: tokenInvalid,
  });
  const all = await Promise.all(rows.map((share) => memberStatus(row, share, context)));
  const wanted = all.filter(
    ({ account, status }) => (asked.account ?? account) === account && (asked.status ?? status) === status,
  );
  return { rows: wanted, next };
}

/** A pack is there when its own rules are. */
async function memberStatus(row: Spread, share: Share, { tx }: Context): Promise<MemberStatus> {
  const { member: account, error, updatedAtMs } = share;
  const name = memberName(row);
  const pack = row.kind === "pack" ? await tx.in({ account, region: row.region }).get(packs, name) : undefined;
  if (pack === undefined || error !== undefined) return { account, name, status: share.status, error, updatedAtMs };
  const { reason } = pack;
  const why = reason === undefined ? undefined : { code: "ConformancePackDeploymentFailed", message: reason };
  return { account, name, status: packStatus(pack, share), error: why, updatedAtMs };
}

/** A pack itself does not tell whether it was made or changed. */
function packStatus({ state }: Pack, { status }: Share): OrganizationResourceStatus {
  return state === "CREATE_COMPLETE" ? status : state;
}

/** Parts of what is shown of failures. */
export const errorOf = (error: Share["error"]) =>
  error === undefined ? {} : { ErrorCode: error.code, ErrorMessage: error.message };
