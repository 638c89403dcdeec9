/** What a share has, and whom it has it for. */
import type { Resource, ResourceShareAssociation, ResourceShareAssociationStatus } from "@aws-sdk/client-ram";
import type { Arn } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { ALL_ROWS, GONE_SHOWN_MS } from "./limits.ts";
import { findResourceType, scopeOf } from "./resource-type.ts";
import { shareArn, type Share } from "./share-row.ts";

interface AssociationFields {
  readonly shareArn: Arn;
  /** An ARN, an account id, a service's name. */
  readonly entity: string;
  readonly status: Extract<ResourceShareAssociationStatus, "ASSOCIATING" | "ASSOCIATED" | "FAILED" | "DISASSOCIATED">;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface ResourceAssociation extends AssociationFields {
  readonly kind: "RESOURCE";
  readonly entity: Arn;
  readonly resourceType: string;
}

export interface PrincipalAssociation extends AssociationFields {
  readonly kind: "PRINCIPAL";
  /**
   * By what right the principal has the share: its own account has it, the organization it is in with the owner, an
   * invitation that was accepted.
   */
  readonly by: "owner" | "organization" | "invitation";
  /** Whether it belongs to no account of the owner's organization. */
  readonly isExternal: boolean;
  /** The invitation that it has got, where it needs one. */
  readonly invitationId: string | undefined;
}

/** From where services may use the share. */
export interface SourceAssociation extends AssociationFields {
  readonly kind: "SOURCE";
}

export type Association = ResourceAssociation | PrincipalAssociation | SourceAssociation;

export const associations = table<Association>("ram.association", "global", (row) => [
  row.shareArn,
  row.kind,
  row.entity,
]);

/** The shares that have an entity. */
interface Holding {
  readonly kind: Association["kind"];
  readonly entity: string;
  readonly shareArn: Arn;
}

const holdings = table<Holding>("ram.holding", "global", ({ kind, entity, shareArn: share }) => [kind, entity, share]);

/** The ARNs of the shares that have `entity`, were it only asked to come in. */
export const sharesWith = async (kind: Holding["kind"], entity: string, tx: Transaction): Promise<readonly Arn[]> =>
  (await tx.scan(holdings, { prefix: [kind, entity], limit: ALL_ROWS })).map((row) => row.shareArn);

/** Likewise of all principals whose name begins so. */
export const sharesWithPrincipals = async (startsWith: string, tx: Transaction): Promise<readonly Arn[]> =>
  (await tx.scan(holdings, { prefix: ["PRINCIPAL"], startsWith, limit: ALL_ROWS })).map((row) => row.shareArn);

export async function associationsOf(share: Share, tx: Transaction): Promise<readonly Association[]> {
  return tx.scan(associations, { prefix: [shareArn(share)], limit: ALL_ROWS });
}

export const isResource = (row: Association): row is ResourceAssociation => row.kind === "RESOURCE";
export const isPrincipal = (row: Association): row is PrincipalAssociation => row.kind === "PRINCIPAL";
export const isSource = (row: Association): row is SourceAssociation => row.kind === "SOURCE";

/** Whether it is in force, or waits to be. */
export const isPresent = ({ status }: Association): boolean => status === "ASSOCIATED" || status === "ASSOCIATING";

export function putAssociation(row: Association, tx: Transaction): void {
  const { kind, entity, shareArn: share } = row;
  tx.put(associations, row);
  if (isPresent(row)) tx.put(holdings, { kind, entity, shareArn: share });
  else tx.delete(holdings, kind, entity, share);
}

/** Ends it; it is shown for a while, as over or as failed. */
export function endAssociation<Row extends Association>(
  row: Row,
  status: "DISASSOCIATED" | "FAILED",
  context: Pick<Context, "tx" | "now" | "at">,
): Row {
  const nowMs = context.now().getTime();
  const ended = { ...row, status, updatedAtMs: nowMs };
  putAssociation(ended, context.tx);
  context.at(nowMs + GONE_SHOWN_MS, "forget-association", JSON.stringify([row.shareArn, row.kind, row.entity]));
  return ended;
}

/** The job after `endAssociation`: nothing where the association was made anew. */
export async function forgetAssociation(context: Context, key: string): Promise<void> {
  const [share = "", kind = "", entity = ""]: readonly string[] = JSON.parse(key);
  const { tx } = context;
  const row = await tx.get(associations, share, kind, entity);
  const isOld = row !== undefined && row.updatedAtMs + GONE_SHOWN_MS <= context.now().getTime();
  if (isOld && !isPresent(row)) tx.delete(associations, share, kind, entity);
}

export const formatAssociation = (row: Association, { name }: Share): ResourceShareAssociation => ({
  resourceShareArn: row.shareArn,
  resourceShareName: name,
  associatedEntity: row.entity,
  associationType: row.kind,
  status: row.status,
  creationTime: new Date(row.createdAtMs),
  lastUpdatedTime: new Date(row.updatedAtMs),
  external: isPrincipal(row) && row.isExternal,
});

export const formatResource = (row: ResourceAssociation): Resource => ({
  arn: row.entity,
  type: row.resourceType,
  resourceShareArn: row.shareArn,
  status: "AVAILABLE",
  creationTime: new Date(row.createdAtMs),
  lastUpdatedTime: new Date(row.updatedAtMs),
  resourceRegionScope: scopeOf(findResourceType(row.resourceType)),
});
