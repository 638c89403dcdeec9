/** The key that the identity provider signs with, and its certificate: made on first use, sealed in the store. */
import "reflect-metadata";
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { X509CertificateGenerator } from "@peculiar/x509";
import type { Clock } from "../clock/clock.ts";
import { assert } from "../kernel/assert.ts";
import { newSecretBytes, newUuid } from "../kernel/ids.ts";
import { NOWHERE, table } from "../kernel/table.ts";
import type { Sealer } from "../store/sealer.ts";
import type { Store } from "../store/store.ts";

interface KeyRow {
  readonly keyId: string;
  /** PKCS #8, sealed. */
  readonly privateKey: string;
  /** PEM. */
  readonly certificate: string;
}

const keys = table<KeyRow>("idp.signing-key", "global", () => []);

const PURPOSE = "idp.signing-key";
const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
const DAY_MS = 86_400_000;
const CERTIFICATE_DAYS = 3650;

export interface IdpKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** PEM. */
  readonly certificate: string;
}

export interface KeyPlace {
  readonly store: Pick<Store, "transact">;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** The key that is there, or a new one. */
export async function idpKey(place: KeyPlace): Promise<IdpKey> {
  const present = await place.store.transact(NOWHERE, (tx) => tx.get(keys));
  return present === undefined ? newIdpKey(place) : opened(present, place.sealer);
}

/** A new key in the place of the one before. */
export async function newIdpKey({ store, sealer, clock }: KeyPlace): Promise<IdpKey> {
  const row = await makeKey(sealer, clock);
  await store.transact(NOWHERE, async (tx) => tx.put(keys, row));
  return opened(row, sealer);
}

async function makeKey(sealer: Sealer, clock: Clock): Promise<KeyRow> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from([1, ...newSecretBytes(15)]).toString("hex"),
    name: "CN=Kumobako identity provider, O=Kumobako",
    notBefore: new Date(clock.realNow() - DAY_MS),
    notAfter: new Date(clock.realNow() + CERTIFICATE_DAYS * DAY_MS),
    keys: pair,
    signingAlgorithm: ALGORITHM,
  });
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  return { keyId: newUuid(), privateKey: sealer.seal(pkcs8, PURPOSE), certificate: certificate.toString("pem") };
}

function opened({ keyId, privateKey: sealed, certificate }: KeyRow, sealer: Sealer): IdpKey {
  const pkcs8 = sealer.open(sealed, PURPOSE);
  assert(pkcs8 !== undefined, "what was sealed here opens here");
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
  return { keyId, privateKey, publicKey: createPublicKey(privateKey), certificate };
}
