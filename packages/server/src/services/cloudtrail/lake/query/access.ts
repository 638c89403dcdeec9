/** Whose queries are meant, and who may look at them: those who may use the stores that they are asked of. */
import { parseAccountId, type AccountId } from "../../../../kernel/arn.ts";
import type { Access } from "../../../../service/access.ts";
import type { Context } from "../../../../service/context.ts";
import type { OperationName } from "../../../../service/sdk.ts";
import type { CloudtrailSdk } from "../../kit.ts";
import { ownerFor } from "../../organization.ts";
import { parameterInvalid, queryNotFound, storeInactive } from "../errors.ts";
import { findStore, meantStore, onStore } from "../store/find.ts";
import { storeArn, type Store } from "../store/row.ts";
import { keptQueriesSinceMs, queries, type Query } from "./row.ts";

/** What a call says of a query. */
export interface NamedQuery {
  readonly QueryId?: string | undefined;
  readonly EventDataStoreOwnerAccountId?: string | undefined;
}

/** The account that owns the stores; the caller's own where nothing is said. @throws {AwsError} `InvalidParameterException` */
export function storeOwner(given: string | undefined, context: Context): AccountId {
  if (given === undefined) return context.account;
  const owner = parseAccountId(given);
  if (owner === undefined) throw parameterInvalid("The account ID of the event data store owner is not valid.");
  return owner;
}

/** Of the last seven days. */
async function findQuery(named: NamedQuery, context: Context): Promise<Query | undefined> {
  const { tx, region } = context;
  const { QueryId: id = "" } = named;
  const owner = storeOwner(named.EventDataStoreOwnerAccountId, context);
  // an organization's queries are the management account's
  const query =
    (await tx.get(queries, owner, region, id)) ?? (await tx.get(queries, await ownerFor(context), region, id));
  return query !== undefined && query.createdAtMs >= keptQueriesSinceMs(context) ? query : undefined;
}

/** About the stores that a query is asked of. */
export async function onQuery(
  action: OperationName<CloudtrailSdk>,
  named: NamedQuery,
  context: Context,
): Promise<readonly Access[]> {
  const query = await findQuery(named, context);
  if (query === undefined) return [{ action: `cloudtrail:${action}`, resource: storeArn(context, "*") }];
  return Promise.all(query.stores.map((id) => onStore(action, meantStore(id, context, query.account), context)));
}

/** A query with its stores. */
interface AskedQuery {
  readonly query: Query;
  readonly stores: readonly Store[];
}

/** @throws {AwsError} `QueryIdNotFoundException`, `InactiveEventDataStoreException` */
export async function requireQuery(named: NamedQuery, context: Context): Promise<AskedQuery> {
  const query = await findQuery(named, context);
  if (query === undefined) throw queryNotFound();
  const stores: Store[] = [];
  for (const id of query.stores) {
    const store = await findStore(meantStore(id, context, query.account), context);
    if (store === undefined || store.deletion !== undefined) throw storeInactive();
    stores.push(store);
  }
  return { query, stores };
}
