/**
 * How the classic hosted pages look.
 * Differs: our pages look as they do; what is set here is kept and shown again.
 */
import { createHash } from "node:crypto";
import type { UICustomizationType } from "@aws-sdk/client-cognito-identity-provider";
import { table } from "../../../kernel/table.ts";
import { requireClientOf } from "../client/client-row.ts";
import { invalidParameter } from "../errors.ts";
import { operation } from "../kit.ts";
import { onPool, requirePool } from "../pool/pool-row.ts";
import { domainsOfPool } from "./domain-row.ts";

interface Customization {
  readonly poolId: string;
  /** `ALL` for the pool's other clients. */
  readonly clientId: string;
  readonly css?: string | undefined;
  /** Base64. */
  readonly image?: string | undefined;
  readonly createdMs: number;
  readonly changedMs: number;
}

const ALL = "ALL";

export const customizations = table<Customization>("cognito-idp.ui-customization", "global", (row) => [
  row.poolId,
  row.clientId,
]);

/** With nothing said, what was set is taken back. */
export const setUiCustomization = operation("SetUICustomization", {
  authorize: onPool("SetUICustomization"),

  async handle({ UserPoolId, ClientId: clientId = ALL, CSS: css, ImageFile }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    if (clientId !== ALL) await requireClientOf(pool, clientId, tx);
    const [domain] = await tx.scan(domainsOfPool, { prefix: [pool.id], limit: 1 });
    if (!domain) throw invalidParameter("There has to be an existing domain associated with this user pool");
    if (css === undefined && ImageFile === undefined) {
      tx.delete(customizations, pool.id, clientId);
      return { UICustomization: { UserPoolId: pool.id, ClientId: clientId } };
    }
    const before = await tx.get(customizations, pool.id, clientId);
    const nowMs = context.now().getTime();
    const row: Customization = {
      poolId: pool.id,
      clientId,
      // what a later call does not say is gone
      // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/cognitoidp/user_pool_ui_customization_test.go (TestAccCognitoIDPUserPoolUICustomization_AllClients_CSSAndImageFile)
      css,
      image: ImageFile === undefined ? before?.image : Buffer.from(ImageFile).toString("base64"),
      createdMs: before?.createdMs ?? nowMs,
      changedMs: nowMs,
    };
    tx.put(customizations, row);
    return { UICustomization: format(row) };
  },
});

/** The client's own, or else the pool's; nothing where there is neither. */
export const getUiCustomization = operation("GetUICustomization", {
  authorize: onPool("GetUICustomization"),

  async handle({ UserPoolId, ClientId: clientId = ALL }, context) {
    const { id } = await requirePool(UserPoolId, context);
    const own = await context.tx.get(customizations, id, clientId);
    const row = own ?? (await context.tx.get(customizations, id, ALL));
    return { UICustomization: row ? format(row) : {} };
  },
});

const format = ({ poolId, clientId, css, image, createdMs, changedMs }: Customization): UICustomizationType => ({
  UserPoolId: poolId,
  ClientId: clientId,
  ...(css !== undefined && { CSS: css, CSSVersion: createHash("sha256").update(css).digest("hex").slice(0, 20) }),
  ...(image !== undefined && { ImageUrl: `data:image/png;base64,${image}` }),
  CreationDate: new Date(createdMs),
  LastModifiedDate: new Date(changedMs),
});
