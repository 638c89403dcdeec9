/** User pools. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html */
import type { UserPoolType } from "@aws-sdk/client-cognito-identity-provider";
import { page } from "../../../kernel/page.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { domainsOfPool } from "../branding/domain-row.ts";
import { customizations } from "../branding/ui-customization.ts";
import { clearClients } from "../client/client.ts";
import { resourceServers } from "../client/resource-server-row.ts";
import { devices } from "../device/device-row.ts";
import { deletionProtected, invalidToken, poolHasDomain, tooMany } from "../errors.ts";
import { passkeys, registrations } from "../factor/passkey-row.ts";
import { identities, identitiesOfUser } from "../federation/federated-identity-row.ts";
import { providers } from "../federation/identity-provider-row.ts";
import { samlCertificates } from "../federation/saml-certificate.ts";
import { ask, operation, plain } from "../kit.ts";
import { PAGE_ROWS_MAX, POOLS_PER_REGION_MAX } from "../limits.ts";
import { letKeyBeUsed } from "../message/custom-sender.ts";
import { requireSmsRole } from "../message/sms-role.ts";
import { logDeliveries } from "../protection/activity-log.ts";
import { authEvents } from "../protection/auth-event-row.ts";
import { risks } from "../protection/risk-row.ts";
import { silentReuses, trackings } from "../token/session-tracking.ts";
import { signingKeys } from "../token/signing-key.ts";
import { trackedSessions } from "../token/tracked-session-row.ts";
import { clearImports, requireNoImport } from "../user-import/row.ts";
import { columnsOf } from "../user-import/user.ts";
import { clearCodesOf } from "../user/code.ts";
import { groups, members, memberships } from "../user/group-row.ts";
import { usersIn } from "../user/user-count.ts";
import { clearUsers } from "../user/user-row.ts";
import {
  arnOf,
  askOfPool,
  findPool,
  newPoolId,
  onPool,
  pools,
  poolsOfRegion,
  requirePool,
  type Pool,
  type PoolSettings,
} from "./pool-row.ts";
import { settled } from "./pool-settings.ts";
import { withPoolTags } from "./pool-tag.ts";
import { schemaOf, withCustom } from "./schema.ts";

export const createUserPool = operation("CreateUserPool", {
  authorize: ({ UserPoolTags }) => ask("CreateUserPool", UserPoolTags),

  async handle({ PoolName: name, Schema, UserPoolTags, ...asked }, context) {
    const { tx, account, region, partition } = context;
    const present = await tx.scan(poolsOfRegion, { limit: POOLS_PER_REGION_MAX });
    if (present.length >= POOLS_PER_REGION_MAX) throw tooMany("Exceeded the number of user pools per account.");
    const nowMs = context.now().getTime();
    const pool: Pool = {
      id: newPoolId(region),
      account,
      region,
      partition,
      name,
      createdMs: nowMs,
      changedMs: nowMs,
      settings: settled(plain<PoolSettings>(asked)),
      factors: asked.SmsConfiguration !== undefined && (asked.MfaConfiguration ?? "OFF") !== "OFF" ? { sms: true } : {},
      schema: schemaOf(Schema ?? []),
      tags: withPoolTags({}, UserPoolTags ?? {}),
    };
    if (pool.settings.SmsConfiguration) await requireSmsRole(pool.settings.SmsConfiguration, pool, context);
    await letKeyBeUsed(pool, context);
    tx.put(pools, pool);
    tx.put(poolsOfRegion, { id: pool.id });
    return { UserPool: await formatPool(pool, tx) };
  },
});

export const describeUserPool = operation("DescribeUserPool", {
  authorize: onPool("DescribeUserPool"),

  async handle({ UserPoolId }, context) {
    return { UserPool: await formatPool(await requirePool(UserPoolId, context), context.tx) };
  },
});

/** What is set once. */
const FIXED = ["AliasAttributes", "UsernameAttributes", "UsernameConfiguration"] as const;

/** What is not said goes back to what AWS says, but for what is set once, the tier, the name and the tags. */
export const updateUserPool = operation("UpdateUserPool", {
  authorize: ({ UserPoolId, UserPoolTags: requestTags }, context) =>
    askOfPool("UpdateUserPool", UserPoolId, context, { requestTags }),

  async handle({ UserPoolId, PoolName, UserPoolTags, ...asked }, context) {
    const pool = await requirePool(UserPoolId, context);
    await requireNoImport(pool, context.tx);
    const fixed = Object.fromEntries(FIXED.map((name) => [name, pool.settings[name]]));
    const tier = asked.UserPoolTier ?? pool.settings.UserPoolTier;
    const settings = settled({
      ...plain<PoolSettings>(asked),
      ...fixed,
      ...(tier !== undefined && { UserPoolTier: tier }),
    });
    if (settings.SmsConfiguration) await requireSmsRole(settings.SmsConfiguration, pool, context);
    await letKeyBeUsed({ ...pool, settings }, context);
    context.tx.put(pools, {
      ...pool,
      name: PoolName ?? pool.name,
      changedMs: context.now().getTime(),
      settings,
      tags: withPoolTags(pool.tags, UserPoolTags ?? {}),
    });
    return {};
  },
});

export const deleteUserPool = operation("DeleteUserPool", {
  authorize: onPool("DeleteUserPool"),

  async handle({ UserPoolId }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    if (pool.settings.DeletionProtection === "ACTIVE") throw deletionProtected();
    const [domain] = await tx.scan(domainsOfPool, { prefix: [pool.id], limit: 1 });
    if (domain) throw poolHasDomain();
    await requireNoImport(pool, tx);
    await clearPool(pool, context);
    return {};
  },
});

async function clearPool({ id }: Pool, context: Context): Promise<void> {
  const { tx } = context;
  const all = { prefix: [id], limit: Infinity };
  await clearClients(id, tx);
  await clearUsers(id, tx);
  await clearCodesOf(id, tx);
  await clearImports(id, context);
  await tx.clear(devices, all);
  await tx.clear(passkeys, all);
  await tx.clear(registrations, all);
  await tx.clear(customizations, all);
  await tx.clear(providers, all);
  await tx.clear(identities, all);
  await tx.clear(identitiesOfUser, all);
  await tx.clear(resourceServers, all);
  await tx.clear(groups, all);
  await tx.clear(members, all);
  await tx.clear(memberships, all);
  await tx.clear(signingKeys, all);
  await tx.clear(risks, all);
  await tx.clear(authEvents, all);
  await tx.clear(trackedSessions, all);
  await tx.clear(silentReuses, all);
  tx.delete(trackings, id);
  tx.delete(logDeliveries, id);
  tx.delete(samlCertificates, id);
  tx.delete(poolsOfRegion, id);
  tx.delete(pools, id);
}

export const listUserPools = operation("ListUserPools", {
  authorize: () => ask("ListUserPools"),

  async handle({ NextToken: token, MaxResults: limit }, { tx }) {
    const { rows, next } = await page(tx, poolsOfRegion, { token, limit, max: PAGE_ROWS_MAX, invalidToken });
    const found = await Promise.all(rows.map(({ id }) => findPool(id, tx)));
    const UserPools = found
      .filter((pool) => pool !== undefined)
      .map(({ id, name, settings, createdMs, changedMs }) => ({
        Id: id,
        Name: name,
        LambdaConfig: settings.LambdaConfig,
        CreationDate: new Date(createdMs),
        LastModifiedDate: new Date(changedMs),
      }));
    return { UserPools, ...(next !== undefined && { NextToken: next }) };
  },
});

export const addCustomAttributes = operation("AddCustomAttributes", {
  authorize: onPool("AddCustomAttributes"),

  async handle({ UserPoolId, CustomAttributes }, context) {
    const pool = await requirePool(UserPoolId, context);
    await requireNoImport(pool, context.tx);
    const schema = withCustom(pool.schema, CustomAttributes);
    context.tx.put(pools, { ...pool, schema, changedMs: context.now().getTime() });
    return {};
  },
});

export const getCsvHeader = operation("GetCSVHeader", {
  authorize: onPool("GetCSVHeader"),

  async handle({ UserPoolId }, context) {
    const pool = await requirePool(UserPoolId, context);
    return { UserPoolId: pool.id, CSVHeader: [...columnsOf(pool)] };
  },
});

async function formatPool(pool: Pool, tx: Transaction): Promise<UserPoolType> {
  const { id, name, settings, schema, tags, createdMs, changedMs } = pool;
  const named = await tx.scan(domainsOfPool, { prefix: [id], limit: 2 });
  const own = named.find((domain) => domain.name.includes("."));
  const prefix = named.find((domain) => !domain.name.includes("."));
  return {
    ...settings,
    Id: id,
    Arn: arnOf(pool),
    Name: name,
    CreationDate: new Date(createdMs),
    LastModifiedDate: new Date(changedMs),
    SchemaAttributes: schema.slice(),
    EstimatedNumberOfUsers: await usersIn(id, tx),
    UserPoolTags: { ...tags },
    ...(prefix && { Domain: prefix.name }),
    ...(own && { CustomDomain: own.name }),
  };
}
