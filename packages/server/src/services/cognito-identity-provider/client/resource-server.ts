/** Resource servers. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html */
import type { ResourceServerScopeType, ResourceServerType } from "@aws-sdk/client-cognito-identity-provider";
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { invalidParameter, invalidToken, resourceServerNotFound, tooMany } from "../errors.ts";
import { operation, plain } from "../kit.ts";
import { RESOURCE_SERVERS_PER_POOL_MAX } from "../limits.ts";
import { onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import { resourceServers, type ResourceServer } from "./resource-server-row.ts";

/** Source: the model */
const PAGE_ROWS_MAX = 50;

export const createResourceServer = operation("CreateResourceServer", {
  authorize: onPool("CreateResourceServer"),

  async handle({ UserPoolId, Identifier: identifier, Name: name, Scopes }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    if (await tx.get(resourceServers, pool.id, identifier)) {
      throw invalidParameter(`${identifier} already exists in user pool ${pool.id}.`);
    }
    const present = await tx.scan(resourceServers, { prefix: [pool.id], limit: RESOURCE_SERVERS_PER_POOL_MAX });
    if (present.length >= RESOURCE_SERVERS_PER_POOL_MAX) throw tooMany("Exceeded the number of resource servers.");
    const server = { poolId: pool.id, identifier, name, scopes: Scopes && plain<ResourceServerScopeType[]>(Scopes) };
    tx.put(resourceServers, server);
    return { ResourceServer: format(server) };
  },
});

export const describeResourceServer = operation("DescribeResourceServer", {
  authorize: onPool("DescribeResourceServer"),

  async handle({ UserPoolId, Identifier }, context) {
    const pool = await requirePool(UserPoolId, context);
    return { ResourceServer: format(await requireServer(pool, Identifier, context)) };
  },
});

export const updateResourceServer = operation("UpdateResourceServer", {
  authorize: onPool("UpdateResourceServer"),

  async handle({ UserPoolId, Identifier, Name: name, Scopes }, context) {
    const pool = await requirePool(UserPoolId, context);
    const before = await requireServer(pool, Identifier, context);
    const server = { ...before, name, scopes: Scopes && plain<ResourceServerScopeType[]>(Scopes) };
    context.tx.put(resourceServers, server);
    return { ResourceServer: format(server) };
  },
});

export const deleteResourceServer = operation("DeleteResourceServer", {
  authorize: onPool("DeleteResourceServer"),

  async handle({ UserPoolId, Identifier }, context) {
    const pool = await requirePool(UserPoolId, context);
    const { identifier } = await requireServer(pool, Identifier, context);
    context.tx.delete(resourceServers, pool.id, identifier);
    return {};
  },
});

export const listResourceServers = operation("ListResourceServers", {
  authorize: onPool("ListResourceServers"),

  async handle({ UserPoolId, MaxResults: limit, NextToken: token }, context) {
    const { id } = await requirePool(UserPoolId, context);
    const asked = { prefix: [id], token, limit, max: PAGE_ROWS_MAX, invalidToken };
    const { rows, next } = await page(context.tx, resourceServers, asked);
    return { ResourceServers: rows.map(format), ...(next !== undefined && { NextToken: next }) };
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireServer(pool: Pool, identifier: string, { tx }: Context): Promise<ResourceServer> {
  const server = await tx.get(resourceServers, pool.id, identifier);
  if (!server) throw resourceServerNotFound(identifier);
  return server;
}

const format = ({ poolId, identifier, name, scopes }: ResourceServer): ResourceServerType => ({
  UserPoolId: poolId,
  Identifier: identifier,
  Name: name,
  ...(scopes && { Scopes: scopes.slice() }),
});
