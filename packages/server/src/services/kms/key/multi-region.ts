/** Replicas of keys in other regions. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html */
import type { KeyMetadata } from "@aws-sdk/client-kms";
import { asRegion, type Region } from "../../../kernel/arn.ts";
import { REGIONS } from "../../../kernel/region.ts";
import { onKey, onNewKey } from "../access.ts";
import { keyNotFound, notPrimary, replicaExists, replicaRegionSame, replicaRegionUnknown } from "../errors.ts";
import { putKnown } from "../material/imported.ts";
import { recordPromoted, recordReplica, tellSynchronized } from "./event.ts";
import { putNewKey } from "./count.ts";
import { materials, materialsOf } from "../material/material.ts";
import { formatKey } from "./metadata.ts";
import { requirePolicy } from "../policy/rules.ts";
import { homeOf, keyArn, keys, type Key, type MultiRegion } from "./row.ts";
import { requireEnabled } from "./state.ts";
import { operation } from "../kit.ts";
import { requireKey } from "./named.ts";
import { putShared, regionsOf } from "./related.ts";
import { setRotation } from "../material/rotation.ts";
import { formatTags, requireTags, tagsOf } from "../tag-list.ts";

export const replicateKey = operation("ReplicateKey", {
  async authorize({ KeyId, ReplicaRegion: replicaRegion, Tags, BypassPolicyLockoutSafetyCheck: bypass }, context) {
    const primary = await requireKey(KeyId, context);
    const onPrimary = await onKey("ReplicateKey", primary, context, { keys: { "kms:ReplicaRegion": replicaRegion } });
    const toCreate = onNewKey(asRegion(replicaRegion), context, {
      requestTags: Tags && tagsOf(Tags),
      keys: {
        "kms:BypassPolicyLockoutSafetyCheck": String(bypass ?? false),
        "kms:KeySpec": primary.spec,
        "kms:KeyUsage": primary.usage,
        "kms:KeyOrigin": primary.origin,
        "kms:MultiRegion": "true",
        "kms:MultiRegionKeyType": "REPLICA",
      },
    });
    return [onPrimary, ...toCreate];
  },

  async handle(input, context) {
    const { tx } = context;
    const primary = await requireKey(input.KeyId, context);
    const multiRegion = requirePrimary(primary);
    requireEnabled(primary);
    const region = requireRegion(input.ReplicaRegion);
    if (regionsOf(primary).includes(region)) throw replicaExists(keyArn({ ...primary, region }));
    const shared: MultiRegion = { ...multiRegion, replicas: [...multiRegion.replicas, region] };
    const isImported = primary.origin === "EXTERNAL";
    const { expiration: _own, ...like } = primary;
    const replica: Key = {
      ...like,
      region,
      createdAtMs: context.now().getTime(),
      description: input.Description ?? "",
      state: { kind: isImported ? "PendingImport" : "Enabled" },
      tags: requireTags({}, input.Tags ?? []),
    };
    const { BypassPolicyLockoutSafetyCheck: bypass } = input;
    const policy = await requirePolicy(input.Policy, { key: replica, bypass }, context);
    for (const material of await materialsOf(primary, tx)) {
      if (isImported) await putKnown(replica, material, tx);
      else homeOf(replica, tx).put(materials, material);
    }
    await putNewKey({ ...replica, policy }, tx);
    await putShared({ ...primary, multiRegion: shared }, { multiRegion: shared }, tx);
    tellSynchronized(primary, context);
    const whole = { ...replica, policy, multiRegion: shared };
    const ReplicaPolicy = await context.directory.showPrincipals(policy, { ...replica, tx });
    const ReplicaTags = input.Tags && formatTags(whole.tags);
    const metadata = formatUnmade(whole);
    recordReplica(whole, { metadata, policy: ReplicaPolicy, bypass, tags: ReplicaTags }, context);
    return { ReplicaKeyMetadata: metadata, ReplicaPolicy, ReplicaTags };
  },
});

/**
 * A replica as it is answered: still to be made, though here it is there at once.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json (test_replicate_key)
 */
function formatUnmade(key: Key): KeyMetadata {
  const { CurrentKeyMaterialId: _later, ...shown } = formatKey(key);
  return { ...shown, Enabled: false, KeyState: "Creating" };
}

/** @throws {AwsError} `UnsupportedOperationException` */
function requireRegion(name: string): Region {
  if (!REGIONS.includes(name)) throw replicaRegionUnknown(name);
  return asRegion(name);
}

/** @throws {AwsError} `UnsupportedOperationException` */
function requirePrimary(key: Key): MultiRegion {
  if (key.multiRegion === undefined || key.multiRegion.primary !== key.region) throw notPrimary(keyArn(key));
  return key.multiRegion;
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html */
export const updatePrimaryRegion = operation("UpdatePrimaryRegion", {
  async authorize({ KeyId, PrimaryRegion: region }, context) {
    const asked = { keys: { "kms:PrimaryRegion": region } };
    const primary = await requireKey(KeyId, context);
    const replica = await homeOf({ ...primary, region: asRegion(region) }, context.tx).get(keys, primary.id);
    const onPrimary = await onKey("UpdatePrimaryRegion", primary, context, asked);
    return replica === undefined ? onPrimary : [onPrimary, await onKey("UpdatePrimaryRegion", replica, context, asked)];
  },

  async handle({ KeyId, PrimaryRegion }, context) {
    const primary = await requireKey(KeyId, context);
    const { primary: before, replicas } = requirePrimary(primary);
    requireEnabled(primary);
    const region = asRegion(PrimaryRegion);
    if (region === before) throw replicaRegionSame(region);
    if (!replicas.includes(region)) throw keyNotFound(keyArn({ ...primary, region }));
    const multiRegion = { primary: region, replicas: [...replicas.filter((each) => each !== region), before] };
    await putShared(primary, { multiRegion }, context.tx);
    setRotation(primary, region, context);
    recordPromoted({ ...primary, region }, context);
    tellSynchronized({ ...primary, multiRegion }, context);
    return {};
  },
});
