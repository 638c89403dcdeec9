/** The key that an instance signs assertions with, made when the first account gets to trust it. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { assert } from "../../kernel/assert.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { Instance } from "./instance-row.ts";
import { selfSigned } from "./saml-certificate.ts";

interface KeyRow {
  readonly instanceId: string;
  /** PKCS #8 in DER, sealed. */
  readonly privateKey: string;
  /** In base64. */
  readonly certificate: string;
}

const keys = table<KeyRow>("sso.saml-key", "global", ({ instanceId }) => [instanceId]);

const PURPOSE = "sso.saml-key";
const MODULUS_BITS = 2048;
const DAY_MS = 86_400_000;
/** Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/managesamlcerts.html (five years) */
const CERTIFICATE_DAYS = 5 * 365;

export const dropSamlKey = ({ id }: Pick<Instance, "id">, { tx }: Pick<Context, "tx">): void => tx.delete(keys, id);

export interface SamlKey {
  readonly privateKey: KeyObject;
  readonly certificate: string;
}

export async function samlKeyOf({ id: instanceId }: Pick<Instance, "id">, context: Context): Promise<SamlKey> {
  const present = await context.tx.get(keys, instanceId);
  if (present) {
    const opened = context.keys.open(present.privateKey, PURPOSE);
    assert(opened !== undefined, "what was sealed here opens here");
    const privateKey = createPrivateKey({ key: Buffer.from(opened), format: "der", type: "pkcs8" });
    return { privateKey, certificate: present.certificate };
  }
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: MODULUS_BITS });
  const nowMs = context.now().getTime();
  const certificate = selfSigned({
    name: instanceId,
    privateKey,
    notBeforeMs: nowMs - DAY_MS,
    notAfterMs: nowMs + CERTIFICATE_DAYS * DAY_MS,
  });
  const sealed = context.keys.seal(privateKey.export({ type: "pkcs8", format: "der" }), PURPOSE);
  context.tx.put(keys, { instanceId, privateKey: sealed, certificate });
  return { privateKey, certificate };
}
