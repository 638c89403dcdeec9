/**
 * Grants by who has them and where they begin, so that nobody's are looked for among everybody's; and how many there are.
 */
import type { Permission } from "@aws-sdk/client-s3-control";
import type { AccountId, Region } from "../../../../kernel/arn.ts";
import { table, type Key } from "../../../../kernel/table.ts";
import type { Context } from "../../../../service/context.ts";
import { SCOPE_HEAD_BYTES } from "../limits.ts";
import {
  accessGrants,
  grantsInstances,
  locations,
  requireInstance,
  requireLocation,
  type AccessGrant,
  type GrantsInstance,
  type Held,
  type Place,
} from "./row.ts";

/** Names longer than those of users and roles can be are nobody's. */
export const GRANTEE = /^arn:[a-z-]{1,16}:iam::\d{12}:(?:user|role)\/[!-~]{1,576}$/;

/** What somebody was granted. */
interface Granted {
  readonly account: AccountId;
  readonly region: Region;
  readonly grantee: string;
  readonly id: string;
  readonly scope: string;
  readonly permission: Permission;
}

/** The grants of a grantee in the order of what they are about: those that may cover a target are found on the way to it. */
export const grantedScopes = table<Granted>("s3.granted-scope", "global", (granted) => [
  ...keyOfGrantee(granted, granted.grantee),
  headOf(granted.scope),
  granted.id,
]);

/** What the keys of all that one has from an account begin with. */
export const keyOfGrantee = ({ account, region }: Place, grantee: string): Key => [account, region, grantee];

/** What everything in a scope begins with; of one that is longer than any object's name its beginning. */
export function headOf(scope: string): string {
  const start = scope.replace(/\*$/, "");
  if (Buffer.byteLength(start) <= SCOPE_HEAD_BYTES) return start;
  let [bytes, end] = [0, 0];
  for (const character of start) {
    bytes += Buffer.byteLength(character);
    if (bytes > SCOPE_HEAD_BYTES) break;
    end += character.length;
  }
  return start.slice(0, end);
}

const grantedOf = ({ account, region, grantee, id, scope, permission }: AccessGrant): Granted => ({
  account,
  region,
  grantee,
  id,
  scope,
  permission,
});

type Asker = Pick<Context, "tx"> & Place;

interface OrderedInstance extends GrantsInstance {
  readonly held: Held;
}

const isOrdered = (instance: GrantsInstance): instance is OrderedInstance => instance.held !== undefined;

/**
 * The instance, whose grants can be found by who has them: those of an earlier version are put in order here, once.
 * @throws {AwsError} `AccessGrantsInstanceNotExistsError`
 */
export async function requireOrdered(place: Asker): Promise<OrderedInstance> {
  const instance = await requireInstance(place);
  if (isOrdered(instance)) return instance;
  const { account, region, tx } = place;
  const range = { prefix: [account, region], limit: Number.MAX_SAFE_INTEGER };
  const grants = await tx.scan(accessGrants, range);
  for (const grant of grants) if (GRANTEE.test(grant.grantee)) tx.put(grantedScopes, grantedOf(grant));
  const registered = await tx.scan(locations, range);
  const byLocation = Map.groupBy(grants, ({ location }) => location);
  for (const location of registered) {
    tx.put(locations, { ...location, grants: byLocation.get(location.id)?.length ?? 0 });
  }
  const ordered = { ...instance, held: { grants: grants.length, locations: registered.length } };
  tx.put(grantsInstances, ordered);
  return ordered;
}

export async function addGrant(grant: AccessGrant, place: Asker): Promise<void> {
  place.tx.put(accessGrants, grant);
  place.tx.put(grantedScopes, grantedOf(grant));
  await count(grant, 1, place);
}

export async function dropGrant(grant: AccessGrant, place: Asker): Promise<void> {
  const { account, region, id } = grant;
  // before it is gone: an earlier version's grants are counted with it
  await requireOrdered(place);
  place.tx.delete(accessGrants, account, region, id);
  place.tx.delete(grantedScopes, ...grantedScopes.keyOf(grantedOf(grant)));
  await count(grant, -1, place);
}

async function count({ location: id }: AccessGrant, change: 1 | -1, place: Asker): Promise<void> {
  const { held, ...instance } = await requireOrdered(place);
  const location = await requireLocation(id, place);
  place.tx.put(grantsInstances, { ...instance, held: { ...held, grants: held.grants + change } });
  place.tx.put(locations, { ...location, grants: (location.grants ?? 0) + change });
}
