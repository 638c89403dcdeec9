/**
 * Archives: what is to be kept of a bus's events. A rule of AWS's own fills each.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html,
 * https://github.com/getmoto/moto/blob/master/tests/test_events/test_events.py (test_archive_actual_events: the rule)
 */
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onBus, onOwn } from "../access.ts";
import { archives, arnOfArchive, requireArchive, shelfOf, type Archive } from "./row.ts";
import { EMPTY, retentionChanged, sumOf } from "./archived-event.ts";
import { requirePattern } from "../rule/asked-pattern.ts";
import { requireKey } from "../bus/key.ts";
import { isOwn, placeOf, requireBus, type Bus } from "../bus/row.ts";
import { archiveExists, archiveUnchanged, busNotFound, filterOnly, invalidToken } from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE_MAX } from "../limits.ts";
import { filtered } from "../listing.ts";
import { keep } from "../rule/rule.ts";
import { rulebookChanged } from "../rule/rulebook.ts";
import { rules } from "../rule/row.ts";
import { targets } from "../target/row.ts";

const MANAGER = "prod.vhs.events.aws.internal";
const TARGET_ID = "archive";
const ruleOf = (archive: string): string => `Events-Archive-${archive}`;

export const createArchive = operation("CreateArchive", {
  async authorize({ ArchiveName, EventSourceArn }, context): Promise<readonly Access[]> {
    return [
      onOwn("CreateArchive", `archive/${ArchiveName}`, context),
      await onBus("CreateArchive", EventSourceArn, context),
    ];
  },

  async handle(input, context) {
    const { ArchiveName: name, EventSourceArn, Description, EventPattern, RetentionDays, KmsKeyIdentifier } = input;
    const { tx, account, region, partition } = context;
    if ((await tx.get(archives, name)) !== undefined) throw archiveExists(name);
    const bus = await requireOwnBus(EventSourceArn, context);
    if (EventPattern !== undefined) requirePattern(EventPattern);
    const archive: Archive = {
      name,
      account,
      region,
      partition,
      bus: bus.name,
      sourceArn: EventSourceArn,
      ...(Description !== undefined && { description: Description }),
      ...(EventPattern !== undefined && { pattern: EventPattern }),
      ...keyOf(KmsKeyIdentifier),
      shelf: `${name} ${context.newId()}`,
      retentionDays: RetentionDays ?? 0,
      createdAtMs: context.now().getTime(),
    };
    await requireKey({ ...archive, arn: arnOfArchive(archive) }, context);
    tx.put(archives, archive);
    await putRule(archive, context);
    return answerOf(archive);
  },
});

/** Without a name it is a key of AWS's own. */
const keyOf = (kmsKey = ""): Pick<Archive, "kmsKey"> => (kmsKey === "" ? {} : { kmsKey });

/** An archive is where its bus is. @throws {AwsError} `ResourceNotFoundException` */
async function requireOwnBus(arn: string, context: Context): Promise<Bus> {
  const bus = await requireBus(arn, context);
  if (!isOwn(bus, context)) throw busNotFound(bus.name);
  return bus;
}

const answerOf = (archive: Archive) => ({
  ArchiveArn: arnOfArchive(archive),
  State: "ENABLED" as const,
  CreationTime: new Date(archive.createdAtMs),
});

/** The rule that fills it: never with what is replayed. */
async function putRule(archive: Archive, context: Context): Promise<void> {
  const { name, bus, account, region, partition } = archive;
  const asked: Record<string, unknown> = archive.pattern === undefined ? {} : JSON.parse(archive.pattern);
  const pattern = JSON.stringify({ ...asked, "replay-name": [{ exists: false }] });
  const place = placeOf(archive.sourceArn, context);
  const rule = {
    name: ruleOf(name),
    bus,
    account,
    region,
    partition,
    pattern,
    state: "ENABLED" as const,
    managedBy: MANAGER,
    archive: name,
    createdBy: account,
    enabledAtMs: archive.createdAtMs,
    tags: {},
  };
  await keep(rule, place, context);
  const template =
    `{"archive-arn": "${arnOfArchive(archive)}", "event": <aws.events.event.json>, ` +
    '"ingestion-time": <aws.events.event.ingestion-time>}';
  const arn = `arn:${partition}:events:${region}:::`;
  const given = { Id: TARGET_ID, Arn: arn, InputTransformer: { InputPathsMap: {}, InputTemplate: template } };
  place.tx.put(targets, { bus, rule: rule.name, id: TARGET_ID, arn, given });
}

export const describeArchive = operation("DescribeArchive", {
  authorize: ({ ArchiveName }, context) => onOwn("DescribeArchive", `archive/${ArchiveName}`, context),

  async handle({ ArchiveName }, context) {
    const archive = await requireArchive(ArchiveName, context.tx);
    const { description, pattern, kmsKey } = archive;
    return {
      ...(await shown(archive, context)),
      ArchiveArn: arnOfArchive(archive),
      ...(description !== undefined && { Description: description }),
      ...(pattern !== undefined && { EventPattern: pattern }),
      ...(kmsKey !== undefined && { KmsKeyIdentifier: kmsKey }),
    };
  },
});

async function shown(archive: Archive, { tx }: Context) {
  const { events, bytes } = await sumOf(archive, tx);
  return {
    ArchiveName: archive.name,
    EventSourceArn: archive.sourceArn,
    State: "ENABLED" as const,
    RetentionDays: archive.retentionDays,
    SizeBytes: bytes,
    EventCount: events,
    CreationTime: new Date(archive.createdAtMs),
  };
}

export const updateArchive = operation("UpdateArchive", {
  authorize: ({ ArchiveName }, context) => onOwn("UpdateArchive", `archive/${ArchiveName}`, context),

  async handle({ ArchiveName, Description, EventPattern, RetentionDays, KmsKeyIdentifier }, context) {
    const changes = [Description, EventPattern, RetentionDays, KmsKeyIdentifier];
    if (changes.every((change) => change === undefined)) throw archiveUnchanged();
    if (EventPattern !== undefined) requirePattern(EventPattern);
    const archive = await requireArchive(ArchiveName, context.tx);
    const { kmsKey: formerKey, ...kept } = archive;
    const changed: Archive = {
      ...kept,
      ...(Description !== undefined && { description: Description }),
      ...(EventPattern !== undefined && { pattern: EventPattern }),
      ...keyOf(KmsKeyIdentifier ?? formerKey),
      retentionDays: RetentionDays ?? archive.retentionDays,
    };
    if (changed.kmsKey !== archive.kmsKey) await requireKey({ ...changed, arn: arnOfArchive(changed) }, context);
    context.tx.put(archives, changed);
    await putRule(changed, context);
    await retentionChanged(changed, context);
    return answerOf(changed);
  },
});

export const listArchives = operation("ListArchives", {
  authorize: () => ({ action: "events:ListArchives", resource: "*" }),

  async handle({ NamePrefix, EventSourceArn, State, NextToken: token, Limit: limit = PAGE_MAX }, context) {
    if ([NamePrefix, EventSourceArn, State].filter((given) => given !== undefined).length > 1) {
      throw filterOnly("ListArchives");
    }
    if (EventSourceArn !== undefined) await requireOwnBus(EventSourceArn, context);
    const isMeant = ({ sourceArn }: Archive) =>
      (EventSourceArn === undefined || sourceArn === EventSourceArn) && (State === undefined || State === "ENABLED");
    const asked = { startsWith: NamePrefix, isMeant, token, limit, invalidToken };
    const { rows, next } = await filtered(context.tx, archives, asked);
    const Archives = await Promise.all(rows.map((archive) => shown(archive, context)));
    return { Archives, ...(next !== undefined && { NextToken: next }) };
  },
});

export const deleteArchive = operation("DeleteArchive", {
  authorize: ({ ArchiveName }, context) => onOwn("DeleteArchive", `archive/${ArchiveName}`, context),

  async handle({ ArchiveName }, context) {
    const archive = await requireArchive(ArchiveName, context.tx);
    const place = placeOf(archive.sourceArn, context);
    context.tx.delete(archives, archive.name);
    place.tx.delete(rules, archive.bus, ruleOf(archive.name));
    place.tx.delete(targets, archive.bus, ruleOf(archive.name), TARGET_ID);
    await rulebookChanged(place, context);
    context.at(context.now().getTime(), EMPTY, shelfOf(archive));
    return {};
  },
});
