/** The rows of archives, and their finders. */
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { archiveNotFound } from "../errors.ts";
import { arnIn } from "../kit.ts";

export interface Archive {
  readonly name: string;
  /** The bus's name. */
  readonly bus: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly sourceArn: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly kmsKey?: string;
  /** What its events are kept under, which no archive of the same name was before; its name, of earlier versions. */
  readonly shelf?: string;
  /** 0: for ever. */
  readonly retentionDays: number;
  readonly createdAtMs: number;
}

export const archives = table<Archive>("eventbridge.archive", "region", ({ name }) => [name]);

export const shelfOf = ({ shelf, name }: Archive): string => shelf ?? name;

export const arnOfArchive = (archive: Archive): Arn => arnIn(archive, `archive/${archive.name}`);

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireArchive(name: string, tx: Transaction): Promise<Archive> {
  const archive = await tx.get(archives, name);
  if (archive === undefined) throw archiveNotFound(name);
  return archive;
}
