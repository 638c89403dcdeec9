/** Conformance packs: rules that are put and taken away together. */
import type { ConformancePackState } from "@aws-sdk/client-config-service";
import type { AccountId, Arn, Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import { packNotFound } from "../errors.ts";
import { configArn } from "../kit.ts";
import type { PackParameter, WantedRule } from "./template.ts";
import { ownedPath } from "../service-linked.ts";

export interface Pack {
  readonly name: string;
  /** `conformance-pack-a1b2c3d4e` */
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly bucket?: string;
  readonly prefix?: string;
  readonly parameters: readonly PackParameter[];
  readonly createdBy?: string;
  readonly tags: Tags;
  readonly state: ConformancePackState;
  readonly reason?: string;
  /** The full names of the rules that it has put. */
  readonly rules: readonly string[];
  readonly stackId: string;
  readonly requestedAtMs: number;
  readonly completedAtMs?: number;
}

export const packs = table<Pack>("config.pack", "region", ({ name }) => [name]);

/** What a pack's template asks for. */
interface PackContent {
  readonly pack: string;
  readonly template: string;
  readonly rules: readonly WantedRule[];
}

export const packContents = table<PackContent>("config.pack-content", "region", ({ pack }) => [pack]);

export const packArn = (pack: Pick<Pack, "name" | "id" | "createdBy" | "account" | "region" | "partition">): Arn =>
  configArn(
    pack,
    `conformance-pack/${ownedPath("aws-service-conformance-pack", pack.createdBy)}${pack.name}/${pack.id}`,
  );

/** @throws {AwsError} `NoSuchConformancePackException` */
export async function requirePack(name: string, tx: Transaction): Promise<Pack> {
  const pack = await tx.get(packs, name);
  if (pack === undefined) throw packNotFound();
  return pack;
}

export const isInProgress = ({ state }: Pack): boolean => state.endsWith("IN_PROGRESS");
