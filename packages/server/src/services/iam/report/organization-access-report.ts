/**
 * Which services the accounts of an organization use of those that its policies allow them.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateOrganizationsAccessReport.html
 * Differs: a report is there at once.
 */
import type { AccessDetail, JobStatusType, SortKeyType } from "@aws-sdk/client-iam";
import type { AttachedScp, OrganizationEntity, OrganizationStanding } from "../../../identity/organization.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import {
  differentOrganization,
  notAllFeatures,
  notManagement,
  organizationNotFound,
  scpsNotEnabled,
} from "../errors.ts";
import { arn, operation } from "../kit.ts";
import { LAST_ACCESSED_TRACKED_DAYS } from "../limits.ts";
import { listOf, type Paging } from "../listing.ts";
import { PotentialAccess } from "./potential-access.ts";
import { requesterOf, requireReport } from "./requester.ts";
import { accountUses } from "./service-use.ts";

/** A service that the policies allow, and who used it last. */
interface Access {
  readonly service: string;
  /** How many accounts used it. */
  readonly accounts: number;
  readonly last?: { readonly atMs: number; readonly region: string; readonly path: string };
}

interface Failed {
  readonly code: string;
  readonly message: string;
}

/** A report as it was when it was asked for. */
interface Report {
  readonly jobId: string;
  readonly requester: string;
  readonly createdAtMs: number;
  readonly outcome: readonly Access[] | Failed;
}

const COMPLETED: JobStatusType = "COMPLETED";
const FAILED: JobStatusType = "FAILED";

const reports = table<Report>("iam.organization-access-report", "account", ({ jobId }) => [jobId]);

/** The words of a report that failed are AWS's own, as others have seen them. */
const NO_SUCH_ENTITY: Failed = {
  code: "INVALID_ORGANIZATIONS_ENTITY_PATH",
  message: "The entity with the specified path does not exist in your organization.",
};
const NO_SUCH_POLICY: Failed = {
  code: "INVALID_ORGANIZATIONS_POLICY",
  message: "The policy with the specified ID does not exist in your organization.",
};
const NOT_ALLOWED: Failed = {
  code: "ORGANIZATIONS_REPORT_ACCESS_DENIED",
  message: "Requester is not authorized to perform the required AWS Organizations Describe* and List* actions.",
};

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html (dependent actions) */
const NEEDED_ACTIONS = [
  "organizations:DescribePolicy",
  "organizations:ListChildren",
  "organizations:ListParents",
  "organizations:ListPoliciesForTarget",
  "organizations:ListRoots",
  "organizations:ListTargetsForPolicy",
];

export const generateOrganizationsAccessReport = operation("GenerateOrganizationsAccessReport", {
  authorize: ({ EntityPath, OrganizationsPolicyId }, context) => ({
    action: "iam:GenerateOrganizationsAccessReport",
    resource: arn(context, `access-report/${EntityPath}`),
    keys: { "iam:OrganizationsPolicyId": OrganizationsPolicyId },
  }),

  async handle({ EntityPath, OrganizationsPolicyId }, context) {
    const { organizationId } = await requireManagement(context);
    if (!EntityPath.startsWith(`${organizationId}/`)) throw differentOrganization();
    const report: Report = {
      jobId: context.newId(),
      requester: requesterOf(context.principal),
      createdAtMs: context.now().getTime(),
      outcome: await compile({ organizationId, path: EntityPath, policyId: OrganizationsPolicyId }, context),
    };
    context.tx.put(reports, report);
    return { JobId: report.jobId };
  },
});

export const getOrganizationsAccessReport = operation("GetOrganizationsAccessReport", {
  authorize: () => ({ action: "iam:GetOrganizationsAccessReport", resource: "*" }),

  async handle({ JobId, SortKey = "SERVICE_NAMESPACE_ASCENDING", ...paging }, context) {
    const { createdAtMs, outcome } = await requireReport(reports, JobId, context);
    await requireManagement(context);
    const dates = { JobCreationDate: new Date(createdAtMs), JobCompletionDate: new Date(createdAtMs) };
    if ("code" in outcome) {
      const ErrorDetails = { Code: outcome.code, Message: outcome.message };
      return { JobStatus: FAILED, ...dates, IsTruncated: false, ErrorDetails };
    }
    return {
      JobStatus: COMPLETED,
      ...dates,
      NumberOfServicesAccessible: outcome.length,
      NumberOfServicesNotAccessed: outcome.filter(({ last }) => last === undefined).length,
      ...page(outcome, SortKey, paging, context),
    };
  },
});

/**
 * The management account of an organization that limits its accounts.
 *
 * @throws {AwsError} `OrganizationNotFound`, `OrganizationNotInAllFeaturesMode`, `AccessDenied`
 */
async function requireManagement({ account, directory, tx }: Context): Promise<OrganizationStanding> {
  const standing = await directory.organizationOf(account, tx);
  if (standing === undefined) throw organizationNotFound();
  if (standing.managementAccount !== account) throw notManagement();
  if (!standing.allFeatures) throw notAllFeatures();
  if (!standing.scpsEnabled) throw scpsNotEnabled();
  return standing;
}

interface Asked {
  readonly organizationId: string;
  readonly path: string;
  readonly policyId: string | undefined;
}

async function compile({ organizationId, path, policyId }: Asked, context: Context): Promise<Report["outcome"]> {
  const { directory, tx } = context;
  for (const action of NEEDED_ACTIONS) {
    const { decision } = await context.decide({ action, resource: "*" });
    if (decision === "deny") return NOT_ALLOWED;
  }
  const entity = await directory.organizations.entityAt(path, tx);
  if (entity === undefined) return NO_SUCH_ENTITY;
  if (entity.isManagement) return measure(Object.keys(context.actions.names()), entity, context);
  if (policyId === undefined) {
    const levels = entity.scps.map(({ policies }) => policies.map(({ document }) => document));
    return measure(new PotentialAccess(levels, context.actions).services(), entity, context);
  }
  const scp = await directory.organizations.findScp(organizationId, policyId, tx);
  if (scp === undefined) return NO_SUCH_POLICY;
  const services = new PotentialAccess([[scp.document]], context.actions).services();
  return measure(services, within(entity, path, scp), context);
}

/** The accounts that the policy reaches through what it is attached to at the entity or below. */
function within(entity: OrganizationEntity, entityPath: string, { targets }: AttachedScp): OrganizationEntity {
  const above = entityPath.split("/").length - 1;
  const accounts = entity.accounts.filter(({ path }) =>
    path
      .split("/")
      .slice(above)
      .some((level) => targets.includes(level)),
  );
  return { ...entity, accounts };
}

/** More than AWS has. */
const SERVICES_MAX = 2000;

async function measure(
  services: readonly string[],
  { accounts }: OrganizationEntity,
  context: Context,
): Promise<readonly Access[]> {
  const sinceMs = context.now().getTime() - LAST_ACCESSED_TRACKED_DAYS * DAY_MS;
  const found = await Promise.all(
    accounts.map(async ({ id: account, path }) => {
      const uses = await context.tx.in({ account }).scan(accountUses, { limit: SERVICES_MAX });
      return uses.filter(({ atMs }) => atMs >= sinceMs).map((use) => ({ ...use, path }));
    }),
  );
  const byService = Map.groupBy(found.flat(), ({ service }) => service);
  return services.map((service) => {
    const uses = byService.get(service) ?? [];
    const [last] = uses.toSorted((one, other) => other.atMs - one.atMs);
    if (last === undefined) return { service, accounts: 0 };
    const { atMs, region, path } = last;
    return { service, accounts: uses.length, last: { atMs, region, path } };
  });
}

/** Digits of the longest place among services. */
const PLACE_DIGITS = 6;

function page(all: readonly Access[], key: SortKeyType, paging: Paging, { actions }: Context) {
  const placed = sorted(all, key).map((access, index) => ({
    ...access,
    place: `${key}/${String(index).padStart(PLACE_DIGITS, "0")}`,
  }));
  const { rows, paging: rest } = listOf(placed, paging, ({ place }) => place);
  const names = actions.names();
  return { AccessDetails: rows.map((access) => formatAccess(access, names)), ...rest };
}

/** By time, what was never used comes first. */
function sorted(all: readonly Access[], key: SortKeyType): readonly Access[] {
  const byName = all.toSorted((one, other) => (one.service < other.service ? -1 : 1));
  const timeOf = ({ last }: Access): number => last?.atMs ?? 0;
  const up = key.startsWith("LAST_AUTHENTICATED_TIME")
    ? byName.toSorted((one, other) => timeOf(one) - timeOf(other))
    : byName;
  return key.endsWith("_DESCENDING") ? up.toReversed() : up;
}

const formatAccess = ({ service, accounts, last }: Access, names: Readonly<Record<string, string>>): AccessDetail => ({
  ServiceName: names[service] ?? service,
  ServiceNamespace: service,
  TotalAuthenticatedEntities: accounts,
  ...(last && { Region: last.region, EntityPath: last.path, LastAuthenticatedTime: new Date(last.atMs) }),
});
