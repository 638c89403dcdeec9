/** Trust anchors as rows. */
import type { Arn } from "../../kernel/arn.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { anchorNotFound } from "./errors.ts";
import { arn, parseResource, type Place } from "./kit.ts";
import type { NotificationSetting } from "./notification-setting.ts";

export interface TrustAnchor extends Place {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Certificates of authorities, PEM, as they were sent. */
  readonly bundle: string;
  /** Those that the account has set itself. */
  readonly notifications: readonly NotificationSetting[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export const trustAnchors = table<TrustAnchor>("rolesanywhere.trust-anchor", "global", ({ account, region, id }) => [
  account,
  region,
  id,
]);

export const trustAnchorArn = (anchor: TrustAnchor): Arn => arn(anchor, `trust-anchor/${anchor.id}`);

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireTrustAnchor(id: string, { tx, account, region }: Context): Promise<TrustAnchor> {
  const anchor = await tx.get(trustAnchors, account, region, id);
  if (anchor === undefined) throw anchorNotFound();
  return anchor;
}

/** The anchor of that ARN, in whichever account. */
export async function findTrustAnchor(text: string, { tx }: Pick<Context, "tx">): Promise<TrustAnchor | undefined> {
  const named = parseResource(text);
  return named?.kind === "trust-anchor" ? tx.get(trustAnchors, named.account, named.region, named.id) : undefined;
}
