/**
 * What would be found if a resource were set up as proposed.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-preview-access-apis.html
 */
import type {
  AccessPreviewFinding,
  AccessPreviewSummary,
  Configuration,
  FindingChangeType,
  FindingStatus,
  ResourceType,
} from "@aws-sdk/client-accessanalyzer";
import { formatArn, parseArn, type Arn } from "../../../kernel/arn.ts";
import { HOUR_MS } from "../../../kernel/duration.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onAnalyzerOf, requireAnalyzerOf, type ExternalAnalyzer } from "../analyzer/row.ts";
import { rulesOf } from "../archive-rule/row.ts";
import {
  configurationOfOtherType,
  oneConfiguration,
  previewFailed,
  previewNotFound,
  tooManyPreviews,
  wrongAnalyzerType,
} from "../errors.ts";
import { findResource, identityOf } from "../external/scan.ts";
import { matchesFilter, requireFilter } from "../filter.ts";
import { formatAccess } from "../finding/details.ts";
import { findingsOf, propertyOf, type ExternalAccess, type Finding } from "../finding/row.ts";
import { operation } from "../kit.ts";
import { PREVIEW_KEPT_HOURS, PREVIEW_LISTED_HOURS, PREVIEWS_PER_HOUR_MAX } from "../limits.ts";
import { listOf } from "../paging.ts";
import { proposedAccess, readProposal } from "./proposed-resource.ts";
import { refresh } from "../analyzer/refresh.ts";

interface PreviewFinding {
  readonly id: string;
  readonly detail: ExternalAccess;
  readonly status: FindingStatus;
  readonly changeType: FindingChangeType;
  readonly existing?: { readonly id: string; readonly status: FindingStatus };
}

interface Preview {
  readonly analyzer: string;
  readonly id: string;
  readonly createdAtMs: number;
  readonly resource: string;
  readonly type: ResourceType;
  readonly configuration: Configuration;
  readonly outcome: "completed" | "invalid configuration";
  readonly findings: readonly PreviewFinding[];
  /** Of the call that made it. */
  readonly clientToken?: string | undefined;
}

const previews = table<Preview>("accessanalyzer.access-preview", "region", ({ analyzer, id }) => [analyzer, id]);

/** Differs: a preview is complete at once. */
export const createAccessPreview = operation("CreateAccessPreview", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("CreateAccessPreview", analyzerArn, context),

  async handle({ analyzerArn, configurations, clientToken }, context) {
    const analyzer = await requireAccountAnalyzer(analyzerArn, context);
    const [entry, ...more] = Object.entries(configurations);
    if (entry === undefined || more.length > 0) throw oneConfiguration();
    const recent = await recentPreviews(analyzer, context);
    const repeated = clientToken === undefined ? undefined : recent.find((known) => known.clientToken === clientToken);
    if (repeated !== undefined) return { id: repeated.id };
    if (recent.length >= PREVIEWS_PER_HOUR_MAX) throw tooManyPreviews(analyzer.name);
    const parts = parseArn(entry[0]);
    if (parts === undefined) throw configurationOfOtherType(entry[0]);
    const configuration: Configuration = JSON.parse(JSON.stringify(entry[1]));
    const preview = await makePreview(analyzer, { arn: formatArn(parts), configuration }, context);
    context.tx.put(previews, { ...preview, clientToken });
    return { id: preview.id };
  },
});

/** @throws {AwsError} `ResourceNotFoundException`, `ValidationException` */
async function requireAccountAnalyzer(analyzerArn: string, context: Context): Promise<ExternalAnalyzer> {
  const analyzer = await requireAnalyzerOf(analyzerArn, context);
  if (analyzer.kind !== "external" || analyzer.zone !== "account") throw wrongAnalyzerType("CreateAccessPreview");
  return analyzer;
}

/** Those of the last hour; forgets what is too old. */
async function recentPreviews({ name }: ExternalAnalyzer, context: Context): Promise<readonly Preview[]> {
  const nowMs = context.now().getTime();
  const recent: Preview[] = [];
  for await (const preview of everyRow(context.tx, previews, { prefix: [name] })) {
    const ageMs = nowMs - preview.createdAtMs;
    if (ageMs < HOUR_MS) recent.push(preview);
    else if (ageMs >= PREVIEW_KEPT_HOURS * HOUR_MS) context.tx.delete(previews, name, preview.id);
  }
  return recent;
}

async function makePreview(
  analyzer: ExternalAnalyzer,
  { arn, configuration }: { readonly arn: Arn; readonly configuration: Configuration },
  context: Context,
): Promise<Preview> {
  const zone = { accounts: [analyzer.account], organizationId: undefined };
  const proposal = readProposal(arn, configuration);
  const existing = await findResource(arn, zone, context);
  const access = await proposedAccess(proposal, existing?.resource, zone, context);
  await refresh(analyzer, context);
  return {
    analyzer: analyzer.name,
    id: context.newId(),
    createdAtMs: context.now().getTime(),
    resource: arn,
    type: proposal.type,
    configuration,
    outcome: access === undefined ? "invalid configuration" : "completed",
    findings: access === undefined ? [] : await changesBy(access, { analyzer, arn, type: proposal.type }, context),
  };
}

interface Previewed {
  readonly analyzer: ExternalAnalyzer;
  readonly arn: string;
  readonly type: ResourceType;
}

/** What would come, stay and go. */
async function changesBy(
  access: readonly ExternalAccess[],
  { analyzer, arn, type }: Previewed,
  context: Context,
): Promise<readonly PreviewFinding[]> {
  const all = await findingsOf(analyzer.name, context.tx);
  const known = new Map(all.filter(({ resource }) => resource === arn).map((finding) => [finding.identity, finding]));
  const rules = await rulesOf(analyzer.name, context.tx);
  const coming = access.map((detail): PreviewFinding => {
    const common = { id: context.newId(), detail };
    const finding = known.get(identityOf(detail));
    known.delete(identityOf(detail));
    if (finding !== undefined && finding.status !== "RESOLVED") return { ...common, ...unchanged(finding) };
    const properties = propertyOf({ ...newFinding(detail, context), resource: arn, resourceType: type });
    const status = rules.some(({ filter }) => matchesFilter(filter, properties)) ? "ARCHIVED" : "ACTIVE";
    return finding === undefined
      ? { ...common, status, changeType: "NEW" }
      : { ...common, status, changeType: "CHANGED", existing: { id: finding.id, status: finding.status } };
  });
  return [...coming, ...[...known.values()].flatMap((finding) => going(finding, context) ?? [])];
}

const unchanged = ({ id, status }: Finding) => ({ status, changeType: "UNCHANGED" as const, existing: { id, status } });

function newFinding(detail: ExternalAccess, context: Context) {
  const nowMs = context.now().getTime();
  return {
    owner: context.account,
    status: "ACTIVE" as const,
    createdAtMs: nowMs,
    analyzedAtMs: nowMs,
    updatedAtMs: nowMs,
    detail,
  };
}

function going({ id, status, detail }: Finding, context: Context): PreviewFinding | undefined {
  if (status === "RESOLVED" || detail.kind !== "external") return undefined;
  return { id: context.newId(), detail, status: "RESOLVED", changeType: "CHANGED", existing: { id, status } };
}

export const getAccessPreview = operation("GetAccessPreview", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("GetAccessPreview", analyzerArn, context),

  async handle({ analyzerArn, accessPreviewId }, context) {
    const preview = await requirePreview(analyzerArn, accessPreviewId, context);
    const configurations = { [preview.resource]: preview.configuration };
    return { accessPreview: { ...formatPreview(preview, analyzerArn), configurations } };
  },
});

export const listAccessPreviews = operation("ListAccessPreviews", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("ListAccessPreviews", analyzerArn, context),

  async handle({ analyzerArn, ...paging }, context) {
    const { name } = await requireAnalyzerOf(analyzerArn, context);
    const oldestMs = context.now().getTime() - PREVIEW_LISTED_HOURS * HOUR_MS;
    const all = await Array.fromAsync(everyRow(context.tx, previews, { prefix: [name] }));
    const recent = all.filter(({ createdAtMs }) => createdAtMs >= oldestMs);
    const { rows, rest } = listOf(recent, paging, {
      orderOf: ({ createdAtMs, id }) => [new Date(createdAtMs).toISOString(), id],
      descending: true,
    });
    return { accessPreviews: rows.map((preview) => formatPreview(preview, analyzerArn)), ...rest };
  },
});

export const listAccessPreviewFindings = operation("ListAccessPreviewFindings", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("ListAccessPreviewFindings", analyzerArn, context),

  async handle({ analyzerArn, accessPreviewId, filter = {}, ...paging }, context) {
    const preview = await requirePreview(analyzerArn, accessPreviewId, context);
    if (preview.outcome !== "completed") throw previewFailed(accessPreviewId);
    requireFilter(filter, "preview findings", "external");
    const matching = preview.findings.filter((finding) =>
      matchesFilter(filter, previewProperties(finding, preview, context)),
    );
    const { rows, rest } = listOf(matching, paging, { orderOf: ({ id }) => [id] });
    return { findings: rows.map((finding) => formatFinding(finding, preview, context)), ...rest };
  },
});

/** @throws {AwsError} `ResourceNotFoundException`, also for one of another day. */
async function requirePreview(analyzerArn: string, id: string, context: Context): Promise<Preview> {
  const { name } = await requireAnalyzerOf(analyzerArn, context);
  const preview = await context.tx.get(previews, name, id);
  const oldestMs = context.now().getTime() - PREVIEW_KEPT_HOURS * HOUR_MS;
  if (!preview || preview.createdAtMs < oldestMs) throw previewNotFound(id);
  return preview;
}

function previewProperties(finding: PreviewFinding, { resource, type }: Preview, context: Context) {
  const common = propertyOf({
    ...newFinding(finding.detail, context),
    id: finding.id,
    status: finding.status,
    resource,
    resourceType: type,
  });
  return (key: string) => {
    if (key === "changeType") return finding.changeType;
    if (key === "existingFindingId") return finding.existing?.id;
    return key === "existingFindingStatus" ? finding.existing?.status : common(key);
  };
}

const formatPreview = ({ id, createdAtMs, outcome }: Preview, analyzerArn: string): AccessPreviewSummary => ({
  id,
  analyzerArn,
  createdAt: new Date(createdAtMs),
  ...(outcome === "completed"
    ? { status: "COMPLETED" }
    : { status: "FAILED", statusReason: { code: "INVALID_CONFIGURATION" } }),
});

const formatFinding = (
  { id, detail, status, changeType, existing }: PreviewFinding,
  { resource, type, createdAtMs }: Preview,
  { account }: Context,
): AccessPreviewFinding => ({
  id,
  ...formatAccess(detail),
  resource,
  resourceType: type,
  resourceOwnerAccount: account,
  createdAt: new Date(createdAtMs),
  changeType,
  status,
  ...(existing && { existingFindingId: existing.id, existingFindingStatus: existing.status }),
});
