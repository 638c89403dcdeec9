/** From where service principals may use a share: against services that are made to act for somebody else. */
import { parseAccountId, parseArn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import {
  associations,
  associationsOf,
  isPresent,
  isPrincipal,
  isSource,
  putAssociation,
  type SourceAssociation,
} from "./association-row.ts";
import { malformedSource, sourcesNeeded } from "./errors.ts";
import { parsePrincipal } from "./principal.ts";
import { shareArn, type Share } from "./share-row.ts";

/** In AWS's words: of what kind a source is. */
export type SourceType = "ACCOUNT" | "ARN" | "ORGANIZATION" | "ORGANIZATION_PATH";

/** @throws {AwsError} `InvalidParameterException` */
export function sourceTypeOf(text: string): SourceType {
  if (parseAccountId(text) !== undefined) return "ACCOUNT";
  if (parseArn(text) !== undefined) return "ARN";
  if (/^o-\w+$/.test(text)) return "ORGANIZATION";
  if (/^o-\w+\/.+$/.test(text)) return "ORGANIZATION_PATH";
  throw malformedSource(text);
}

export async function addSources(share: Share, sources: readonly string[], context: Context) {
  const { tx } = context;
  const added: SourceAssociation[] = [];
  for (const entity of new Set(sources)) {
    sourceTypeOf(entity);
    const present = await tx.get(associations, shareArn(share), "SOURCE", entity);
    const nowMs = context.now().getTime();
    const made = { kind: "SOURCE", shareArn: shareArn(share), entity, status: "ASSOCIATED" } as const;
    const row =
      present?.kind === "SOURCE" && isPresent(present) ? present : { ...made, createdAtMs: nowMs, updatedAtMs: nowMs };
    putAssociation(row, tx);
    added.push(row);
  }
  return added;
}

/** @throws {AwsError} `InvalidParameterException` where the last source of service principals is gone. */
export async function requireSources(share: Share, { tx }: Context): Promise<void> {
  const present = (await associationsOf(share, tx)).filter(isPresent);
  const services = present.filter(isPrincipal).some(({ entity }) => parsePrincipal(entity).kind === "service");
  if (services && !present.some(isSource)) throw sourcesNeeded();
}
