/**
 * How lookup tables lie at rest: always sealed under the cloud's key; with a KMS key under a data key of that besides. The
 * caller's rights to the key are asked each time; whether the service may use it as well, when it is named.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-lookup-tables-kms.html
 */
import { createSecretKey } from "node:crypto";
import { decrypt, encrypt } from "../../../kernel/aead.ts";
import { assert } from "../../../kernel/assert.ts";
import type { Context } from "../../../service/context.ts";
import { newDataKey, openDataKey, type KeyUse } from "../../../service/kms-key.ts";
import { keyRefused } from "../errors.ts";
import { arn, type Place } from "../kit.ts";
import { lookupPieces, type LookupTable } from "./row.ts";

const CONTENT = "lookup table";
const PIECE_BYTES = 256 * 1024;
const PIECES_MAX = 100;

export const lookupArn = (place: Place, name: string) => arn(place, `lookup-table:${name}`);

/** What a table's row says of its content. */
type Kept = Pick<LookupTable, "pieces" | "kmsKeyId" | "dataKey">;

/** Takes the place of what was there. @throws {AwsError} `AccessDeniedException` where KMS refuses */
export async function putContent(
  { name, body, kmsKeyId }: { readonly name: string; readonly body: string; readonly kmsKeyId: string | undefined },
  context: Context,
): Promise<Kept> {
  const { tx, keys } = context;
  await forgetContent(name, context);
  const { bytes, dataKey } = await encrypted(Buffer.from(body, "utf8"), { name, kmsKeyId }, context);
  const pieces = Math.ceil(bytes.byteLength / PIECE_BYTES);
  for (let at = 0; at < pieces; at++) {
    const sealed = keys.seal(bytes.subarray(at * PIECE_BYTES, (at + 1) * PIECE_BYTES), CONTENT);
    tx.put(lookupPieces, { table: name, at, sealed });
  }
  return { pieces, kmsKeyId, dataKey };
}

async function encrypted(
  bytes: Uint8Array,
  { name, kmsKeyId }: { readonly name: string; readonly kmsKeyId: string | undefined },
  context: Context,
): Promise<{ readonly bytes: Uint8Array; readonly dataKey?: string }> {
  if (kmsKeyId === undefined) return { bytes };
  await newDataKey({ ...ofService(name, context), keyId: kmsKeyId }, context);
  const { secret, encrypted: dataKey } = await newDataKey({ ...ofCaller(name, context), keyId: kmsKeyId }, context);
  return { bytes: encrypt(createSecretKey(secret), bytes), dataKey };
}

/** @throws {AwsError} `AccessDeniedException` where KMS refuses */
export async function contentOf({ name, pieces, dataKey }: LookupTable, context: Context): Promise<string> {
  const rows = await context.tx.scan(lookupPieces, { prefix: [name], limit: pieces });
  const opened = rows.map(({ sealed }) => {
    const bytes = context.keys.open(sealed, CONTENT);
    assert(bytes !== undefined, "lookup tables are sealed here");
    return bytes;
  });
  const bytes = Buffer.concat(opened);
  if (dataKey === undefined) return bytes.toString("utf8");
  const text = decrypt(createSecretKey(await openDataKey(dataKey, ofCaller(name, context), context)), bytes);
  assert(text !== undefined, "lookup tables open under the data key that they were encrypted with");
  return text.toString("utf8");
}

export const forgetContent = (name: string, { tx }: Pick<Context, "tx">): Promise<number> =>
  tx.clear(lookupPieces, { prefix: [name], limit: PIECES_MAX });

function ofCaller(name: string, context: Context): KeyUse {
  const is = lookupArn(context, name);
  return { bound: { "aws:logs:arn": is }, refusal: () => keyRefused(is) };
}

function ofService(name: string, context: Context): KeyUse {
  const { account, region } = context;
  const service = `logs.${region}.amazonaws.com`;
  const source = { arn: lookupArn(context, name), account };
  return { ...ofCaller(name, context), as: { type: "service", service }, source, account, region };
}
