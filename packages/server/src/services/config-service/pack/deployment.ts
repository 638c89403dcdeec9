/** Conformance packs at work: their rules come and go by the service-linked role that may put them. */
import type { RoleSession } from "../../../identity/principal.ts";
import { AwsError, refusalOf } from "../../../kernel/aws-error.ts";
import type { Errand, ErrandContext } from "../../../service/errand.ts";
import type { ConfigSdk } from "../kit.ts";
import { bucketNotFound } from "../errors.ts";
import { packContents, packs, type Pack } from "./row.ts";
import { CONFORMS, linkedSession } from "../service-linked.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

/** The errands. */
export const DEPLOY_PACK = "deploy-pack";
export const REMOVE_PACK = "remove-pack";

export const deployPack: Errand = async (context, name) => {
  const pack = await context.tx.get(packs, name);
  if (pack?.state !== "CREATE_IN_PROGRESS") return;
  const rules = new Set(pack.rules);
  const refusal = await refusalOf(async () => {
    const as = await linkedSession(CONFORMS, pack.account, context);
    await tryOut(pack, as, context);
    await deploy({ pack, as, rules }, context);
  });
  await settle(pack, { rules: [...rules], reason: refusal?.message }, context);
};

interface Deploying {
  readonly pack: Pack;
  readonly as: RoleSession;
  /** The full names of those that are there. */
  readonly rules: Set<string>;
}

/** What a first attempt leaves half done is taken back. */
async function deploy({ pack, as, rules }: Deploying, context: ErrandContext): Promise<void> {
  const content = await context.tx.get(packContents, pack.name);
  const wanted = (content?.rules ?? []).map(({ name, given }) => ({ given, name: `${name}-${pack.id}` }));
  try {
    for (const { name, given } of wanted) {
      const input = { ConfigRule: { ...given, ConfigRuleName: name } };
      await context.callNamed({ service: "config-service", operation: "PutConfigRule", input, as });
      rules.add(name);
    }
  } catch (error) {
    if (pack.rules.length === 0) await drop({ pack, as, rules }, [...rules], context);
    throw error;
  }
  const names = new Set(wanted.map(({ name }) => name));
  await drop(
    { pack, as, rules },
    [...rules].filter((name) => !names.has(name)),
    context,
  );
}

async function drop({ as, rules }: Deploying, names: readonly string[], context: ErrandContext): Promise<void> {
  for (const ConfigRuleName of names) {
    await ifThere(() =>
      context.call<ConfigSdk, "DeleteConfigRule">({
        service: "config-service",
        operation: "DeleteConfigRule",
        input: { ConfigRuleName },
        as,
      }),
    );
    rules.delete(ConfigRuleName);
  }
}

async function ifThere(work: () => Promise<unknown>): Promise<void> {
  const refusal = await refusalOf(work);
  if (refusal !== undefined && refusal.code !== "NoSuchConfigRuleException") throw refusal;
}

interface Outcome {
  readonly rules: readonly string[];
  readonly reason: string | undefined;
}

async function settle({ name, id }: Pack, { rules, reason }: Outcome, context: ErrandContext): Promise<void> {
  await context.transact(async ({ tx }) => {
    const now = await tx.get(packs, name);
    if (now?.id !== id) return;
    const { reason: _, ...rest } = now;
    const completedAtMs = context.now().getTime();
    const state = reason === undefined ? "CREATE_COMPLETE" : "CREATE_FAILED";
    tx.put(packs, { ...rest, state, rules, completedAtMs, ...(reason !== undefined && { reason }) });
  });
}

/** Where the role may not write nothing is delivered, and the pack is there all the same. */
async function tryOut({ bucket, prefix, account }: Pack, as: RoleSession, context: ErrandContext) {
  if (bucket === undefined) return;
  const folder = `${prefix === undefined ? "" : `${prefix}/`}AWSLogs/${account}/Config`;
  try {
    await context.call<S3Sdk, "PutObject">({
      service: "s3",
      operation: "PutObject",
      input: { Bucket: bucket, Key: `${folder}/ConfigWritabilityCheckFile`, ACL: "bucket-owner-full-control" },
      body: new Uint8Array(),
      as,
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "NoSuchBucket") throw bucketNotFound(bucket);
  }
}

export const removePack: Errand = async (context, name) => {
  const pack = await context.tx.get(packs, name);
  if (pack?.state !== "DELETE_IN_PROGRESS") return;
  const rules = new Set(pack.rules);
  const refusal = await refusalOf(async () => {
    const as = await linkedSession(CONFORMS, pack.account, context);
    await drop({ pack, as, rules }, pack.rules, context);
  });
  await context.transact(async ({ tx }) => {
    if (refusal !== undefined) {
      const { message: reason } = refusal;
      return tx.put(packs, { ...pack, rules: [...rules], state: "DELETE_FAILED", reason });
    }
    tx.delete(packs, name);
    return tx.delete(packContents, name);
  });
};
