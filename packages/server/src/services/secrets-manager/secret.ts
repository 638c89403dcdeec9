/** Secrets: made, described, listed, changed. */
import { newSecretBytes, base32 } from "../../kernel/ids.ts";
import type { Context } from "../../service/context.ts";
import { onSecret } from "./access.ts";
import { externalRefused, nameLeaving, replicaRegionInvalid, secretExists, tokenTaken } from "./errors.ts";
import { requireFilters } from "./filter.ts";
import { operation, secretArn } from "./kit.ts";
import { SECRETS_PER_PAGE } from "./limits.ts";
import { secretsInOrder } from "./listing.ts";
import { addVersion, plainValue, requireToken } from "./new-value.ts";
import { encryptAgain } from "./re-encryption.ts";
import { addReplicas, replicate, requireRegions, statusOf } from "./replication.ts";
import { rotatedByHand } from "./rotation-window.ts";
import {
  arnOf,
  putNewSecret,
  putSecret,
  requireName,
  requirePrimary,
  requireSecret,
  secrets,
  type Secret,
} from "./secret-row.ts";
import { ownerTags, owningServiceOf } from "./owning-service.ts";
import { formatTags, requireTags, tagsOf, type TagList } from "./tag-list.ts";
import { findVersion } from "./version-row.ts";
import { CURRENT } from "./stage.ts";

export const createSecret = operation("CreateSecret", {
  authorize(input, context) {
    const { Name, Description, KmsKeyId, Tags = [], AddReplicaRegions, ForceOverwriteReplicaSecret } = input;
    const access = {
      // the six characters are not drawn yet
      resource: secretArn(placeOf(context), `${Name}-??????`),
      requestTags: tagsOf(Tags),
      keys: {
        "secretsmanager:Name": Name,
        "secretsmanager:Description": Description,
        ...kmsKeys(KmsKeyId),
        "secretsmanager:AddReplicaRegions": AddReplicaRegions?.map(({ Region = "" }) => Region),
        "secretsmanager:ForceOverwriteReplicaSecret": booleanKey(ForceOverwriteReplicaSecret),
      },
    };
    const creation = { ...access, action: "secretsmanager:CreateSecret" };
    // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html (required permissions)
    return Tags.length === 0 ? [creation] : [creation, { ...access, action: "secretsmanager:TagResource" }];
  },

  async handle(input, context) {
    const { Name: name, Type, AddReplicaRegions: regions = [], ForceOverwriteReplicaSecret: force } = input;
    requireName(name);
    if (Type !== undefined) throw externalRefused();
    requireRegions(regions, context.region, replicaRegionInvalid);
    const there = await context.tx.get(secrets, name);
    if (there !== undefined) return madeBefore(there, input, context);
    const bare = newSecret(input, context);
    const hasValue = plainValue(input) !== undefined;
    const added = hasValue ? await addVersion(bare, { ...input, stages: [CURRENT] }, context) : undefined;
    const secret = added?.kind === "added" ? added.secret : bare;
    putNewSecret(secret, context.tx);
    const { replicas } = await addReplicas(secret, { regions, force }, context);
    return {
      ARN: arnOf(secret),
      Name: name,
      ...(added && { VersionId: added.version }),
      ...(replicas && { ReplicationStatus: replicas.map(statusOf) }),
    };
  },
});

interface NewSecret {
  readonly Name: string;
  readonly Description?: string | undefined;
  readonly KmsKeyId?: string | undefined;
  readonly Tags?: TagList | undefined;
}

function newSecret({ Name: name, Description, KmsKeyId, Tags }: NewSecret, context: Context): Secret {
  const nowMs = context.now().getTime();
  const owningService = owningServiceOf(name, context);
  return {
    ...placeOf(context),
    ...(owningService !== undefined && { owningService, tags: ownerTags(owningService) }),
    name,
    id: `${name}-${sixCharacters()}`,
    createdAtMs: nowMs,
    changedAtMs: nowMs,
    stages: {},
    ...(Description !== undefined && { description: Description }),
    ...(KmsKeyId !== undefined && { kmsKeyId: KmsKeyId }),
    ...(Tags !== undefined && { tags: requireTags({}, Tags) }),
  };
}

const placeOf = ({ account, region, partition }: Context) => ({ account, region, partition });

const booleanKey = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

const kmsKeys = (key: string | undefined) => ({
  "secretsmanager:KmsKeyId": key,
  "secretsmanager:KmsKeyArn": key?.startsWith("arn:") ? key : undefined,
});

/** Letters and digits. */
const sixCharacters = (): string =>
  base32(newSecretBytes(8))
    .slice(0, 6)
    .replaceAll(/[A-M]/g, (letter) => letter.toLowerCase());

interface Asked {
  readonly ClientRequestToken?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** The same request again is answered as before. @throws {AwsError} `ResourceExistsException`, `InvalidRequestException` */
async function madeBefore(secret: Secret, asked: Asked, context: Context) {
  if (secret.deletion !== undefined) throw nameLeaving();
  const names = { ARN: arnOf(secret), Name: secret.name };
  if (plainValue(asked) === undefined) throw secretExists(secret.name);
  const token = requireToken(asked.ClientRequestToken);
  const known = await findVersion(secret, token, context.tx);
  if (known === undefined) throw secretExists(secret.name);
  const added = await addVersion(secret, { ...asked, stages: [CURRENT] }, context);
  if (added.kind !== "known") throw tokenTaken(token, arnOf(secret));
  return { ...names, VersionId: token };
}

export const updateSecret = operation("UpdateSecret", {
  authorize: ({ SecretId, Description, KmsKeyId }, context) =>
    onSecret("UpdateSecret", SecretId, context, {
      keys: { "secretsmanager:Description": Description, ...kmsKeys(KmsKeyId) },
    }),

  async handle(input, context) {
    const { SecretId, Description: description, KmsKeyId, Type } = input;
    const hasValue = plainValue(input) !== undefined;
    if (hasValue) requireToken(input.ClientRequestToken);
    const before = await requirePrimary(SecretId, context);
    if (Type !== undefined) throw externalRefused();
    const changed: Secret = {
      ...withKey(before, KmsKeyId),
      changedAtMs: context.now().getTime(),
      ...(description !== undefined && { description }),
    };
    const added = hasValue ? await addVersion(changed, { ...input, stages: [CURRENT] }, context) : undefined;
    const secret = added?.kind === "added" ? rotatedByHand(before, added.secret, context) : changed;
    if (secret.kmsKeyId !== before.kmsKeyId) await encryptAgain(secret, context);
    putSecret(secret, context.tx);
    await replicate(secret, context);
    return { ARN: arnOf(secret), Name: secret.name, ...(added && { VersionId: added.version }) };
  },
});

/** An empty name is that of the account's own key. Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html (KmsKeyId) */
function withKey(secret: Secret, named: string | undefined): Secret {
  if (named === undefined) return secret;
  const { kmsKeyId: _was, ...bare } = secret;
  return named === "" ? bare : { ...bare, kmsKeyId: named };
}

export const describeSecret = operation("DescribeSecret", {
  authorize: ({ SecretId }, context) => onSecret("DescribeSecret", SecretId, context),

  async handle({ SecretId }, context) {
    const secret = await requireSecret(SecretId, context);
    const { replicas } = secret;
    return {
      ...shown(secret),
      ...(Object.keys(secret.stages).length > 0 && { VersionIdsToStages: stagesOf(secret) }),
      ...(replicas && { ReplicationStatus: replicas.map(statusOf) }),
    };
  },
});

export const listSecrets = operation("ListSecrets", {
  authorize: () => ({ action: "secretsmanager:ListSecrets", resource: "*" }),

  async handle(input, context) {
    const { Filters = [], IncludePlannedDeletion: leaving = false, SortBy: by, SortOrder: order } = input;
    const { MaxResults: limit, NextToken: token } = input;
    const matches = requireFilters(Filters);
    const { rows, next } = await secretsInOrder(
      { token, limit, size: SECRETS_PER_PAGE, matches, leaving, by, order },
      context,
    );
    return {
      SecretList: rows.map((secret) => ({
        ...shown(secret),
        ...(Object.keys(secret.stages).length > 0 && { SecretVersionsToStages: stagesOf(secret) }),
      })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

/** As both operations show it. */
function shown(secret: Secret) {
  const { kmsKeyId, tags, owningService, accessedAtMs, deletion, lastRotatedAtMs } = secret;
  const { primary, replicas, region } = secret;
  const primaryRegion = primary?.region ?? (replicas === undefined ? undefined : region);
  return {
    ARN: arnOf(secret),
    Name: secret.name,
    CreatedDate: new Date(secret.createdAtMs),
    LastChangedDate: new Date(secret.changedAtMs),
    ...shownDescription(secret),
    ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }),
    ...(tags && { Tags: formatTags(tags) }),
    ...(owningService !== undefined && { OwningService: owningService }),
    ...(accessedAtMs !== undefined && { LastAccessedDate: new Date(accessedAtMs) }),
    ...(deletion && { DeletedDate: new Date(deletion.dueAtMs) }),
    ...(lastRotatedAtMs !== undefined && { LastRotatedDate: new Date(lastRotatedAtMs) }),
    ...(primaryRegion !== undefined && { PrimaryRegion: primaryRegion }),
    ...shownRotation(secret),
  };
}

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/secretsmanager/test_secretsmanager.snapshot.json (test_create_secret_version_from_empty_secret) */
const shownDescription = ({ description = "" }: Secret) => (description === "" ? {} : { Description: description });

function shownRotation({ rotation }: Secret) {
  if (rotation === undefined) return {};
  const { enabled, functionArn, rules, next } = rotation;
  return {
    RotationEnabled: enabled,
    RotationLambdaARN: functionArn,
    RotationRules: { ...rules },
    ...(next && { NextRotationDate: new Date(next.endMs) }),
  };
}

const stagesOf = ({ stages }: Secret): Record<string, string[]> =>
  Object.fromEntries(Object.entries(stages).map(([id, labels]) => [id, [...labels]]));
