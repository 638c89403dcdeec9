/**
 * When users, groups, roles and those who have a policy last used the services that they may use.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 * Differs: a report is there at once.
 */
import type {
  AccessAdvisorUsageGranularityType,
  EntityInfo,
  JobStatusType,
  PolicyOwnerEntityType,
  ServiceLastAccessed,
  TrackedActionLastAccessed,
} from "@aws-sdk/client-iam";
import { DAY_MS } from "../../../kernel/duration.ts";
import { table, type Table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onEntity, requireEntity } from "../entity-access.ts";
import { arnOfEntity, type Entity } from "../entity.ts";
import { invalidEntityArn } from "../errors.ts";
import { membersOf } from "../group/group.ts";
import type { HolderKind } from "../holder.ts";
import { operation } from "../kit.ts";
import { LAST_ACCESSED_TRACKED_DAYS } from "../limits.ts";
import { listOf } from "../listing.ts";
import { attachedTo } from "../policy/entities.ts";
import { policiesOfEntity } from "../policy/entity-policies.ts";
import { documentOf, requirePolicy } from "../policy/managed.ts";
import { PotentialAccess } from "./potential-access.ts";
import { requesterOf, requireReport } from "./requester.ts";
import { actionUses, serviceUses, type ActionUse, type ServiceUse } from "./service-use.ts";
import { trackedActions } from "./tracked-action.ts";

/** A report as it was when it was asked for. */
interface Report {
  readonly jobId: string;
  readonly requester: string;
  readonly granularity: AccessAdvisorUsageGranularityType;
  readonly createdAtMs: number;
  /** What the policies grant, in order. */
  readonly services: readonly string[];
  /** The users and roles that count. */
  readonly users: readonly Accessor[];
  /** In the tracking period, the latest first. */
  readonly uses: readonly ServiceUse[];
  /** Where the report goes down to actions. */
  readonly actions?: readonly ServiceActions[];
}

/** The tracked actions of a service that was used: those that the policies grant, in order, and their uses. */
interface ServiceActions {
  readonly service: string;
  readonly granted: readonly string[];
  /** The latest first. */
  readonly uses: readonly ActionUse[];
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
    const access = new PotentialAccess([documents], context.actions);
    const report: Report = {
      jobId: context.newId(),
      requester: requesterOf(context.principal),
      granularity: Granularity,
      createdAtMs,
      services: access.services(),
      users: accessors.map((accessor) => formatAccessor(accessor, context)),
      uses: await usesOf(serviceUses, accessors, context),
    };
    const actions =
      Granularity === "ACTION_LEVEL" ? await actionsOf(report, { access, accessors }, context) : undefined;
    context.tx.put(reports, { ...report, ...(actions && { actions }) });
    return { JobId: report.jobId };
  },
});

export const getServiceLastAccessedDetails = operation("GetServiceLastAccessedDetails", {
  authorize: () => ({ action: "iam:GetServiceLastAccessedDetails", resource: "*" }),

  async handle({ JobId, ...paging }, context) {
    const report = await requireReport(reports, JobId, context);
    const names = context.actions.names();
    const { rows, paging: rest } = listOf(report.services, paging, (namespace) => namespace);
    const found = findable(report);
    return {
      ...jobOf(report),
      JobType: report.granularity,
      ServicesLastAccessed: rows.map((namespace) => ({
        ServiceName: names[namespace] ?? namespace,
        ServiceNamespace: namespace,
        ...lastAccess(found, namespace),
      })),
      ...rest,
    };
  },
});

export const getServiceLastAccessedDetailsWithEntities = operation("GetServiceLastAccessedDetailsWithEntities", {
  authorize: () => ({ action: "iam:GetServiceLastAccessedDetailsWithEntities", resource: "*" }),

  async handle({ JobId, ServiceNamespace, ...paging }, context) {
    const report = await requireReport(reports, JobId, context);
    const { rows, paging: rest } = listOf(report.users, paging, ({ id }) => id);
    const uses = report.uses.filter(({ service }) => service === ServiceNamespace);
    const byEntity = new Map(uses.map((use) => [use.entityId, use]));
    const details = rows.map((user) => {
      const use = byEntity.get(user.id);
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

/** In the tracking period, the latest first. */
async function usesOf<Use extends { readonly atMs: number }>(
  from: Table<Use>,
  accessors: readonly Entity[],
  context: Context,
): Promise<readonly Use[]> {
  const sinceMs = context.now().getTime() - LAST_ACCESSED_TRACKED_DAYS * DAY_MS;
  const found = await Promise.all(accessors.map(({ id }) => context.tx.scan(from, { prefix: [id], limit: USES_MAX })));
  return found
    .flat()
    .filter(({ atMs }) => atMs >= sinceMs)
    .toSorted((one, other) => other.atMs - one.atMs);
}

/** More than there are services, or tracked actions. */
const USES_MAX = 20_000;

interface Measured {
  readonly access: PotentialAccess;
  readonly accessors: readonly Entity[];
}

/** Of services that were not used there are none. */
async function actionsOf(
  { services, uses }: Report,
  { access, accessors }: Measured,
  context: Context,
): Promise<readonly ServiceActions[]> {
  const found = await usesOf(actionUses, accessors, context);
  const byService = Map.groupBy(found, ({ action }) => action.slice(0, action.indexOf(":")));
  const used = new Set(uses.map(({ service }) => service));
  return services
    .filter((service) => used.has(service))
    .map((service) => {
      const granted = trackedActions(service, access.actions(service));
      return { service, granted, uses: byService.get(service) ?? [] };
    });
}

const formatAccessor = (entity: Entity, context: Context): Accessor => ({
  id: entity.id,
  arn: arnOfEntity(entity, context),
  name: entity.name,
  path: entity.path,
  type: TYPES[entity.kind],
});

/** A report by what its rows ask for: a user may have used all of some hundred services, and there may be thousands of them. */
interface Findable {
  readonly arns: ReadonlyMap<string, string>;
  /** The latest first. */
  readonly uses: ReadonlyMap<string, readonly ServiceUse[]>;
  readonly actions: ReadonlyMap<string, ServiceActions>;
}

const findable = ({ users, uses, actions = [] }: Report): Findable => ({
  arns: new Map(users.map(({ id, arn }) => [id, arn])),
  uses: Map.groupBy(uses, ({ service }) => service),
  actions: new Map(actions.map((each) => [each.service, each])),
});

function lastAccess(report: Findable, namespace: string): Partial<ServiceLastAccessed> {
  const [last, ...others] = report.uses.get(namespace) ?? [];
  if (!last) return { TotalAuthenticatedEntities: 0 };
  return {
    LastAuthenticated: new Date(last.atMs),
    LastAuthenticatedEntity: report.arns.get(last.entityId),
    LastAuthenticatedRegion: last.region,
    TotalAuthenticatedEntities: others.length + 1,
    TrackedActionsLastAccessed: lastActions(report, namespace),
  };
}

/** All tracked actions that are granted, where one was used. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServiceLastAccessed.html */
function lastActions({ arns, actions: all }: Findable, namespace: string): TrackedActionLastAccessed[] | undefined {
  const { granted = [], uses = [] } = all.get(namespace) ?? {};
  const latest = new Map(uses.toReversed().map((use) => [use.action, use]));
  const actions = granted.map((name) => ({ name, use: latest.get(`${namespace}:${name}`) }));
  if (!actions.some(({ use }) => use)) return undefined;
  return actions.map(({ name, use }) => ({
    ActionName: name,
    ...(use && {
      LastAccessedEntity: arns.get(use.entityId),
      LastAccessedTime: new Date(use.atMs),
      LastAccessedRegion: use.region,
    }),
  }));
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
