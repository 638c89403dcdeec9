/**
 * The policy that shares put on a resource.
 * Source: https://docs.aws.amazon.com/ram/latest/userguide/getting-started-terms-and-concepts.html (resource-based policy)
 */
import { parseAccountId, type Arn } from "../../kernel/arn.ts";
import { associations, associationsOf, isPrincipal, isSource, sharesWith } from "./association-row.ts";
import { findPermission, templateOf } from "./permission-row.ts";
import type { Conditions, PolicyTemplate } from "./policy-template.ts";
import { parsePrincipal, type SharePrincipal } from "./principal.ts";
import { isInForce, shareOf } from "./reach.ts";
import { shareArn, type Share } from "./share-row.ts";
import type { Around } from "./sharing-organization.ts";

/** What a statement adds to the permission: for whom, and under what condition. */
interface Grant {
  readonly Principal: "*" | Readonly<Record<string, readonly string[]>>;
  readonly conditions: Conditions;
}

/** A share that has a resource, and nobody whom it has it for, shows as a statement for nobody. */
const NOBODY: Grant = { Principal: { AWS: [] }, conditions: {} };

interface Granted {
  readonly template: PolicyTemplate;
  readonly grant: Grant;
}

/** What shares allow on a resource; empty where no share has it. `only` leaves out the principals that are not it. */
async function grantedOn(resource: Arn, around: Around, only?: string): Promise<readonly Granted[]> {
  const granted: Granted[] = [];
  for (const share of await sharesOfResource(resource, around)) {
    const template = await templateFor(share, resource, around);
    if (template === undefined) continue;
    const grants = await grantsOf(share, around, only);
    granted.push(...(grants.length > 0 ? grants : [NOBODY]).map((grant) => ({ template, grant })));
  }
  return granted;
}

/** As the owner sees it; `undefined` where no share has the resource. */
export async function shownPolicy(
  resource: Arn,
  around: Around,
  only: string | undefined,
): Promise<string | undefined> {
  return textOf(resource, await grantedOn(resource, around, only));
}

/** As it is enforced; `undefined` where it allows nobody anything. */
export async function enforcedPolicy(resource: Arn, around: Around): Promise<string | undefined> {
  return textOf(
    resource,
    (await grantedOn(resource, around)).filter(({ grant }) => grant !== NOBODY),
  );
}

function textOf(resource: Arn, granted: readonly Granted[]): string | undefined {
  if (granted.length === 0) return undefined;
  const Statement = granted.map(({ template, grant: { Principal, conditions } }, place) => ({
    Sid: `RamStatement${place + 1}`,
    Effect: template.Effect,
    Principal,
    Action: template.Action,
    Resource: resource,
    ...both(template.Condition ?? {}, conditions),
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** Those in force that have it, whoever they reach. */
export async function sharesOfResource(resource: Arn, around: Around): Promise<readonly Share[]> {
  const found: Share[] = [];
  for (const arn of await sharesWith("RESOURCE", resource, around.tx)) {
    const share = await shareOf(arn, around);
    if (share?.status === "ACTIVE") found.push(share);
  }
  return found;
}

/** What the share's permission for resources of that type allows. */
export async function templateFor(share: Share, resource: Arn, around: Around): Promise<PolicyTemplate | undefined> {
  const row = await around.tx.get(associations, shareArn(share), "RESOURCE", resource);
  if (row?.kind !== "RESOURCE" || row.status !== "ASSOCIATED") return undefined;
  const held = share.permissions.find(({ resourceType }) => resourceType === row.resourceType);
  const permission = held && (await findPermission(held.arn, around));
  return permission && held && templateOf(permission, held.version);
}

async function grantsOf(share: Share, around: Around, only: string | undefined): Promise<readonly Grant[]> {
  const rows = await associationsOf(share, around.tx);
  const named: string[] = [];
  const others: Grant[] = [];
  for (const row of rows.filter(isPrincipal)) {
    if (only !== undefined && row.entity !== only) continue;
    if (!(await isInForce(row, share, around))) continue;
    const principal = parsePrincipal(row.entity);
    const name = namedBy(principal, around.partition);
    if (name !== undefined) named.push(name);
    else
      others.push(
        ...grantsTo(
          principal,
          rows.filter(isSource).map(({ entity }) => entity),
        ),
      );
  }
  return named.length > 0 ? [{ Principal: { AWS: named }, conditions: {} }, ...others] : others;
}

function namedBy(principal: SharePrincipal, partition: string): string | undefined {
  if (principal.kind === "account") return `arn:${partition}:iam::${principal.account}:root`;
  return principal.kind === "identity" ? principal.arn : undefined;
}

/** Those that cannot be named are everybody, under a condition. */
function grantsTo(principal: SharePrincipal, sources: readonly string[]): readonly Grant[] {
  switch (principal.kind) {
    case "organization":
      return [{ Principal: "*", conditions: { StringEquals: { "aws:PrincipalOrgID": principal.id } } }];
    case "unit": {
      const path = `${principal.organizationId}/*/${principal.id}/*`;
      return [{ Principal: "*", conditions: { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": path } } }];
    }
    case "service": {
      const Principal = { Service: [principal.name] };
      if (sources.length === 0) return [{ Principal, conditions: {} }];
      return sources.map((source) => ({ Principal, conditions: fromSource(source) }));
    }
    case "account":
    case "identity":
      return [];
  }
}

/** Against services that are made to act for somebody else. */
function fromSource(source: string): Conditions {
  if (parseAccountId(source) !== undefined) return { StringEquals: { "aws:SourceAccount": source } };
  if (source.startsWith("arn:")) return { ArnLike: { "aws:SourceArn": source } };
  if (source.includes("/")) return { "ForAnyValue:StringLike": { "aws:SourceOrgPaths": source } };
  return { StringEquals: { "aws:SourceOrgID": source } };
}

/** Both sets of conditions at once; a permission's own never name the same keys. */
function both(one: Conditions, other: Conditions): { readonly Condition?: Conditions } {
  const operators = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  if (operators.length === 0) return {};
  const Condition = Object.fromEntries(operators.map((name) => [name, { ...one[name], ...other[name] }]));
  return { Condition };
}
