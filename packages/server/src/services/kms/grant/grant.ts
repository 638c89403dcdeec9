/** Rights to a key that stand beside its policy. Source: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
import { createHash } from "node:crypto";
import type { GrantListEntry, GrantOperation } from "@aws-sdk/client-kms";
import { parseAccountId, parseArn, type AccountId } from "../../../kernel/arn.ts";
import type { Principal } from "../../../identity/principal.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { onAnyKey, onKey } from "../access.ts";
import {
  grantConstraintTooLarge,
  grantConstraintWrong,
  grantIdInvalid,
  grantNotFound,
  grantOperationWrong,
  grantPrincipalInvalid,
  grantsUsedUp,
  grantTokenInvalid,
  grantToServiceLoose,
} from "../errors.ts";
import {
  countGrants,
  deleteGrant,
  findGrant,
  granteeIds,
  grantTable,
  putGrant,
  retirableGrants,
  type Constraints,
  type Grant,
  type Grantee,
} from "./row.ts";
import { grantToken, readGrantToken } from "./token.ts";
import { requireGrantee } from "./grantee.ts";
import { homeOf, keyArn, type Key } from "../key/row.ts";
import { isSymmetric } from "../key/spec.ts";
import { requireEnabled } from "../key/state.ts";
import { operation, type KmsSdk } from "../kit.ts";
import { CONSTRAINT_PAIRS_MAX, CONSTRAINT_VALUE_CHARACTERS_MAX, GRANTS_PER_KEY_MAX } from "../limits.ts";
import { requireAnyKey } from "../key/named.ts";
import { list } from "../paging.ts";
import { requireRealRun } from "../use/trial-run.ts";
import { requireGrantTokens } from "../use/use.ts";

type CreateInput = InputOf<KmsSdk, "CreateGrant">;

export const createGrant = operation("CreateGrant", {
  async authorize(input, context) {
    const { Operations, Constraints: constraints = {} } = input;
    return onAnyKey("CreateGrant", input.KeyId, context, {
      encryptionContext: constraints.EncryptionContextEquals ?? constraints.EncryptionContextSubset,
      childGrant: { operations: Operations, constraints: constraintsOf(input) },
      keys: {
        "kms:GrantOperations": Operations,
        "kms:GranteePrincipal": input.GranteePrincipal ?? input.GranteeServicePrincipal,
        "kms:GranteeServicePrincipal": input.GranteeServicePrincipal,
        "kms:RetiringPrincipal": input.RetiringPrincipal ?? input.RetiringServicePrincipal,
        "kms:RetiringServicePrincipal": input.RetiringServicePrincipal,
        "kms:GrantConstraintSourceArn": constraints.SourceArn,
        "kms:GrantConstraintType": constraintTypeOf(constraintsOf(input)),
        "kms:GrantIsForAWSResource": String((context.request.calling?.calledVia ?? []).length > 0),
      },
    });
  },

  async handle(input, context) {
    const { tx } = context;
    const key = await requireAnyKey(input.KeyId, context);
    requireGrantTokens(input, context);
    requireEnabled(key);
    requireOperations(key, input);
    const wanted = await grantOf(key, input, context);
    requireRealRun(input);
    const same = input.Name === undefined ? undefined : await findGrant(key, wanted.id, tx);
    const grant = same ?? wanted;
    if (same === undefined) {
      if ((await countGrants(key, tx)) >= GRANTS_PER_KEY_MAX) throw grantsUsedUp();
      await putGrant(key, grant, tx);
    }
    return { GrantId: grant.id, GrantToken: grantToken({ keyArn: grant.keyArn, grantId: grant.id }, context) };
  },
});

/** A grant of the same name and content is the same grant: its id comes of them. */
async function grantOf(key: Key, input: CreateInput, context: Context): Promise<Grant> {
  const { account, partition } = context;
  const { grantee, retiring } = await requireGrantees(input, context);
  const grant = {
    keyId: key.id,
    keyArn: keyArn(key),
    name: input.Name,
    grantee,
    retiring,
    issuer: `arn:${partition}:iam::${account}:root`,
    operations: [...input.Operations],
    constraints: constraintsOf(input),
  };
  const unique = input.Name === undefined ? context.newId() : "";
  const id = createHash("sha256")
    .update(JSON.stringify([grant, unique]))
    .digest("hex");
  return { ...grant, id, createdAtMs: context.now().getTime() };
}

/** Who gets the grant, and who may retire it. */
async function requireGrantees(input: CreateInput, context: Context) {
  const { RetiringPrincipal, RetiringServicePrincipal, Constraints: given } = input;
  const names = { principal: input.GranteePrincipal, service: input.GranteeServicePrincipal };
  const hasRetiring = RetiringPrincipal !== undefined || RetiringServicePrincipal !== undefined;
  // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html (GranteeServicePrincipal)
  if (names.service !== undefined && !(hasRetiring && given?.SourceArn !== undefined)) throw grantToServiceLoose();
  const retiring = { principal: RetiringPrincipal, service: RetiringServicePrincipal };
  return {
    grantee: await requireGrantee(names, context),
    retiring: hasRetiring ? await requireGrantee(retiring, context) : undefined,
  };
}

const constraintsOf = ({ Constraints: given = {} }: CreateInput): Constraints => ({
  ...(given.EncryptionContextEquals && { equals: given.EncryptionContextEquals }),
  ...(given.EncryptionContextSubset && { subset: given.EncryptionContextSubset }),
  ...(given.SourceArn !== undefined && { sourceArn: given.SourceArn }),
});

function constraintTypeOf({ equals, subset }: Constraints): string | undefined {
  if (equals !== undefined) return "EncryptionContextEquals";
  return subset && "EncryptionContextSubset";
}

/** What each usage has operations for; the rest are for all keys. */
const BY_USAGE: Readonly<Record<Key["usage"], readonly GrantOperation[]>> = {
  ENCRYPT_DECRYPT: ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"],
  SIGN_VERIFY: ["Sign", "Verify"],
  GENERATE_VERIFY_MAC: ["GenerateMac", "VerifyMac"],
  KEY_AGREEMENT: ["DeriveSharedSecret"],
  ENCAPSULATE_DECAPSULATE: ["Encapsulate", "Decapsulate"],
};
const OF_ALL: readonly GrantOperation[] = ["CreateGrant", "RetireGrant", "DescribeKey"];
const OF_DATA_KEYS: readonly GrantOperation[] = [
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
];

/**
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#terms-grant-operations
 * @throws {AwsError} `ValidationException`
 */
function requireOperations(key: Key, { Operations, Constraints: given = {} }: CreateInput): void {
  const { usage, spec } = key;
  const own = isSymmetric(spec) ? [] : (["GetPublicKey"] as const);
  const data = spec === "SYMMETRIC_DEFAULT" ? OF_DATA_KEYS : [];
  const fit: readonly GrantOperation[] = [...OF_ALL, ...BY_USAGE[usage], ...own, ...data];
  const wrong = Operations.find((each) => !fit.includes(each));
  if (wrong !== undefined) throw grantOperationWrong(keyArn(key), wrong);
  const isBound = given.EncryptionContextEquals !== undefined || given.EncryptionContextSubset !== undefined;
  if (isBound && spec !== "SYMMETRIC_DEFAULT") throw grantConstraintWrong();
  requireSmall(given.EncryptionContextEquals);
  requireSmall(given.EncryptionContextSubset);
}

/** @throws {AwsError} `ValidationException` */
function requireSmall(pairs: Readonly<Record<string, string>> = {}): void {
  const values = Object.values(pairs);
  const isLong = values.some((value) => value.length > CONSTRAINT_VALUE_CHARACTERS_MAX);
  if (isLong || values.length > CONSTRAINT_PAIRS_MAX)
    throw grantConstraintTooLarge(CONSTRAINT_PAIRS_MAX, CONSTRAINT_VALUE_CHARACTERS_MAX);
}

const askAbout = (action: "ListGrants" | "RevokeGrant", keyId: string, context: Context): Promise<Access> =>
  onAnyKey(action, keyId, context, {
    keys: { "kms:GrantIsForAWSResource": String((context.request.calling?.calledVia ?? []).length > 0) },
  });

export const listGrants = operation("ListGrants", {
  authorize: ({ KeyId }, context) => askAbout("ListGrants", KeyId, context),

  async handle({ KeyId, GrantId, GranteePrincipal: grantee, GranteeServicePrincipal: service, ...paging }, context) {
    const key = await requireAnyKey(KeyId, context);
    if (GrantId !== undefined) {
      requireGrantId(GrantId);
      const grant = await findGrant(key, GrantId, context.tx);
      return { Grants: grant ? [formatGrant(grant)] : [], Truncated: false };
    }
    const { rows, rest } = await list(homeOf(key, context.tx), grantTable, { prefix: [key.id], paging });
    const wanted = grantee ?? service;
    const shown = wanted === undefined ? rows : rows.filter((grant) => grant.grantee.name === wanted);
    return { Grants: shown.map((grant) => formatGrant(grant)), ...rest };
  },
});

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html (GranteePrincipal) */
const isService = ({ namedAs }: Grantee): boolean => namedAs === "service";

function formatGrant(grant: Grant): GrantListEntry {
  const { keyArn: KeyId, id, name, createdAtMs, grantee, retiring, issuer, operations, constraints } = grant;
  const { equals, subset, sourceArn } = constraints;
  return {
    KeyId,
    GrantId: id,
    ...(name !== undefined && { Name: name }),
    CreationDate: new Date(createdAtMs),
    ...(isService(grantee) ? { GranteeServicePrincipal: grantee.name } : { GranteePrincipal: grantee.name }),
    ...(retiring &&
      (isService(retiring) ? { RetiringServicePrincipal: retiring.name } : { RetiringPrincipal: retiring.name })),
    IssuingAccount: issuer,
    Operations: [...operations],
    ...(Object.keys(constraints).length > 0 && {
      Constraints: {
        ...(equals && { EncryptionContextEquals: { ...equals } }),
        ...(subset && { EncryptionContextSubset: { ...subset } }),
        ...(sourceArn !== undefined && { SourceArn: sourceArn }),
      },
    }),
  };
}

/**
 * What principals of one's own account may retire, on whoever's keys; of services, what they may on one's own keys.
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html (RetiringPrincipal; how another account's is refused is assumed)
 */
export const listRetirableGrants = operation("ListRetirableGrants", {
  authorize: () => ({ action: "kms:ListRetirableGrants", resource: "*" }),

  async handle({ RetiringPrincipal, RetiringServicePrincipal, ...paging }, context) {
    const retiring = await requireGrantee({ principal: RetiringPrincipal, service: RetiringServicePrincipal }, context);
    // services are in no account
    const owner = accountOf(retiring);
    if (owner !== undefined && owner !== context.account) throw grantPrincipalInvalid(retiring.name);
    const { rows, rest } = await list(context.tx, retirableGrants, { prefix: [retiring.id], paging });
    const here = rows.filter(({ keyArn: arn }) => {
      const place = parseArn(arn);
      return place?.region === context.region && (owner !== undefined || place.account === context.account);
    });
    return { Grants: here.map((grant) => formatGrant(grant)), ...rest };
  },
});

const accountOf = ({ name }: Grantee): AccountId | undefined => parseAccountId(parseArn(name)?.account ?? name);

export const revokeGrant = operation("RevokeGrant", {
  authorize: ({ KeyId }, context) => askAbout("RevokeGrant", KeyId, context),

  async handle({ KeyId, GrantId, ...request }, context) {
    const key = await requireAnyKey(KeyId, context);
    const grant = await requireGrant(key, GrantId, context);
    requireRealRun(request);
    await deleteGrant(key, grant, context.tx);
    return {};
  },
});

/** @throws {AwsError} `InvalidGrantIdException` */
function requireGrantId(grantId: string): void {
  if (!/^[\da-f]{64}$/.test(grantId)) throw grantIdInvalid();
}

/** @throws {AwsError} `InvalidGrantIdException`, `NotFoundException` */
async function requireGrant(key: Key, grantId: string, { tx }: Context): Promise<Grant> {
  requireGrantId(grantId);
  const grant = await findGrant(key, grantId, tx);
  if (grant === undefined) throw grantNotFound(grantId);
  return grant;
}

type RetireInput = InputOf<KmsSdk, "RetireGrant">;

/**
 * The grant itself says who may retire it: its retiring principal, its grantee where that is among its operations, and
 * the account that made it. Others need the permission.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html
 */
export const retireGrant = operation("RetireGrant", {
  async authorize(input, context) {
    const { key, grant } = await requireNamedGrant(input, context);
    if (mayRetire(grant, context)) return [];
    const { equals, subset } = grant.constraints;
    return onKey("RetireGrant", key, context, {
      encryptionContext: equals ?? subset,
      keys: { "kms:GrantConstraintType": constraintTypeOf(grant.constraints) },
    });
  },

  async handle(input, context) {
    const { key, grant } = await requireNamedGrant(input, context);
    requireRealRun(input);
    await deleteGrant(key, grant, context.tx);
    return {};
  },
});

async function requireNamedGrant({ GrantToken: token, KeyId, GrantId }: RetireInput, context: Context) {
  if (token !== undefined) {
    const named = readGrantToken(token, context);
    if (named === undefined) throw grantTokenInvalid();
    const key = await requireAnyKey(named.keyArn, context);
    return { key, grant: await requireGrant(key, named.grantId, context) };
  }
  if (KeyId === undefined || GrantId === undefined) throw grantIdInvalid();
  const key = await requireAnyKey(KeyId, context);
  return { key, grant: await requireGrant(key, GrantId, context) };
}

function mayRetire({ retiring, grantee, operations, issuer }: Grant, context: Context): boolean {
  const own = granteeIds(context);
  const isRetiring = retiring !== undefined && own.includes(retiring.id);
  const isGrantee = operations.includes("RetireGrant") && own.includes(grantee.id);
  return isRetiring || isGrantee || isRootOf(context.principal, issuer);
}

const isRootOf = (principal: Principal, arn: string): boolean => principal.type === "root" && principal.arn === arn;
