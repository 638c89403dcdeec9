/**
 * Copies of a secret in other regions. They follow what happens to it within the same transaction.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/create-manage-multi-region-secrets.html
 */
import type { ReplicationStatusType } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../../kernel/aws-error.ts";
import { asRegion, type Region } from "../../kernel/arn.ts";
import { REGIONS } from "../../kernel/region.ts";
import type { Context } from "../../service/context.ts";
import { openValue, sealValue } from "./encryption.ts";
import { replicaNameTaken } from "./errors.ts";
import { deleteSecretRow, homeOf, putNewSecret, putSecret, secrets, type Replica, type Secret } from "./secret-row.ts";
import { clearVersions, findVersion, putVersion, type Version } from "./version-row.ts";

export interface WantedReplica {
  readonly Region?: string | undefined;
  readonly KmsKeyId?: string | undefined;
}

/** @throws {AwsError} `invalid()` where one is the secret's own region, named twice, or none at all */
export function requireRegions(wanted: readonly WantedReplica[], own: Region, invalid: () => AwsError): void {
  const names = wanted.map(({ Region = "" }) => Region);
  const isKnown = names.every((name) => name !== own && REGIONS.includes(name));
  if (!isKnown || new Set(names).size < names.length) throw invalid();
}

export const statusOf = ({ region, kmsKeyId, state }: Replica): ReplicationStatusType => ({
  Region: region,
  KmsKeyId: kmsKeyId ?? "alias/aws/secretsmanager",
  Status: state.kind,
  StatusMessage: state.kind === "Failed" ? state.message : "Replication succeeded",
});

interface NewReplicas {
  readonly regions: readonly WantedReplica[];
  /** Takes the place of a secret that has the name there. */
  readonly force?: boolean | undefined;
}

/** The secret with its new copies; put. */
export async function addReplicas(secret: Secret, { regions, force }: NewReplicas, context: Context): Promise<Secret> {
  if (regions.length === 0) return secret;
  const added: Replica[] = [];
  for (const { Region = "", KmsKeyId } of regions) {
    const replica: Replica = {
      region: asRegion(Region),
      ...(KmsKeyId !== undefined && { kmsKeyId: KmsKeyId }),
      state: { kind: "InSync" },
    };
    added.push(await copyTo(replica, secret, { isNew: true, force: force ?? false }, context));
  }
  const named = new Set(added.map(({ region }) => region));
  const kept = (secret.replicas ?? []).filter(({ region }) => !named.has(region));
  const whole = { ...secret, replicas: [...kept, ...added] };
  putSecret(whole, context.tx);
  return whole;
}

/** Brings the copies of a secret that was put up to date. */
export async function replicate(secret: Secret, context: Context): Promise<void> {
  if (secret.replicas === undefined) return;
  const replicas: Replica[] = [];
  for (const replica of secret.replicas) {
    const isThere = (await copyOf(replica.region, secret, context)) !== undefined;
    replicas.push(isThere ? await copyTo(replica, secret, { isNew: false, force: false }, context) : replica);
  }
  putSecret({ ...secret, replicas }, context.tx);
}

const copyOf = async (region: Region, secret: Secret, { tx }: Context): Promise<Secret | undefined> => {
  const there = await homeOf({ account: secret.account, region }, tx).get(secrets, secret.name);
  return there?.primary?.region === secret.region && there.id === secret.id ? there : undefined;
};

interface How {
  readonly isNew: boolean;
  readonly force: boolean;
}

async function copyTo(replica: Replica, secret: Secret, { isNew, force }: How, context: Context): Promise<Replica> {
  const { region } = replica;
  const home = homeOf({ account: secret.account, region }, context.tx);
  const there = await home.get(secrets, secret.name);
  if (isNew && there !== undefined) {
    const message = replicaNameTaken(secret.name, region);
    if (!force) return { ...replica, state: { kind: "Failed", message } };
    await clearVersions(there, context.tx);
    deleteSecretRow(there, context.tx);
  }
  const copy = copied(secret, replica);
  try {
    await copyVersions(secret, copy, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { ...replica, state: { kind: "Failed", message: `Replication failed: ${error.message}` } };
  }
  if (isNew) putNewSecret(copy, context.tx);
  else putSecret({ ...copy, ...(there?.policy && { policy: there.policy }) }, context.tx);
  return { ...replica, state: { kind: "InSync" } };
}

/** What a copy does not have of its own: rotation, copies, and the policy, which AWS copies as well. */
function copied({ replicas: _replicas, kmsKeyId: _key, ...secret }: Secret, { region, kmsKeyId }: Replica): Secret {
  return {
    ...secret,
    region,
    primary: { region: secret.region },
    ...(kmsKeyId !== undefined && { kmsKeyId }),
  };
}

async function copyVersions(secret: Secret, copy: Secret, context: Context): Promise<void> {
  for (const id of Object.keys(secret.stages)) {
    const version = await findVersion(secret, id, context.tx);
    const there = await findVersion(copy, id, context.tx);
    if (version === undefined || (there !== undefined && there.value !== "pending")) continue;
    putVersion(await reencrypted(version, { secret, copy }, context), copy, context.tx);
  }
}

interface Pair {
  readonly secret: Secret;
  readonly copy: Secret;
}

async function reencrypted(version: Version, { secret, copy }: Pair, context: Context): Promise<Version> {
  const { value, id } = version;
  if (value === "pending") return version;
  const bytes = await openValue(value, { secret, version: id }, context);
  const sealed = await sealValue(bytes, { secret: copy, version: id }, context);
  return { ...version, value: { ...sealed, kind: value.kind } };
}
