/**
 * When users, groups, roles and those who have a policy last used the services that they may use.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 * Differs: a report is there at once; single actions are not tracked.
 */
import type {
  AccessAdvisorUsageGranularityType,
  EntityInfo,
  JobStatusType,
  PolicyOwnerEntityType,
  ServiceLastAccessed,
} from "@aws-sdk/client-iam";
import { DAY_MS } from "../../kernel/duration.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { onEntity, requireEntity } from "./entity-access.ts";
import { arnOfEntity, type Entity } from "./entity.ts";
import { policiesOfEntity } from "./entity-policies.ts";
import { invalidEntityArn, jobNotFound } from "./errors.ts";
import { grantedServices, serviceNames } from "./granted-service.ts";
import { membersOf } from "./group.ts";
import type { HolderKind } from "./holder.ts";
import { operation } from "./kit.ts";
import { LAST_ACCESSED_JOB_DAYS, LAST_ACCESSED_TRACKED_DAYS } from "./limits.ts";
import { listOf } from "./listing.ts";
import { documentOf, requirePolicy } from "./managed-policy.ts";
import { attachedTo } from "./policy-entities.ts";
import { serviceUses, type ServiceUse } from "./service-use.ts";

/** A report as it was when it was asked for. */
interface Report {
  readonly jobId: string;
  readonly granularity: AccessAdvisorUsageGranularityType;
  readonly createdAtMs: number;
  /** What the policies grant, in order. */
  readonly services: readonly string[];
  /** The users and roles that count. */
  readonly users: readonly Accessor[];
  /** In the tracking period, the latest first. */
  readonly uses: readonly ServiceUse[];
}

interface Accessor {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly type: PolicyOwnerEntityType;
}

const reports = table<Report>("iam.last-accessed-report", "account", ({ jobId }) => [jobId]);

const COMPLETED: JobStatusType = "COMPLETED";
const TYPES: Readonly<Record<HolderKind, PolicyOwnerEntityType>> = { user: "USER", group: "GROUP", role: "ROLE" };

export const generateServiceLastAccessedDetails = operation("GenerateServiceLastAccessedDetails", {
  authorize: ({ Arn }) => onEntity("GenerateServiceLastAccessedDetails", Arn),

  async handle({ Arn, Granularity = "SERVICE_LEVEL" }, context) {
    const { documents, accessors } = await subjectOf(Arn, context);
    const createdAtMs = context.now().getTime();
    const namespaces = Object.keys(await serviceNames());
    const services = new Set(documents.flatMap((document) => grantedServices(document, namespaces)));
    const uses = await Promise.all(accessors.map(({ id }) => usesOf(id, context.tx)));
    const report: Report = {
      jobId: context.newId(),
      granularity: Granularity,
      createdAtMs,
      services: [...services].toSorted(),
      users: accessors.map((accessor) => formatAccessor(accessor, context)),
      uses: uses
        .flat()
        .filter(({ atMs }) => createdAtMs - atMs <= LAST_ACCESSED_TRACKED_DAYS * DAY_MS)
        .toSorted((one, other) => other.atMs - one.atMs),
    };
    context.tx.put(reports, report);
    return { JobId: report.jobId };
  },
});

export const getServiceLastAccessedDetails = operation("GetServiceLastAccessedDetails", {
  authorize: () => ({ action: "iam:GetServiceLastAccessedDetails", resource: "*" }),

  async handle({ JobId, ...paging }, context) {
    const report = await requireReport(JobId, context);
    const names = await serviceNames();
    const { rows, paging: rest } = listOf(report.services, paging, (namespace) => namespace);
    return {
      ...jobOf(report),
      JobType: report.granularity,
      ServicesLastAccessed: rows.map((namespace) => ({
        ServiceName: names[namespace] ?? namespace,
        ServiceNamespace: namespace,
        ...lastAccess(report, namespace),
      })),
      ...rest,
    };
  },
});

export const getServiceLastAccessedDetailsWithEntities = operation("GetServiceLastAccessedDetailsWithEntities", {
  authorize: () => ({ action: "iam:GetServiceLastAccessedDetailsWithEntities", resource: "*" }),

  async handle({ JobId, ServiceNamespace, ...paging }, context) {
    const report = await requireReport(JobId, context);
    const { rows, paging: rest } = listOf(report.users, paging, ({ id }) => id);
    const details = rows.map((user) => {
      const use = report.uses.find(({ entityId, service }) => entityId === user.id && service === ServiceNamespace);
      return { EntityInfo: formatInfo(user), LastAuthenticated: use && new Date(use.atMs) };
    });
    return { ...jobOf(report), EntityDetailsList: details, ...rest };
  },
});

interface Subject {
  readonly documents: readonly string[];
  readonly accessors: readonly Entity[];
}

/** @throws {AwsError} `InvalidInput`, `NoSuchEntity` */
async function subjectOf(arn: string, context: Context): Promise<Subject> {
  const { tx } = context;
  if (/^arn:[^:]+:iam::\w+:policy\//.test(arn)) {
    const policy = await requirePolicy(arn, context);
    const attached = await attachedTo(policy.arn, tx);
    return { documents: [await documentOf(policy)], accessors: await accessorsOf(attached, tx) };
  }
  if (!arn.startsWith("arn:")) throw invalidEntityArn(arn);
  const entity = await requireEntity(arn, context);
  const policies = await policiesOfEntity(entity, tx);
  return { documents: policies.map(({ document }) => document), accessors: await accessorsOf([entity], tx) };
}

/** The users and roles themselves, and the members of groups, each once. */
async function accessorsOf(entities: readonly Entity[], tx: Transaction): Promise<Entity[]> {
  const found = await Promise.all(
    entities.map(async (entity): Promise<readonly Entity[]> =>
      entity.kind === "group" ? membersOf(entity, tx) : [entity],
    ),
  );
  return [...new Map(found.flat().map((entity) => [entity.id, entity])).values()];
}

const usesOf = (entityId: string, tx: Transaction): Promise<ServiceUse[]> =>
  tx.scan(serviceUses, { prefix: [entityId], limit: SERVICES_MAX });

/** More than AWS has. */
const SERVICES_MAX = 2000;

const formatAccessor = (entity: Entity, context: Context): Accessor => ({
  id: entity.id,
  arn: arnOfEntity(entity, context),
  name: entity.name,
  path: entity.path,
  type: TYPES[entity.kind],
});

function lastAccess({ uses, users }: Report, namespace: string): Partial<ServiceLastAccessed> {
  const ofService = uses.filter(({ service }) => service === namespace);
  const [last] = ofService;
  if (!last) return { TotalAuthenticatedEntities: 0 };
  return {
    LastAuthenticated: new Date(last.atMs),
    LastAuthenticatedEntity: users.find(({ id }) => id === last.entityId)?.arn,
    LastAuthenticatedRegion: last.region,
    TotalAuthenticatedEntities: ofService.length,
  };
}

const formatInfo = ({ arn, name, type, id, path }: Accessor): EntityInfo => ({
  Arn: arn,
  Name: name,
  Type: type,
  Id: id,
  Path: path,
});

const jobOf = ({ createdAtMs }: Report) => ({
  JobStatus: COMPLETED,
  JobCreationDate: new Date(createdAtMs),
  JobCompletionDate: new Date(createdAtMs),
});

/** @throws {AwsError} `NoSuchEntity` for one that was never made, or is too old. */
async function requireReport(jobId: string, context: Context): Promise<Report> {
  const report = await context.tx.get(reports, jobId);
  if (!report || context.now().getTime() - report.createdAtMs > LAST_ACCESSED_JOB_DAYS * DAY_MS)
    throw jobNotFound(jobId);
  return report;
}
