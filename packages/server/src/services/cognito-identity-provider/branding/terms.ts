/** Terms of use and privacy policies that sign-up pages link to. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateTerms.html */
import type { TermsEnforcementType, TermsSourceType, TermsType } from "@aws-sdk/client-cognito-identity-provider";
import { page } from "../../../kernel/page.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { requireClientOf } from "../client/client-row.ts";
import { invalidToken, termsExist, termsNotFound } from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE_ROWS_MAX } from "../limits.ts";
import { onPool, requirePool } from "../pool/pool-row.ts";

interface Terms {
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  /** `terms-of-use` or `privacy-policy`. */
  readonly name: string;
  readonly source: TermsSourceType;
  readonly enforcement: TermsEnforcementType;
  /** By language. */
  readonly links: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly changedMs: number;
}

const terms = table<Terms>("cognito-idp.terms", "global", ({ poolId, id }) => [poolId, id]);
const termsOfClient = table<Pick<Terms, "clientId" | "name" | "id">>("cognito-idp.terms-of-client", "global", (row) => [
  row.clientId,
  row.name,
]);

export const createTerms = operation("CreateTerms", {
  authorize: onPool("CreateTerms"),

  async handle({ UserPoolId, ClientId, TermsName: name, TermsSource, Enforcement, Links }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, tx);
    if (await tx.get(termsOfClient, client.id, name)) throw termsExist();
    const nowMs = context.now().getTime();
    const row: Terms = {
      id: context.newId(),
      poolId: pool.id,
      clientId: client.id,
      name,
      source: TermsSource,
      enforcement: Enforcement,
      links: Links ?? {},
      createdMs: nowMs,
      changedMs: nowMs,
    };
    tx.put(terms, row);
    tx.put(termsOfClient, row);
    return { Terms: format(row) };
  },
});

export const describeTerms = operation("DescribeTerms", {
  authorize: onPool("DescribeTerms"),

  async handle({ UserPoolId, TermsId }, context) {
    return { Terms: format(await requireTerms(UserPoolId, TermsId, context)) };
  },
});

export const describeTermsByClient = operation("DescribeTermsByClient", {
  authorize: onPool("DescribeTermsByClient"),

  async handle({ UserPoolId, ClientId, TermsName }, context) {
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    const named = await context.tx.get(termsOfClient, client.id, TermsName);
    return { Terms: format(await requireTerms(pool.id, named?.id ?? "", context)) };
  },
});

export const updateTerms = operation("UpdateTerms", {
  authorize: onPool("UpdateTerms"),

  async handle({ UserPoolId, TermsId, TermsName, TermsSource, Enforcement, Links }, context) {
    const { tx } = context;
    const before = await requireTerms(UserPoolId, TermsId, context);
    const row: Terms = {
      ...before,
      name: TermsName ?? before.name,
      source: TermsSource ?? before.source,
      enforcement: Enforcement ?? before.enforcement,
      links: Links ?? before.links,
      changedMs: context.now().getTime(),
    };
    const held = await tx.get(termsOfClient, row.clientId, row.name);
    if (held && held.id !== row.id) throw termsExist();
    tx.delete(termsOfClient, before.clientId, before.name);
    tx.put(termsOfClient, row);
    tx.put(terms, row);
    return { Terms: format(row) };
  },
});

export const deleteTerms = operation("DeleteTerms", {
  authorize: onPool("DeleteTerms"),

  async handle({ UserPoolId, TermsId }, context) {
    const { poolId, id, clientId, name } = await requireTerms(UserPoolId, TermsId, context);
    context.tx.delete(terms, poolId, id);
    context.tx.delete(termsOfClient, clientId, name);
    return {};
  },
});

export const listTerms = operation("ListTerms", {
  authorize: onPool("ListTerms"),

  async handle({ UserPoolId, MaxResults: limit, NextToken: token }, context) {
    const { id } = await requirePool(UserPoolId, context);
    const asked = { prefix: [id], token, limit, max: PAGE_ROWS_MAX, invalidToken };
    const { rows, next } = await page(context.tx, terms, asked);
    const Terms = rows.map(format).map(({ TermsId, TermsName, Enforcement, CreationDate, LastModifiedDate }) => ({
      TermsId,
      TermsName,
      Enforcement,
      CreationDate,
      LastModifiedDate,
    }));
    return { Terms, ...(next !== undefined && { NextToken: next }) };
  },
});

/** The terms of a client that is deleted. */
export async function dropTerms(poolId: string, clientId: string, { tx }: Pick<Context, "tx">): Promise<void> {
  for (const { id, name } of await tx.scan(termsOfClient, { prefix: [clientId], limit: PAGE_ROWS_MAX })) {
    tx.delete(terms, poolId, id);
    tx.delete(termsOfClient, clientId, name);
  }
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireTerms(poolId: string, id: string, context: Context): Promise<Terms> {
  const pool = await requirePool(poolId, context);
  const row = await context.tx.get(terms, pool.id, id);
  if (!row) throw termsNotFound();
  return row;
}

const format = (row: Terms): TermsType => ({
  TermsId: row.id,
  UserPoolId: row.poolId,
  ClientId: row.clientId,
  TermsName: row.name,
  TermsSource: row.source,
  Enforcement: row.enforcement,
  Links: { ...row.links },
  CreationDate: new Date(row.createdMs),
  LastModifiedDate: new Date(row.changedMs),
});
