/** Imports as they are kept. */
import type { ImportFailureStatus, ImportStatus } from "@aws-sdk/client-cloudtrail";
import type { AccountId, Arn, Region } from "../../../../kernel/arn.ts";
import { table, type Transaction } from "../../../../kernel/table.ts";
import { importOngoing } from "../errors.ts";
import type { Store } from "../store/row.ts";

export interface Import {
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly id: string;
  /** The id of the store. */
  readonly store: string;
  readonly source: Source;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly status: ImportStatus;
  /** The key of the file that was looked at last. */
  readonly after?: string | undefined;
  readonly statistics: Statistics;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface Source {
  readonly uri: string;
  readonly region: string;
  readonly role: Arn;
}

interface Statistics {
  readonly prefixes: number;
  readonly files: number;
  readonly events: number;
  readonly failed: number;
}

export const imports = table<Import>("cloudtrail.import", "global", ({ account, region, id }) => [account, region, id]);

/** Those under way: one of an account in a region at the most. */
interface OpenImport {
  readonly account: AccountId;
  readonly region: Region;
  readonly id: string;
  readonly store: string;
}

const openImports = table<OpenImport>("cloudtrail.import-open", "global", ({ account, region }) => [account, region]);

/** A file that could not be read. */
export interface Failure {
  readonly import: string;
  /** The key of the file. */
  readonly key: string;
  readonly location: string;
  readonly status: ImportFailureStatus;
  readonly kind: string;
  readonly message: string;
  readonly atMs: number;
}

export const failures = table<Failure>("cloudtrail.import-failure", "global", ({ import: of, key }) => [of, key]);

export const isUnderWay = ({ status }: Import): boolean => status === "INITIALIZING" || status === "IN_PROGRESS";

export function putImport(row: Import, tx: Transaction): void {
  tx.put(imports, row);
  const { account, region, id, store } = row;
  if (isUnderWay(row)) tx.put(openImports, { account, region, id, store });
  else tx.delete(openImports, account, region);
}

export async function deleteImport({ account, region, id }: Import, tx: Transaction): Promise<void> {
  tx.delete(imports, account, region, id);
  if ((await findOpen({ account, region }, tx))?.id === id) tx.delete(openImports, account, region);
}

type Place = Pick<Store, "account" | "region">;

export const findOpen = ({ account, region }: Place, tx: Transaction): Promise<OpenImport | undefined> =>
  tx.get(openImports, account, region);

/** @throws {AwsError} `EventDataStoreHasOngoingImportException` */
export async function requireNoImport(store: Store, tx: Transaction): Promise<void> {
  if ((await findOpen(store, tx))?.store === store.id) throw importOngoing();
}
