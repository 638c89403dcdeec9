/** Copies in other regions: added, taken away, made secrets of their own. */
import { onSecret } from "./access.ts";
import { notReplica, replicaRegionInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { addReplicas, requireRegions, statusOf } from "./replication.ts";
import {
  arnOf,
  deleteSecretRow,
  homeOf,
  putSecret,
  requirePrimary,
  requireStaying,
  secrets,
  type Secret,
} from "./secret-row.ts";
import { clearVersions } from "./version-row.ts";
import type { Context } from "../../service/context.ts";

export const replicateSecretToRegions = operation("ReplicateSecretToRegions", {
  authorize: ({ SecretId, AddReplicaRegions, ForceOverwriteReplicaSecret: force }, context) =>
    onSecret("ReplicateSecretToRegions", SecretId, context, {
      keys: {
        "secretsmanager:AddReplicaRegions": AddReplicaRegions.map(({ Region = "" }) => Region),
        "secretsmanager:ForceOverwriteReplicaSecret": String(force ?? false),
      },
    }),

  async handle({ SecretId, AddReplicaRegions, ForceOverwriteReplicaSecret: force }, context) {
    const secret = await requirePrimary(SecretId, context);
    requireRegions(AddReplicaRegions, secret.region, replicaRegionInvalid);
    const whole = await addReplicas(secret, { regions: AddReplicaRegions, force }, context);
    return { ARN: arnOf(secret), ReplicationStatus: (whole.replicas ?? []).map(statusOf) };
  },
});

export const removeRegionsFromReplication = operation("RemoveRegionsFromReplication", {
  authorize: ({ SecretId }, context) => onSecret("RemoveRegionsFromReplication", SecretId, context),

  async handle({ SecretId, RemoveReplicaRegions: regions }, context) {
    const secret = await requirePrimary(SecretId, context);
    for (const { region, state } of secret.replicas ?? []) {
      if (regions.includes(region) && state.kind === "InSync") await removeCopy({ ...secret, region }, context);
    }
    const left = withoutRegions(secret, regions);
    putSecret(left, context.tx);
    return { ARN: arnOf(secret), ReplicationStatus: (left.replicas ?? []).map(statusOf) };
  },
});

async function removeCopy({ account, region, name }: Secret, { tx }: Context): Promise<void> {
  const copy = await homeOf({ account, region }, tx).get(secrets, name);
  if (copy?.primary === undefined) return;
  await clearVersions(copy, tx);
  deleteSecretRow(copy, tx);
}

function withoutRegions({ replicas = [], ...secret }: Secret, regions: readonly string[]): Secret {
  const left = replicas.filter(({ region }) => !regions.includes(region));
  return left.length === 0 ? secret : { ...secret, replicas: left };
}

export const stopReplicationToReplica = operation("StopReplicationToReplica", {
  authorize: ({ SecretId }, context) => onSecret("StopReplicationToReplica", SecretId, context),

  async handle({ SecretId }, context) {
    const { primary, ...copy } = await requireStaying(SecretId, context);
    if (primary === undefined) throw notReplica();
    putSecret(copy, context.tx);
    const original = await homeOf({ account: copy.account, region: primary.region }, context.tx).get(
      secrets,
      copy.name,
    );
    if (original !== undefined) putSecret(withoutRegions(original, [copy.region]), context.tx);
    return { ARN: arnOf(copy) };
  },
});
