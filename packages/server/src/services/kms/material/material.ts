/** What a key really is: secrets and key pairs, sealed, one or several of them in the course of its life. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { ImportState } from "@aws-sdk/client-kms";
import { assert } from "../../../kernel/assert.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { homeOf, type Expiration, type Key } from "../key/row.ts";
import { factsOf, type BuiltSpec, type Making } from "../key/spec.ts";

export interface Material {
  readonly keyId: string;
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** From 1, in the order in which they became current. */
  readonly number: number;
  /** A secret, or the private key as PKCS #8, sealed; `undefined` where imported material was deleted or is gone. */
  readonly sealed: string | undefined;
  /** When it became current; `undefined`: it waits for a rotation. */
  readonly currentAtMs?: number | undefined;
  readonly rotatedBy?: "AUTOMATIC" | "ON_DEMAND" | undefined;
  readonly expiration?: Expiration | undefined;
  readonly description?: string | undefined;
  /** A SHA-256 sum of the secret: imported anew it has to be the same. Hexadecimal, salted with the key's id. */
  readonly sum: string;
}

export const materials = table<Material>("kms.material", "region", ({ keyId, id }) => [keyId, id]);

/** More than a key gets in its life: one a year, and 25 on demand. */
export const MATERIALS_MAX = 10_000;

export const materialsOf = async ({ id }: Pick<Key, "id">, home: Transaction): Promise<Material[]> =>
  (await home.scan(materials, { prefix: [id], limit: MATERIALS_MAX })).toSorted(
    (one, other) => one.number - other.number,
  );

export const stateOfImport = ({ sealed }: Material): ImportState =>
  sealed === undefined ? "PENDING_IMPORT" : "IMPORTED";

export const makeSecret = (bytes: number): Buffer => Buffer.from(newSecretBytes(bytes));

const generate = promisify(generateKeyPair);

/** Fresh material: a secret, or a private key as PKCS #8. */
export async function makeMaterial(spec: BuiltSpec): Promise<Buffer> {
  const { making } = factsOf(spec);
  if (making.kind === "secret") return makeSecret(making.bytes);
  return (await makePrivateKey(making)).export({ type: "pkcs8", format: "der" });
}

async function makePrivateKey(making: Exclude<Making, { kind: "secret" }>): Promise<KeyObject> {
  switch (making.kind) {
    case "rsa":
      return (await generate("rsa", { modulusLength: making.bits })).privateKey;
    case "ec":
      return (await generate("ec", { namedCurve: making.curve })).privateKey;
    case "named":
      return makeNamed(making.name);
  }
}

async function makeNamed(name: Extract<Making, { kind: "named" }>["name"]): Promise<KeyObject> {
  switch (name) {
    case "ed25519":
      return (await generate(name)).privateKey;
    case "ml-dsa-44":
    case "ml-dsa-65":
    case "ml-dsa-87":
      return (await generate(name)).privateKey;
    case "ml-kem-512":
    case "ml-kem-768":
    case "ml-kem-1024":
      return (await generate(name)).privateKey;
  }
}

const purposeOf = (keyId: string): string => `kms.material ${keyId}`;

const sumOf = (keyId: string, secret: Uint8Array): string =>
  createHash("sha256").update(keyId).update(secret).digest("hex");

/** A material as it is kept, of whatever number. */
export function materialRow(
  { id: keyId }: Pick<Key, "id">,
  secret: Uint8Array,
  facts: Omit<Material, "keyId" | "sealed" | "sum" | "id"> & { readonly id?: string },
  { keys: sealer }: Pick<Context, "keys">,
): Material {
  const sum = sumOf(keyId, secret);
  return { ...facts, keyId, id: facts.id ?? sum, sum, sealed: sealer.seal(secret, purposeOf(keyId)) };
}

/** Puts the material that a key begins with; gives its id. */
export function putFirstMaterial(key: Key, secret: Uint8Array, context: Context): string {
  const material = materialRow(key, secret, { number: 1, currentAtMs: context.now().getTime() }, context);
  homeOf(key, context.tx).put(materials, material);
  return material.id;
}

/** Whether `secret` is the very one that `material` was. */
export const isSameSecret = ({ keyId, sum }: Material, secret: Uint8Array): boolean => sumOf(keyId, secret) === sum;

/** What ciphers and MACs are made with; `undefined` where there is no such material, or it was deleted. */
export async function findSecretKey(key: Key, materialId: string, context: Context): Promise<KeyObject | undefined> {
  const sealed = (await findMaterial(key, materialId, context))?.sealed;
  return sealed === undefined ? undefined : opened(context.keys.openKey(sealed, purposeOf(key.id)));
}

/** The secret that encrypts now. */
export const requireSecretKey = (key: Key, context: Context): Promise<KeyObject> =>
  findSecretKey(key, present(key.materialId), context).then(present);

/** The private key of a pair, as DER. */
async function requireSecret(key: Key, context: Context): Promise<Buffer> {
  const material = await findMaterial(key, present(key.materialId), context);
  return Buffer.from(opened(context.keys.open(present(material?.sealed), purposeOf(key.id))));
}

export const findMaterial = (key: Key, materialId: string, { tx }: Context): Promise<Material | undefined> =>
  homeOf(key, tx).get(materials, key.id, materialId);

function opened<Secret>(secret: Secret | undefined): Secret {
  assert(secret !== undefined, "key material opens under the key that it was sealed with");
  return secret;
}

function present<Secret>(secret: Secret | undefined): Secret {
  assert(secret !== undefined, "a key that may be used has material");
  return secret;
}

export const requirePrivateKey = async (key: Key, context: Context): Promise<KeyObject> =>
  createPrivateKey({ key: await requireSecret(key, context), format: "der", type: "pkcs8" });

export const requirePublicKey = async (key: Key, context: Context): Promise<KeyObject> =>
  createPublicKey(await requirePrivateKey(key, context));

/** As `GetPublicKey` gives it: SubjectPublicKeyInfo. */
export const spkiOf = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });
