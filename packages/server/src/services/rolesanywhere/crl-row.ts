/** Certificate revocation lists as rows. */
import type { Arn } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { crlNotFound } from "./errors.ts";
import { arn, type Place } from "./kit.ts";
import { ALL_ROWS } from "./limits.ts";
import { putTags } from "./tag-row.ts";
import { trustAnchorArn, type TrustAnchor } from "./trust-anchor-row.ts";

export interface Crl extends Place {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** As it was sent, in base64. */
  readonly data: string;
  readonly trustAnchorArn: Arn;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export const crls = table<Crl>("rolesanywhere.crl", "global", ({ account, region, id }) => [account, region, id]);

export const crlArn = (crl: Crl): Arn => arn(crl, `crl/${crl.id}`);

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireCrl(id: string, { tx, account, region }: Context): Promise<Crl> {
  const crl = await tx.get(crls, account, region, id);
  if (crl === undefined) throw crlNotFound();
  return crl;
}

export async function crlsOf(anchor: TrustAnchor, tx: Transaction): Promise<readonly Crl[]> {
  const all = await tx.scan(crls, { prefix: [anchor.account, anchor.region], limit: ALL_ROWS });
  return all.filter((crl) => crl.trustAnchorArn === trustAnchorArn(anchor));
}

export function dropCrl(crl: Crl, tx: Transaction): void {
  tx.delete(crls, crl.account, crl.region, crl.id);
  putTags(crlArn(crl), {}, tx);
}
