/** The domains of hosted sign-in pages, as they are kept. */
import type { CustomDomainConfigType } from "@aws-sdk/client-cognito-identity-provider";
import { table, type Transaction } from "../../../kernel/table.ts";
import { findPool, type Pool } from "../pool/pool-row.ts";

export interface Domain {
  /** `payroll` for a prefix, `login.example.com` for a domain of one's own. */
  readonly name: string;
  /** Prefixes are unique in a region, domains of one's own in the world: theirs is empty. */
  readonly region: string;
  readonly poolId: string;
  /** A domain of one's own has one. */
  readonly custom?: CustomDomainConfigType | undefined;
  /** 1 is the classic hosted UI, 2 managed login. */
  readonly managedLoginVersion: number;
  /** What a domain of one's own points at, and what serves a prefix. */
  readonly distribution: string;
}

export const domains = table<Domain>("cognito-idp.domain", "global", ({ region, name }) => [region, name]);
export const domainsOfPool = table<Domain>("cognito-idp.domain-of-pool", "global", ({ poolId, name }) => [
  poolId,
  name,
]);

/** A domain, and the pool whose users sign in there. */
export interface DomainOfPool {
  readonly domain: Domain;
  readonly pool: Pool;
}

/**
 * Where the pages of a domain are for who reached us at `endpoint`: `http://payroll.auth.us-east-1.amazoncognito.com.localhost:4566`,
 * which is this machine to browsers.
 */
export function pagesOf({ name, region }: Domain, endpoint: string): string {
  const host = region === "" ? name : `${name}.auth.${region}.amazoncognito.com`;
  const { protocol, port } = new URL(endpoint);
  return `${protocol}//${host}.localhost${port === "" ? "" : `:${port}`}`;
}

const PREFIX_HOST = /^([a-z0-9-]+)\.auth\.([a-z0-9-]+)\.amazoncognito\.com$/;

/**
 * Whose pages a host shows: `payroll.auth.us-east-1.amazoncognito.com` or a domain of one's own, with or without
 * `.localhost` behind.
 */
export async function findDomain(host: string, tx: Transaction): Promise<DomainOfPool | undefined> {
  const named = host.replace(/\.localhost$/, "");
  const [, prefix, region] = PREFIX_HOST.exec(named) ?? [];
  const domain =
    prefix === undefined || region === undefined
      ? await tx.get(domains, "", named)
      : await tx.get(domains, region, prefix);
  const pool = domain && (await findPool(domain.poolId, tx));
  return domain && pool && { domain, pool };
}
