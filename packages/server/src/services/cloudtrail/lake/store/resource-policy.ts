/**
 * Policies of stores, which let others use them.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html#security_iam_resource-based-policy-examples-eds
 */
import type { PinnedPolicy } from "../../../../identity/directory.ts";
import { validatePolicy } from "../../../../identity/policy/validate.ts";
import { AwsError } from "../../../../kernel/aws-error.ts";
import type { Context } from "../../../../service/context.ts";
import { operation } from "../../kit.ts";
import { notBuilt, policyInvalid, policyNotFound, resourceArnInvalid, resourceNotFound } from "../errors.ts";
import { findStore, meantStore, onStore, type MeantStore } from "./find.ts";
import { arnOfStore, putStore, type Store } from "./row.ts";

export const putResourcePolicy = operation("PutResourcePolicy", {
  authorize: ({ ResourceArn }, context) => onStore("PutResourcePolicy", meantResource(ResourceArn, context), context),

  async handle({ ResourceArn, ResourcePolicy: text }, context) {
    const store = await requireResource(ResourceArn, context);
    const policy = await requirePolicy(text, store, context);
    putStore({ ...store, policy }, context.tx);
    return { ResourceArn: arnOfStore(store), ResourcePolicy: text };
  },
});

export const getResourcePolicy = operation("GetResourcePolicy", {
  authorize: ({ ResourceArn }, context) => onStore("GetResourcePolicy", meantResource(ResourceArn, context), context),

  async handle({ ResourceArn }, context) {
    const store = await requireResource(ResourceArn, context);
    if (store.policy === undefined) throw policyNotFound();
    const { directory, tx } = context;
    const ResourcePolicy = await directory.showPrincipals(store.policy, { ...store, tx });
    return { ResourceArn: arnOfStore(store), ResourcePolicy };
  },
});

export const deleteResourcePolicy = operation("DeleteResourcePolicy", {
  authorize: ({ ResourceArn }, context) =>
    onStore("DeleteResourcePolicy", meantResource(ResourceArn, context), context),

  async handle({ ResourceArn }, context) {
    const { policy, ...store } = await requireResource(ResourceArn, context);
    if (policy === undefined) throw policyNotFound();
    putStore(store, context.tx);
    return {};
  },
});

/** @throws {AwsError} `ResourceARNNotValidException`, or 501 for what is not built */
function meantResource(arn: string, context: Context): MeantStore {
  if (/:(?:channel|dashboard)\//.test(arn)) throw notBuilt("Channels and dashboards");
  try {
    return meantStore(arn, context);
  } catch (error) {
    throw error instanceof AwsError ? resourceArnInvalid() : error;
  }
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireResource(arn: string, context: Context): Promise<Store> {
  const store = await findStore(meantResource(arn, context), context);
  if (store === undefined) throw resourceNotFound();
  return store;
}

/** As it is kept, with the users and roles it names held by their ids. @throws {AwsError} `ResourcePolicyNotValidException` */
async function requirePolicy(text: string, store: Store, { directory, tx }: Context): Promise<PinnedPolicy> {
  const rules = {
    actions: await trailActions(),
    // a statement about another store is stored, and has no effect
    isResource: () => true,
    applies: () => true,
  };
  if (validatePolicy(text, "resource", rules)) throw policyInvalid();
  const pinned = await directory.pinPrincipals(text, { ...store, tx });
  if (pinned.kind === "unknown") throw policyInvalid();
  return pinned;
}

async function trailActions(): Promise<readonly string[]> {
  const { default: table } = await import("../../../../../models/iam/cloudtrail.json", { with: { type: "json" } });
  return table.actions.map(([name]) => `cloudtrail:${String(name)}`);
}
