/**
 * Rules as they are written in XML: which are well formed, and how they are read back.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html,
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_put_bucket_lifecycle_conf_exc, recorded)
 */
import type {
  LifecycleExpiration,
  LifecycleRule,
  LifecycleRuleFilter,
  NoncurrentVersionExpiration,
  NoncurrentVersionTransition as WrittenNoncurrentTransition,
  Tag,
  Transition as WrittenTransition,
} from "@aws-sdk/client-s3";
import type { Tags } from "../../../kernel/tags.ts";
import type { Validated } from "../../../service/sdk.ts";
import { requireWord } from "../choice.ts";
import { invalidArgument, invalidRequest, malformedXml } from "../errors.ts";
import { LIFECYCLE_RULE_ID_CHARACTERS_MAX } from "../limits.ts";
import {
  COLDER_CLASSES,
  type Expiration,
  type Moment,
  type NoncurrentMoment,
  type NoncurrentTransition,
  type Rule,
  type Transition,
} from "./rule.ts";
import { requireActions, requireDays, requireOrder, requireSelection } from "./rule-limits.ts";

const STATUSES = ["Enabled", "Disabled"] as const;

type WrittenRule = Validated<LifecycleRule>;
type WrittenFilter = Validated<LifecycleRuleFilter>;

/** @throws {AwsError} `MalformedXML`, `InvalidArgument`, `InvalidRequest` */
export function parseRule(written: WrittenRule, newRuleId: () => string): Rule {
  const { Prefix: prefix, Filter: filter, AbortIncompleteMultipartUpload: abort } = written;
  const rule: Rule = {
    id: written.ID || newRuleId(),
    enabled: requireWord(written.Status, STATUSES) === "Enabled",
    written: filter === undefined ? { prefix: prefix ?? "" } : { filter },
    selection: parseSelection(prefix, filter),
    expiration: written.Expiration && parseExpiration(written.Expiration),
    transitions: (written.Transitions ?? []).map(parseTransition),
    noncurrentExpiration: written.NoncurrentVersionExpiration && parseNoncurrent(written.NoncurrentVersionExpiration),
    noncurrentTransitions: (written.NoncurrentVersionTransitions ?? []).map(parseNoncurrentTransition),
    abortAfterDays: abort && (abort.DaysAfterInitiation ?? 0),
  };
  if (rule.id.length > LIFECYCLE_RULE_ID_CHARACTERS_MAX) {
    throw invalidArgument(`ID length should not exceed allowed limit of ${LIFECYCLE_RULE_ID_CHARACTERS_MAX}`);
  }
  requireSelection(rule);
  requireActions(rule);
  requireDays(rule);
  requireOrder(rule);
  return rule;
}

function parseSelection(prefix: string | undefined, filter: WrittenFilter | undefined): Rule["selection"] {
  if ((prefix === undefined) === (filter === undefined)) throw malformedXml();
  return filter === undefined ? { prefix: prefix ?? "", tags: {} } : parseFilter(filter);
}

/** One condition, or `And` with two or more. */
function parseFilter(filter: WrittenFilter): Rule["selection"] {
  const conditions = Object.values(filter.And ?? {}).flat();
  if (Object.keys(filter).length > 1 || (filter.And && conditions.length < 2)) throw malformedXml();
  const { Prefix = "", ObjectSizeGreaterThan: largerThan, ObjectSizeLessThan: smallerThan } = filter.And ?? filter;
  const tags = filter.And?.Tags ?? (filter.Tag ? [filter.Tag] : []);
  return { prefix: Prefix, tags: parseTags(tags), largerThan, smallerThan };
}

function parseTags(set: readonly Validated<Tag>[]): Tags {
  const tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
  if (Object.keys(tags).length < set.length) throw invalidRequest("Duplicate Tag Keys are not allowed.");
  return tags;
}

function parseExpiration({
  Days,
  Date: date,
  ExpiredObjectDeleteMarker: removes,
}: Validated<LifecycleExpiration>): Expiration {
  const given = [Days, date, removes].filter((value) => value !== undefined);
  if (given.length !== 1) throw malformedXml();
  return removes === undefined ? parseMoment(Days, date) : { kind: "marker", removes };
}

function parseMoment(days: number | undefined, date: Date | undefined): Moment {
  if ((days === undefined) === (date === undefined)) throw malformedXml();
  if (days !== undefined) return { kind: "days", days };
  return { kind: "date", dateMs: requireMidnight(date ?? new Date(Number.NaN)) };
}

function requireMidnight(date: Date): number {
  const isMidnight = date.getUTCHours() + date.getUTCMinutes() + date.getUTCSeconds() + date.getUTCMilliseconds() === 0;
  if (isMidnight) return date.getTime();
  throw invalidArgument("'Date' must be at midnight GMT", { name: "Date", value: date.toISOString() });
}

function parseTransition({ Days, Date: date, StorageClass }: Validated<WrittenTransition>): Transition {
  if (StorageClass === undefined) throw malformedXml();
  return { when: parseMoment(Days, date), storageClass: requireWord(StorageClass, COLDER_CLASSES) };
}

/** Days are wanted, though not by the schema where the newer ones are counted. */
function parseNoncurrent(written: Validated<NoncurrentVersionExpiration>): NoncurrentMoment {
  const { NoncurrentDays: days, NewerNoncurrentVersions: newer } = written;
  if (days === undefined && newer === undefined) throw malformedXml();
  return { days: days ?? 0, newer };
}

function parseNoncurrentTransition(written: Validated<WrittenNoncurrentTransition>): NoncurrentTransition {
  const { NoncurrentDays: days, StorageClass: storageClass, NewerNoncurrentVersions: newer } = written;
  if (days === undefined || storageClass === undefined) throw malformedXml();
  return { days, newer, storageClass: requireWord(storageClass, COLDER_CLASSES) };
}

/** As it was written. */
export function formatRule(rule: Rule): LifecycleRule {
  const { expiration, noncurrentExpiration, abortAfterDays, transitions, noncurrentTransitions } = rule;
  return {
    ID: rule.id,
    ...("filter" in rule.written ? { Filter: formatFilter(rule.written.filter) } : { Prefix: rule.written.prefix }),
    Status: rule.enabled ? "Enabled" : "Disabled",
    Expiration: expiration && formatExpiration(expiration),
    Transitions: transitions.map(({ when, storageClass }) => ({ ...formatMoment(when), StorageClass: storageClass })),
    NoncurrentVersionTransitions: noncurrentTransitions.map(({ storageClass, ...moment }) => ({
      ...formatNoncurrent(moment),
      StorageClass: storageClass,
    })),
    NoncurrentVersionExpiration: noncurrentExpiration && formatNoncurrent(noncurrentExpiration),
    AbortIncompleteMultipartUpload: abortAfterDays === undefined ? undefined : { DaysAfterInitiation: abortAfterDays },
  };
}

const formatFilter = ({ And: and, ...filter }: WrittenFilter): LifecycleRuleFilter =>
  and === undefined ? filter : { And: { ...and, Tags: and.Tags && [...and.Tags] } };

const formatExpiration = (expiration: Expiration): LifecycleExpiration =>
  expiration.kind === "marker" ? { ExpiredObjectDeleteMarker: expiration.removes } : formatMoment(expiration);

const formatMoment = (when: Moment) => (when.kind === "days" ? { Days: when.days } : { Date: new Date(when.dateMs) });

const formatNoncurrent = ({ days, newer }: NoncurrentMoment) => ({
  NoncurrentDays: days,
  NewerNoncurrentVersions: newer,
});
