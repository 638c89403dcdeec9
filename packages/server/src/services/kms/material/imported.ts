/**
 * Material that came from outside, as it is kept: what belongs to a key for good, what waits for a rotation, and what is
 * missing. Related keys of several regions know the same material, and each has to be given it.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
 */
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { materialIncorrect, materialPending } from "../errors.ts";
import { isSameSecret, materialRow, materials, materialsOf, type Material } from "./material.ts";
import { homeOf, keyArn, keys, type Expiration, type Key } from "../key/row.ts";
import type { KmsSdk } from "../kit.ts";
import { isReplica, otherKeys, relatedKeys } from "../key/related.ts";

export interface Incoming {
  readonly input: Pick<InputOf<KmsSdk, "ImportKeyMaterial">, "ImportType" | "KeyMaterialId" | "KeyMaterialDescription">;
  readonly secret: Buffer;
  readonly expiration: Expiration;
}

/**
 * The row of what comes in: material that was there before comes back as it was; new material waits for a rotation,
 * where the key has some already.
 * @throws {AwsError} `IncorrectKeyMaterialException`, `KMSInvalidStateException`
 */
export async function materialFor(key: Key, incoming: Incoming, context: Context): Promise<Material> {
  const { input, secret, expiration } = incoming;
  const all = await materialsOf(key, homeOf(key, context.tx));
  const same = all.find((material) => isSameSecret(material, secret));
  requireExpected(key, { input, all, same });
  const description = input.KeyMaterialDescription ?? same?.description;
  if (same !== undefined) {
    const { id, number, currentAtMs, rotatedBy } = same;
    return materialRow(key, secret, { id, number, currentAtMs, rotatedBy, expiration, description }, context);
  }
  const currentAtMs = all.length === 0 ? context.now().getTime() : undefined;
  const material = materialRow(key, secret, { number: all.length + 1, currentAtMs, expiration, description }, context);
  const pending = all.find((each) => each.currentAtMs === undefined);
  if (pending !== undefined) throw materialPending(material.id, keyArn(key), pending.id);
  return material;
}

interface Expected extends Pick<Incoming, "input"> {
  readonly all: readonly Material[];
  readonly same: Material | undefined;
}

/**
 * New material comes into the primary key first; only symmetric keys take more than one.
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html (ImportType; IncorrectKeyMaterialException)
 * @throws {AwsError} `IncorrectKeyMaterialException`
 */
function requireExpected(key: Key, { input, all, same }: Expected): void {
  const type = input.ImportType ?? (all.length === 0 ? "NEW_KEY_MATERIAL" : "EXISTING_KEY_MATERIAL");
  const isNew = type === "NEW_KEY_MATERIAL" && !isReplica(key);
  if (isNew === (same !== undefined)) throw materialIncorrect();
  if (input.KeyMaterialId !== undefined && input.KeyMaterialId !== same?.id) throw materialIncorrect();
  if (isNew && all.length > 0 && key.spec !== "SYMMETRIC_DEFAULT") throw materialIncorrect();
}

/** Puts what came in: the key is of use again, unless something else that it needs is missing still. */
export async function putImported(key: Key, material: Material, { tx }: Context): Promise<void> {
  homeOf(key, tx).put(materials, material);
  if (!isReplica(key)) for (const replica of await otherKeys(key, tx)) await putKnown(replica, material, tx);
  const isCurrent = key.materialId === undefined;
  await putSettled(isCurrent ? { ...key, materialId: material.id } : key, tx);
}

/** A replica knows what its primary key was given, and waits for the same. */
export async function putKnown(replica: Key, material: Material, tx: Transaction): Promise<void> {
  const home = homeOf(replica, tx);
  if ((await home.get(materials, replica.id, material.id)) !== undefined) return;
  const { description: _own, ...known } = material;
  home.put(materials, { ...known, sealed: undefined, expiration: undefined });
}

/** Takes material away. What waits for a rotation is forgotten, by the replicas too where the primary key forgets it. */
export async function dropMaterial(key: Key, material: Material, { tx }: Context): Promise<void> {
  const isForgotten = material.currentAtMs === undefined && !isReplica(key);
  if (isForgotten) {
    for (const each of [key, ...(await otherKeys(key, tx))]) homeOf(each, tx).delete(materials, key.id, material.id);
  } else {
    homeOf(key, tx).put(materials, { ...material, sealed: undefined, expiration: undefined });
  }
  await putSettled(key, tx);
}

/** The key with what follows from its material: whether it is of use, and until when. */
export async function putSettled(key: Key, tx: Transaction): Promise<void> {
  const home = homeOf(key, tx);
  const own = (await materialsOf(key, home)).filter(({ currentAtMs }) => currentAtMs !== undefined);
  home.put(keys, { ...key, state: settledState(key, own), expiration: firstToExpire(own) });
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html */
function settledState({ state }: Key, own: readonly Material[]): Key["state"] {
  if (state.kind === "PendingDeletion" || state.kind === "PendingReplicaDeletion") return state;
  if (!isComplete(own)) return { kind: "PendingImport" };
  return state.kind === "PendingImport" ? { kind: "Enabled" } : state;
}

const isComplete = (own: readonly Material[]): boolean =>
  own.length > 0 && own.every(({ sealed }) => sealed !== undefined);

/** Whether a key has all that it ever encrypted with: one whose older material is missing is missing all. */
export async function hasMaterial(key: Key, tx: Transaction): Promise<boolean> {
  const all = await materialsOf(key, homeOf(key, tx));
  return isComplete(all.filter(({ currentAtMs }) => currentAtMs !== undefined));
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html (ValidTo: the earliest of all that belong to the key) */
function firstToExpire(own: readonly Material[]): Expiration | undefined {
  const all = own.flatMap(({ expiration }) => (expiration === undefined ? [] : [expiration]));
  const [first] = all.toSorted((one, other) => (one.validToMs ?? Infinity) - (other.validToMs ?? Infinity));
  return first;
}

/** Where material waits for a rotation: whether it came into all the regions of the key. */
export async function isEverywhere(key: Key, materialId: string, tx: Transaction): Promise<boolean> {
  const all = await relatedKeys(key, tx);
  const rows = await Promise.all(all.map((each) => homeOf(each, tx).get(materials, key.id, materialId)));
  return rows.every((row) => row?.sealed !== undefined);
}
