/**
 * How managed login looks.
 * Differs: our pages look as they do; what is set here is kept and shown again.
 */
import type { AssetType, ManagedLoginBrandingType } from "@aws-sdk/client-cognito-identity-provider";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { requireClientOf } from "../client/client-row.ts";
import { brandingExists, brandingNotFound, invalidParameter } from "../errors.ts";
import { operation } from "../kit.ts";
import { onPool, requirePool } from "../pool/pool-row.ts";

interface Branding {
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly usesProvided: boolean;
  /** JSON. */
  readonly settings?: string | undefined;
  readonly assets: readonly Asset[];
  readonly createdMs: number;
  readonly changedMs: number;
}

/** Its bytes in base64. */
type Asset = Omit<AssetType, "Bytes"> & { readonly base64?: string | undefined };

const brandings = table<Branding>("cognito-idp.branding", "global", ({ poolId, id }) => [poolId, id]);
const brandingsOfClient = table<Branding>("cognito-idp.branding-of-client", "global", ({ clientId }) => [clientId]);

interface Asked {
  readonly UseCognitoProvidedValues?: boolean | undefined;
  readonly Settings?: unknown;
  readonly Assets?: readonly Readonly<AssetType>[] | undefined;
}

/** @throws {AwsError} `InvalidParameterException` where AWS's own values and others are asked for at once */
function requireEither({ UseCognitoProvidedValues: provided, Settings, Assets }: Asked): void {
  if (provided === true && (Settings !== undefined || Assets !== undefined)) {
    throw invalidParameter("Settings and Assets cannot be set together with UseCognitoProvidedValues.");
  }
}

const keptAssets = (assets: readonly Readonly<AssetType>[]): Asset[] =>
  assets.map(({ Bytes, ...asset }) => ({
    ...asset,
    ...(Bytes && { base64: Buffer.from(Bytes).toString("base64") }),
  }));

function put(branding: Branding, { tx }: Context): void {
  tx.put(brandings, branding);
  tx.put(brandingsOfClient, branding);
}

export const createManagedLoginBranding = operation("CreateManagedLoginBranding", {
  authorize: onPool("CreateManagedLoginBranding"),

  async handle({ UserPoolId, ClientId, ...asked }, context) {
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    requireEither(asked);
    if (await context.tx.get(brandingsOfClient, client.id)) throw brandingExists();
    const nowMs = context.now().getTime();
    const branding: Branding = {
      id: context.newId(),
      poolId: pool.id,
      clientId: client.id,
      usesProvided: asked.UseCognitoProvidedValues ?? false,
      settings: asked.Settings === undefined ? undefined : JSON.stringify(asked.Settings),
      assets: keptAssets(asked.Assets ?? []),
      createdMs: nowMs,
      changedMs: nowMs,
    };
    put(branding, context);
    return { ManagedLoginBranding: format(branding) };
  },
});

export const updateManagedLoginBranding = operation("UpdateManagedLoginBranding", {
  authorize: ({ UserPoolId = "" }, context) => onPool("UpdateManagedLoginBranding")({ UserPoolId }, context),

  async handle({ UserPoolId = "", ManagedLoginBrandingId: id = "", ...asked }, context) {
    const before = await requireBranding(UserPoolId, id, context);
    requireEither(asked);
    const branding: Branding = {
      ...before,
      usesProvided: asked.UseCognitoProvidedValues ?? before.usesProvided,
      settings: asked.Settings === undefined ? before.settings : JSON.stringify(asked.Settings),
      assets: asked.Assets === undefined ? before.assets : keptAssets(asked.Assets),
      changedMs: context.now().getTime(),
    };
    put(branding, context);
    return { ManagedLoginBranding: format(branding) };
  },
});

export const describeManagedLoginBranding = operation("DescribeManagedLoginBranding", {
  authorize: onPool("DescribeManagedLoginBranding"),

  async handle({ UserPoolId, ManagedLoginBrandingId }, context) {
    return { ManagedLoginBranding: format(await requireBranding(UserPoolId, ManagedLoginBrandingId, context)) };
  },
});

export const describeManagedLoginBrandingByClient = operation("DescribeManagedLoginBrandingByClient", {
  authorize: onPool("DescribeManagedLoginBrandingByClient"),

  async handle({ UserPoolId, ClientId }, context) {
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    const branding = await context.tx.get(brandingsOfClient, client.id);
    if (!branding) throw brandingNotFound();
    return { ManagedLoginBranding: format(branding) };
  },
});

export const deleteManagedLoginBranding = operation("DeleteManagedLoginBranding", {
  authorize: onPool("DeleteManagedLoginBranding"),

  async handle({ UserPoolId, ManagedLoginBrandingId }, context) {
    const { poolId, id, clientId } = await requireBranding(UserPoolId, ManagedLoginBrandingId, context);
    context.tx.delete(brandings, poolId, id);
    context.tx.delete(brandingsOfClient, clientId);
    return {};
  },
});

/** The look of a client that is deleted. */
export async function dropBranding(clientId: string, { tx }: Pick<Context, "tx">): Promise<void> {
  const branding = await tx.get(brandingsOfClient, clientId);
  if (!branding) return;
  tx.delete(brandings, branding.poolId, branding.id);
  tx.delete(brandingsOfClient, clientId);
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireBranding(poolId: string, id: string, context: Context): Promise<Branding> {
  const pool = await requirePool(poolId, context);
  const branding = await context.tx.get(brandings, pool.id, id);
  if (!branding) throw brandingNotFound();
  return branding;
}

const format = (branding: Branding): ManagedLoginBrandingType => ({
  ManagedLoginBrandingId: branding.id,
  UserPoolId: branding.poolId,
  UseCognitoProvidedValues: branding.usesProvided,
  ...(branding.settings !== undefined && { Settings: JSON.parse(branding.settings) }),
  Assets: branding.assets.map(({ base64, ...asset }) => ({
    ...asset,
    ...(base64 !== undefined && { Bytes: Buffer.from(base64, "base64") }),
  })),
  CreationDate: new Date(branding.createdMs),
  LastModifiedDate: new Date(branding.changedMs),
});
