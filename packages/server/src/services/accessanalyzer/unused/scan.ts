/** Looks at the users and roles of a zone of trust for access that is not used. */
import type { AccountId } from "../../../kernel/arn.ts";
import { HOUR_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { fingerprintOf, lastAnalyses } from "../resource/row.ts";
import type { UnusedAnalyzer } from "../analyzer/row.ts";
import { IamView, type RoleFacts, type UserFacts } from "./identity.ts";
import { Findings, type Discovery, type Examined } from "../finding/reconcile.ts";
import { serviceSession } from "../service-role.ts";
import { isExcluded, recentSince, unusedCredentials, unusedPermissions, unusedRole, type IsRecent } from "./access.ts";
import type { Zone } from "../analyzer/zone.ts";

interface UnusedScan {
  readonly analyzer: string;
  /** Of what was looked for, and where. */
  readonly fingerprint: string;
  readonly atMs: number;
}

const unusedScans = table<UnusedScan>("accessanalyzer.unused-scan", "region", ({ analyzer }) => [analyzer]);

/** A new analyzer of that name begins anew. */
export const forgetScan = (analyzer: string, tx: Context["tx"]): void => tx.delete(unusedScans, analyzer);

/** Differs: AWS looks once a day. */
const SCAN_EVERY_MS = HOUR_MS;

/** Does nothing where it did not long ago: every look asks IAM many questions, which are all on record. */
export async function scanUnused(analyzer: UnusedAnalyzer, zone: Zone, context: Context): Promise<void> {
  const atMs = context.now().getTime();
  const fingerprint = fingerprintOf([analyzer.createdAtMs, analyzer.unusedAccess, zone]);
  const last = await context.tx.get(unusedScans, analyzer.name);
  if (last?.fingerprint === fingerprint && Math.abs(atMs - last.atMs) < SCAN_EVERY_MS) return;
  context.tx.put(unusedScans, { analyzer: analyzer.name, fingerprint, atMs });
  const scan = new Scan(analyzer, await Findings.open(analyzer.name, context), context);
  const left = analyzer.unusedAccess.exclusions.flatMap(({ accountIds = [] }) => accountIds);
  for (const account of zone.accounts) if (!left.includes(account)) await scan.lookAtAccount(account);
  scan.end();
}

class Scan {
  readonly #analyzer: UnusedAnalyzer;
  readonly #findings: Findings;
  readonly #context: Context;
  readonly #isRecent: IsRecent;
  readonly #met = new Set<string>();

  constructor(analyzer: UnusedAnalyzer, findings: Findings, context: Context) {
    this.#analyzer = analyzer;
    this.#findings = findings;
    this.#context = context;
    this.#isRecent = recentSince(analyzer.unusedAccess, context.now().getTime());
  }

  async lookAtAccount(account: AccountId): Promise<void> {
    const iam = new IamView(await serviceSession(account, this.#context), this.#context);
    for (const role of await iam.roles()) {
      if (this.#isLeftOut(role)) continue;
      const examined = { resource: role.arn, resourceType: "AWS::IAM::Role" as const, owner: account };
      this.#settle(examined, await this.#ofRole(role, iam));
    }
    for (const user of await iam.users()) {
      if (this.#isLeftOut(user)) continue;
      const examined = { resource: user.arn, resourceType: "AWS::IAM::User" as const, owner: account };
      this.#settle(examined, await this.#ofUser(user, iam));
    }
  }

  #isLeftOut({ tags }: RoleFacts | UserFacts): boolean {
    return isExcluded(this.#analyzer.unusedAccess, tags);
  }

  /** A role that nobody uses needs no word on its permissions. */
  async #ofRole(role: RoleFacts, iam: IamView): Promise<readonly Discovery[]> {
    const unused = unusedRole(role, this.#isRecent);
    if (unused !== undefined) return [unused];
    const permissions = await this.#permissions(role, iam);
    return permissions === undefined ? [] : [permissions];
  }

  async #ofUser(user: UserFacts, iam: IamView): Promise<readonly Discovery[]> {
    const permissions = await this.#permissions(user, iam);
    return [...unusedCredentials(user, this.#isRecent), ...(permissions === undefined ? [] : [permissions])];
  }

  async #permissions(identity: RoleFacts | UserFacts, iam: IamView): Promise<Discovery | undefined> {
    const isYoung = this.#isRecent({ createdAtMs: identity.createdAtMs });
    return isYoung ? undefined : unusedPermissions(await iam.services(identity.arn), identity, this.#isRecent);
  }

  #settle(examined: Examined, discoveries: readonly Discovery[]): void {
    this.#met.add(examined.resource);
    this.#findings.settle(examined, discoveries);
    const analyzer = this.#analyzer.name;
    this.#context.tx.put(lastAnalyses, { analyzer, resource: examined.resource, atMs: this.#context.now().getTime() });
  }

  /** Who was not met any more is gone, or left out now. */
  end(): void {
    for (const resource of this.#findings.resources()) if (!this.#met.has(resource)) this.#findings.drop(resource);
  }
}
