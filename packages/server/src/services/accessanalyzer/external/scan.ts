/** Looks at the resources with policies in a zone of trust: at those that have changed since the last time. */
import type { ResourceType } from "@aws-sdk/client-accessanalyzer";
import { parseAccountId, parseArn, type AccountId, type Arn } from "../../../kernel/arn.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import type { Context } from "../../../service/context.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "../../../service/policied.ts";
import { analyzedResources, fingerprintOf, lastAnalyses, type AnalyzedResource } from "../resource/row.ts";
import type { ExternalAnalyzer } from "../analyzer/row.ts";
import { listedAccess } from "../resource/bucket-acl.ts";
import { externalAccess } from "./access.ts";
import type { ExternalAccess } from "../finding/row.ts";
import { Findings } from "../finding/reconcile.ts";
import { actionsOnType } from "../resource/action.ts";
import { controlsOver } from "../resource/control.ts";
import { singleValuedBy } from "../policy/single-valued.ts";
import type { Zone } from "../analyzer/zone.ts";

/** The types that are looked at. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html */
const TYPES: readonly ResourceType[] = [
  "AWS::S3::Bucket",
  "AWS::IAM::Role",
  "AWS::SQS::Queue",
  "AWS::Lambda::Function",
  "AWS::Lambda::LayerVersion",
  "AWS::KMS::Key",
  "AWS::SecretsManager::Secret",
  "AWS::EFS::FileSystem",
  "AWS::EC2::Snapshot",
  "AWS::ECR::Repository",
  "AWS::RDS::DBSnapshot",
  "AWS::RDS::DBClusterSnapshot",
  "AWS::SNS::Topic",
  "AWS::S3Express::DirectoryBucket",
  "AWS::DynamoDB::Table",
  "AWS::DynamoDB::Stream",
];

/** A type that is looked at and built. */
interface Looked {
  readonly policied: Policied;
  readonly type: ResourceType;
}

async function lookedAtTypes(context: Context): Promise<readonly Looked[]> {
  const built = await context.policied.types();
  return built.flatMap((policied) => {
    const type = TYPES.find((known) => known === policied.type);
    return type === undefined ? [] : [{ policied, type }];
  });
}

const placeIn = (account: AccountId, context: Context): PoliciedPlace => ({
  tx: context.tx.in({ account }),
  account,
  region: context.region,
  partition: context.partition,
  directory: context.directory,
});

export async function scanAll(analyzer: ExternalAnalyzer, zone: Zone, context: Context): Promise<void> {
  const scan = await Scan.begin(analyzer, zone, context);
  for (const looked of await lookedAtTypes(context)) {
    for (const account of zone.accounts) await scan.lookAtType(looked, account);
  }
  scan.end();
}

/** `undefined`: there is no such resource in the zone. */
export async function scanOne(
  analyzer: ExternalAnalyzer,
  { arn, zone }: { readonly arn: Arn; readonly zone: Zone },
  context: Context,
): Promise<PoliciedResource | undefined> {
  const found = await findResource(arn, zone, context);
  if (found === undefined) return undefined;
  const scan = await Scan.begin(analyzer, zone, context);
  await scan.analyse(found.resource, found.type);
  return found.resource;
}

export async function findResource(
  arn: Arn,
  zone: Zone,
  context: Context,
): Promise<{ readonly resource: PoliciedResource; readonly type: ResourceType } | undefined> {
  const named = parseAccountId(parseArn(arn)?.account ?? "");
  const accounts = named === undefined ? zone.accounts : zone.accounts.filter((account) => account === named);
  for (const { policied, type } of await lookedAtTypes(context)) {
    for (const account of accounts) {
      const resource = await policied.find(arn, placeIn(account, context));
      if (resource !== undefined) return { resource, type };
    }
  }
  return undefined;
}

class Scan {
  readonly #analyzer: ExternalAnalyzer;
  readonly #zone: Zone;
  readonly #context: Context;
  readonly #findings: Findings;
  /** What was looked at before and has not been met yet. */
  readonly #before: Map<string, AnalyzedResource>;

  private constructor(parts: {
    readonly analyzer: ExternalAnalyzer;
    readonly zone: Zone;
    readonly context: Context;
    readonly findings: Findings;
    readonly before: readonly AnalyzedResource[];
  }) {
    this.#analyzer = parts.analyzer;
    this.#zone = parts.zone;
    this.#context = parts.context;
    this.#findings = parts.findings;
    this.#before = new Map(parts.before.map((row) => [row.arn, row]));
  }

  static async begin(analyzer: ExternalAnalyzer, zone: Zone, context: Context): Promise<Scan> {
    const findings = await Findings.open(analyzer.name, context);
    const before = await Array.fromAsync(everyRow(context.tx, analyzedResources, { prefix: [analyzer.name] }));
    return new Scan({ analyzer, zone, context, findings, before });
  }

  async lookAtType({ policied, type }: Looked, account: AccountId): Promise<void> {
    const controls = await controlsOver(type, account, this.#context);
    for (const resource of await policied.list(placeIn(account, this.#context))) {
      const fingerprint = this.#fingerprint(resource, controls);
      if (this.#before.get(resource.arn)?.fingerprint === fingerprint) this.#before.delete(resource.arn);
      else await this.analyse(resource, type);
    }
  }

  async analyse(resource: PoliciedResource, type: ResourceType): Promise<void> {
    const controls = await controlsOver(type, resource.owner, this.#context);
    const byPolicy = externalAccess(
      {
        ...resource,
        type,
        controls,
        actions: actionsOnType(type, this.#context.actions),
        isSingleValued: singleValuedBy(this.#context.actions),
      },
      this.#zone,
    );
    const found = [...byPolicy, ...listedAccess(resource.listed ?? [], controls)];
    this.#keep(resource, { type, found, fingerprint: this.#fingerprint(resource, controls) });
    const examined = { resource: resource.arn, resourceType: type, owner: resource.owner };
    this.#findings.settle(
      examined,
      found.map((detail) => ({ identity: identityOf(detail), detail })),
    );
  }

  #fingerprint(resource: PoliciedResource, controls: ExternalAccess["controls"]): string {
    const { policy, grants, listed, publicAccess } = resource;
    return fingerprintOf([policy, grants, listed, publicAccess, controls, this.#zone]);
  }

  #keep(
    { arn, owner }: PoliciedResource,
    {
      type,
      found,
      fingerprint,
    }: Pick<AnalyzedResource, "type" | "fingerprint"> & { readonly found: readonly ExternalAccess[] },
  ): void {
    const nowMs = this.#context.now().getTime();
    const known = this.#before.get(arn);
    this.#before.delete(arn);
    const analyzer = this.#analyzer.name;
    this.#context.tx.put(analyzedResources, {
      analyzer,
      arn,
      type,
      owner,
      fingerprint,
      createdAtMs: known?.createdAtMs ?? nowMs,
      analyzedAtMs: nowMs,
      updatedAtMs: known?.fingerprint === fingerprint ? known.updatedAtMs : nowMs,
      isPublic: found.some(({ isPublic }) => isPublic),
      actions: [...new Set(found.flatMap(({ actions }) => actions))].toSorted(),
      sharedVia: [...new Set(found.flatMap(({ sources }) => sources))],
    });
    this.#context.tx.put(lastAnalyses, { analyzer, resource: arn, atMs: nowMs });
  }

  /** What was not met any more is gone. */
  end(): void {
    for (const arn of this.#before.keys()) {
      this.#context.tx.delete(analyzedResources, this.#analyzer.name, arn);
      this.#findings.drop(arn);
    }
  }
}

/** Other permissions or conditions are another finding. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-work-with-findings.html */
export const identityOf = ({ principal, actions, conditions, isPublic }: ExternalAccess): string =>
  JSON.stringify([principal, actions, conditions, isPublic]);
