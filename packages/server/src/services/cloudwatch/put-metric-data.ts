/** Data that users send. */
import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { Tally, type Distribution } from "../../kernel/distribution.ts";
import { DAY_MS, HOUR_MS } from "../../kernel/duration.ts";
import type { Validated } from "../../service/sdk.ts";
import { noteData, type NewData } from "./intake.ts";
import { KEPT } from "./datum.ts";
import type { Dimension } from "./metric.ts";
import { notBoth, notOfSameSize, oneOf, required, tooFarAhead, tooMany, tooOld, valueInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import {
  DATA_PER_CALL_MAX,
  DATUM_AGE_DAYS_MAX,
  DATUM_AHEAD_HOURS_MAX,
  VALUE_MAX,
  VALUES_PER_DATUM_MAX,
} from "./limits.ts";

type Given = Validated<MetricDatum>;

export const putMetricData = operation("PutMetricData", {
  authorize: ({ Namespace }) => ({
    action: "cloudwatch:PutMetricData",
    resource: "*",
    keys: { "cloudwatch:namespace": Namespace },
  }),

  async handle({ Namespace: namespace, MetricData, EntityMetricData }, context) {
    if (namespace.startsWith("AWS/")) throw valueInvalid("AWS/", "Namespace");
    const nowMs = context.now().getTime();
    const lists = [
      { name: "MetricData", all: MetricData ?? [] },
      ...(EntityMetricData ?? []).map(({ MetricData: all }, index) => ({
        name: `EntityMetricData.member.${index + 1}.MetricData`,
        all: all ?? [],
      })),
    ];
    if (MetricData === undefined && EntityMetricData === undefined) throw required("MetricData");
    if (lists.reduce((sum, { all }) => sum + all.length, 0) > DATA_PER_CALL_MAX) {
      throw tooMany("MetricData", DATA_PER_CALL_MAX);
    }
    const given = lists.flatMap(({ name, all }) =>
      all.map((datum, index) => readDatum(datum, { namespace, nowMs, name: `${name}.member.${index + 1}` })),
    );
    await noteData(given, context);
    return {};
  },
});

interface Around {
  readonly namespace: string;
  readonly nowMs: number;
  /** What the datum is called in errors: `MetricData.member.1`. */
  readonly name: string;
}

function readDatum(datum: Given, { namespace, nowMs, name }: Around): NewData {
  const { MetricName, Dimensions = [], Unit = "None", StorageResolution = 60, Timestamp } = datum;
  requireDimensions(Dimensions, name);
  if (StorageResolution !== 1 && StorageResolution !== 60) {
    throw valueInvalid(StorageResolution, `${name}.StorageResolution`);
  }
  const atMs = Timestamp?.getTime() ?? nowMs;
  if (atMs < nowMs - DATUM_AGE_DAYS_MAX * DAY_MS) throw tooOld(`${name}.Timestamp`);
  if (atMs > nowMs + DATUM_AHEAD_HOURS_MAX * HOUR_MS) throw tooFarAhead(`${name}.Timestamp`);
  const isFine = StorageResolution === 1 && atMs > nowMs - KEPT[1].keptMs;
  return {
    metric: { namespace, name: MetricName, dimensions: Dimensions.map(({ Name, Value }) => ({ Name, Value })) },
    resolution: isFine ? 1 : 60,
    atMs,
    unit: Unit,
    values: valuesOf(datum, name),
  };
}

function requireDimensions(dimensions: readonly Dimension[], name: string): void {
  for (const [index, { Name, Value }] of dimensions.entries()) {
    if (Name.trim() === "") throw required(`${name}.Dimensions.member.${index + 1}.Name`);
    if (Value.trim() === "") throw required(`${name}.Dimensions.member.${index + 1}.Value`);
  }
}

/** @throws {AwsError} `InvalidParameterValue`, `InvalidParameterCombination`, `MissingParameter` */
function valuesOf(datum: Given, name: string): Distribution {
  requireOneKind(datum, name);
  const { Value, Values, Counts, StatisticValues } = datum;
  if (StatisticValues !== undefined) return statisticSet(StatisticValues, `${name}.StatisticValues`);
  if (Counts !== undefined && Counts.length !== Values?.length) {
    throw notOfSameSize(`${name}.Values`, `${name}.Counts`);
  }
  if (Values !== undefined) return listOf(Values, { counts: Counts, name });
  const value = Value ?? 0;
  requireNumber(value, `${name}.Value`);
  return { count: 1, sum: value, min: value, max: value, values: [[value, 1]] };
}

/**
 * A value, or a list of them, or what they come to; where a list and its sums are both there, the sums count.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_put_metric_data_validation)
 */
function requireOneKind({ Value, Values, StatisticValues }: Given, name: string): void {
  const others = Object.entries({ Values, StatisticValues }).flatMap(([kind, value]) =>
    value === undefined ? [] : [`${name}.${kind}`],
  );
  const [other] = others;
  if (Value === undefined && other === undefined) throw oneOf(`${name}.Value`, `${name}.StatisticValues`);
  if (Value !== undefined && other !== undefined) throw notBoth(`${name}.Value`, other);
}

interface Listed {
  readonly counts: readonly number[] | undefined;
  readonly name: string;
}

function listOf(values: readonly number[], { counts, name }: Listed): Distribution {
  if (values.length > VALUES_PER_DATUM_MAX) throw tooMany(`${name}.Values`, VALUES_PER_DATUM_MAX);
  const tally = new Tally();
  for (const [index, value] of values.entries()) {
    requireNumber(value, `${name}.Values.member.${index + 1}`);
    const count = counts?.[index] ?? 1;
    if (!(count >= 0 && count <= VALUE_MAX)) throw valueInvalid(count, `${name}.Counts.member.${index + 1}`);
    if (count > 0) tally.add(value, count);
  }
  if (tally.isEmpty) throw required(`${name}.Values`);
  return tally.distribution();
}

/** Where all values are the same, they are known. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
function statisticSet(
  { SampleCount: count, Sum: sum, Minimum: min, Maximum: max }: NonNullable<Given["StatisticValues"]>,
  name: string,
): Distribution {
  for (const [member, value] of Object.entries({ SampleCount: count, Sum: sum, Minimum: min, Maximum: max })) {
    requireNumber(value, `${name}.${member}`);
  }
  if (count < 0) throw valueInvalid(count, `${name}.SampleCount`);
  if (min > max) throw valueInvalid(min, `${name}.Minimum`);
  const isKnown = min === max && (count === 1 || sum === min * count);
  return { count, sum, min, max, ...(isKnown && { values: [[min, count]] }) };
}

function requireNumber(value: number, name: string): void {
  if (!(Math.abs(value) <= VALUE_MAX)) throw valueInvalid(value, name);
}
