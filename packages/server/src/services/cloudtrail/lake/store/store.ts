/**
 * Event data stores: made, changed and looked at.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateEventDataStore.html
 */
import type { EventDataStore, EventDataStoreStatus } from "@aws-sdk/client-cloudtrail";
import type { AccountId } from "../../../../kernel/arn.ts";
import { pageOf } from "../../../../kernel/page.ts";
import type { Context } from "../../../../service/context.ts";
import type { InputOf } from "../../../../service/sdk.ts";
import { tellAudience } from "../../audience.ts";
import { operation, type CloudtrailSdk } from "../../kit.ts";
import { organizationFor, ownerFor } from "../../organization.ts";
import { withTags } from "../../tag.ts";
import { onAll, placeOf } from "../../trail-name.ts";
import { keyFixed, parameterInvalid, storeExists, tokenInvalid, tooManyStores } from "../errors.ts";
import { keyArnIn } from "../../../../service/kms-key.ts";
import { STORES_PER_PAGE_MAX, STORES_PER_REGION_MAX } from "../limits.ts";
import { requireNoImport } from "../import/row.ts";
import { expireAgain } from "../event/expiry.ts";
import { onNamedStore, requireActiveStore, requireSpokesman, requireStore } from "./find.ts";
import { requireStoreKey } from "./key.ts";
import { arnOfStore, leaveOrganization, ownStores, putStore, statusOf, storeArn, type Store } from "./row.ts";
import { requireBilling, requireRetention, requireSelectors, shownSelectors } from "./setting.ts";

/** A store has no ARN before it is made. */
const ANY = "*";

export const createEventDataStore = operation("CreateEventDataStore", {
  authorize: ({ TagsList = [] }, context) => ({
    action: "cloudtrail:CreateEventDataStore",
    resource: storeArn(context, ANY),
    requestTags: withTags({}, TagsList),
  }),

  async handle(input, context) {
    const { Name: name, BillingMode: billing = "EXTENDABLE_RETENTION_PRICING", TagsList = [] } = input;
    const account = input.OrganizationEnabled === true ? await ownerFor(context) : context.account;
    const nowMs = context.now().getTime();
    await requireRoom(name, account, context);
    const bare: Store = {
      ...placeOf(context),
      account,
      id: context.newId(),
      name,
      hasGlobalEvents: true,
      isMultiRegion: input.MultiRegionEnabled ?? true,
      organization: await organizationFor({}, input.OrganizationEnabled, context),
      selectors: requireSelectors(input.AdvancedEventSelectors),
      isProtected: input.TerminationProtectionEnabled ?? true,
      billing,
      retentionDays: requireRetention(input.RetentionPeriod, billing),
      tags: withTags({}, TagsList),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      logging: { isOn: input.StartIngestion ?? true, startedAtMs: nowMs },
    };
    const store = await withKey(input.KmsKeyId, bare, context);
    putStore(store, context.tx);
    await tellAudience(store, context);
    return { ...formatStore(store, "CREATED"), ...(TagsList.length > 0 && { TagsList: TagsList.map(copied) }) };
  },
});

const copied = ({ Key, Value }: { readonly Key: string; readonly Value?: string | undefined }) => ({
  Key,
  ...(Value !== undefined && { Value }),
});

/** @throws {AwsError} `EventDataStoreAlreadyExistsException`, `EventDataStoreMaxLimitExceededException` */
async function requireRoom(name: string, account: AccountId, { tx, region }: Context): Promise<void> {
  const own = await ownStores(account, tx);
  if (own.some((store) => store.name === name)) throw storeExists();
  if (own.filter((store) => store.region === region).length >= STORES_PER_REGION_MAX) throw tooManyStores();
}

/** A key that a store has stays. @throws {AwsError} what is wrong with the key */
async function withKey(given: string | undefined, store: Store, context: Context): Promise<Store> {
  if (given === undefined) return store;
  if (store.key === undefined) return { ...store, key: await requireStoreKey(given, store, context) };
  if (keyArnIn(given, store) !== store.key.arn) throw keyFixed();
  return store;
}

type Changes = Omit<InputOf<CloudtrailSdk, "UpdateEventDataStore">, "EventDataStore">;

export const updateEventDataStore = operation("UpdateEventDataStore", {
  authorize: ({ EventDataStore }, context) => onNamedStore("UpdateEventDataStore", EventDataStore, context),

  async handle({ EventDataStore, ...changes }, context) {
    const before = await requireActiveStore(EventDataStore, context);
    await requireSpokesman(before, context);
    await requireNoImport(before, context.tx);
    if (Object.values(changes).every((value) => value === undefined)) {
      throw parameterInvalid("At least one optional parameter must be specified.");
    }
    if (changes.Name !== undefined && changes.Name !== before.name) await requireFree(changes.Name, before, context);
    const organization = await organizationFor(before, changes.OrganizationEnabled, context);
    const changed = { ...changedStore(before, changes, context), organization };
    const store = await withKey(changes.KmsKeyId, changed, context);
    if (before.organization !== organization) leaveOrganization(before, context.tx);
    putStore(store, context.tx);
    if (store.retentionDays < before.retentionDays) await expireAgain(store, context);
    await tellAudience(store, context);
    return formatStore(store);
  },
});

async function requireFree(name: string, { account }: Store, { tx }: Context): Promise<void> {
  if ((await ownStores(account, tx)).some((store) => store.name === name)) throw storeExists();
}

function changedStore(before: Store, changes: Changes, context: Context): Store {
  const updatedAtMs = context.now().getTime();
  const { BillingMode: billing = before.billing, AdvancedEventSelectors: selectors } = changes;
  requireBilling(billing, before.billing);
  const days = changes.RetentionPeriod ?? before.retentionDays;
  const changed = {
    ...before,
    name: changes.Name ?? before.name,
    isMultiRegion: changes.MultiRegionEnabled ?? before.isMultiRegion,
    isProtected: changes.TerminationProtectionEnabled ?? before.isProtected,
    billing,
    retentionDays: requireRetention(days, billing),
    updatedAtMs,
  };
  if (selectors === undefined) return changed;
  const formerSelectors = { selectors: before.selectors, untilMs: updatedAtMs };
  return { ...changed, selectors: requireSelectors(selectors), formerSelectors };
}

export const getEventDataStore = operation("GetEventDataStore", {
  authorize: ({ EventDataStore }, context) => onNamedStore("GetEventDataStore", EventDataStore, context),

  async handle({ EventDataStore }, context) {
    return { ...formatStore(await requireStore(EventDataStore, context)), FederationStatus: "DISABLED" as const };
  },
});

/** Of this region. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListEventDataStores.html */
export const listEventDataStores = operation("ListEventDataStores", {
  authorize: () => onAll("ListEventDataStores"),

  async handle({ NextToken: token, MaxResults: limit }, context) {
    const { rows, next } = pageOf(await listedStores(context), {
      token,
      limit: limit ?? STORES_PER_PAGE_MAX,
      orderOf: ({ account, id }) => [account, id],
      invalidToken: tokenInvalid,
    });
    return { EventDataStores: rows.map(formatListed), ...(next !== undefined && { NextToken: next }) };
  },
});

/** A delegated administrator sees those of the organization as well. */
async function listedStores(context: Context): Promise<readonly Store[]> {
  const { tx, account, region } = context;
  const owner = await ownerFor(context);
  const lent =
    owner === account ? [] : (await ownStores(owner, tx)).filter((store) => store.organization !== undefined);
  return [...(await ownStores(account, tx)), ...lent].filter((store) => store.region === region);
}

const formatListed = ({ id, name, ...store }: Store): EventDataStore => ({
  EventDataStoreArn: storeArn(store, id),
  Name: name,
});

/** What making, changing and looking at a store answer. */
export const formatStore = (store: Store, Status: EventDataStoreStatus = statusOf(store)) => ({
  EventDataStoreArn: arnOfStore(store),
  Name: store.name,
  Status,
  AdvancedEventSelectors: shownSelectors(store.selectors),
  MultiRegionEnabled: store.isMultiRegion,
  OrganizationEnabled: store.organization !== undefined,
  RetentionPeriod: store.retentionDays,
  TerminationProtectionEnabled: store.isProtected,
  CreatedTimestamp: new Date(store.createdAtMs),
  UpdatedTimestamp: new Date(store.updatedAtMs),
  BillingMode: store.billing,
  ...(store.key !== undefined && { KmsKeyId: store.key.arn }),
});
