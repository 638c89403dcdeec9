/**
 * Which events a trail logs: event selectors, basic and advanced.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
 */
import type { EventSelector } from "@aws-sdk/client-cloudtrail";
import { findOwn } from "../../kernel/lookup.ts";
import type { InputOf } from "../../service/sdk.ts";
import { requireAdvanced } from "./advanced-selector.ts";
import { tellAudience } from "./audience.ts";
import {
  dataTypeInvalid,
  dataValueInvalid,
  excludedSourceInvalid,
  selectorsMissing,
  tooManyDataResources,
  tooManySelectors,
} from "./errors.ts";
import { operation, type CloudtrailSdk } from "./kit.ts";
import { DATA_RESOURCES_MAX, EVENT_SELECTORS_MAX } from "./limits.ts";
import { onTrail, requireOwnTrail, requireTrail } from "./trail-name.ts";
import { arnOf, putTrail, type Selectors, type Trail } from "./trail-row.ts";

/** What a trail logs about which nothing was said. */
const USUAL: EventSelector = {
  ReadWriteType: "All",
  IncludeManagementEvents: true,
  DataResources: [],
  ExcludeManagementEventSources: [],
};

export const putEventSelectors = operation("PutEventSelectors", {
  authorize: ({ TrailName }, context) => onTrail("PutEventSelectors", TrailName, context),

  async handle({ TrailName, EventSelectors: basic = [], AdvancedEventSelectors: advanced = [] }, context) {
    const trail = await requireOwnTrail(TrailName, context);
    if ((basic.length === 0) === (advanced.length === 0)) throw selectorsMissing();
    const selectors: Selectors =
      basic.length > 0
        ? { kind: "basic", selectors: requireBasic(basic) }
        : { kind: "advanced", selectors: requireAdvanced(advanced, "trail") };
    const formerSelectors = { selectors: trail.selectors, untilMs: context.now().getTime() };
    const changed = { ...trail, selectors, formerSelectors };
    putTrail(changed, context.tx);
    await tellAudience(changed, context);
    return formatSelectors(changed);
  },
});

export const getEventSelectors = operation("GetEventSelectors", {
  authorize: ({ TrailName }, context) => onTrail("GetEventSelectors", TrailName, context),

  async handle({ TrailName }, context) {
    return formatSelectors(await requireTrail(TrailName, context));
  },
});

function formatSelectors(trail: Trail) {
  const TrailARN = arnOf(trail);
  const { selectors } = trail;
  switch (selectors.kind) {
    case "usual":
      return { TrailARN, EventSelectors: [USUAL] };
    case "basic":
      return { TrailARN, EventSelectors: [...selectors.selectors] };
    case "advanced":
      return { TrailARN, AdvancedEventSelectors: [...selectors.selectors] };
  }
}

/** The services whose management events may be left out, since there are so many. */
const EXCLUDABLE: readonly string[] = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/** The types of resources that basic selectors know, with the forms of what is named. */
const DATA_VALUES: Readonly<Record<string, RegExp>> = {
  "AWS::S3::Object": /^arn:[\w-]+:s3(?::::?|:::[^*]+)?$/,
  "AWS::Lambda::Function": /^arn:[\w-]+:lambda(?::[\w-]+:\d{12}:function:[\w-]+)?$/,
  "AWS::DynamoDB::Table": /^arn:[\w-]+:dynamodb(?::[\w-]+:\d{12}:table\/[\w.-]+)?$/,
};

type Given = NonNullable<InputOf<CloudtrailSdk, "PutEventSelectors">["EventSelectors"]>;

/** @throws {AwsError} `InvalidEventSelectorsException` */
function requireBasic(given: Given): EventSelector[] {
  if (given.length > EVENT_SELECTORS_MAX) throw tooManySelectors();
  const values = given.flatMap(({ DataResources = [] }) => DataResources.flatMap(({ Values = [] }) => Values));
  if (values.length > DATA_RESOURCES_MAX) throw tooManyDataResources();
  return given.map((selector) => ({ ...USUAL, ...requireOne(selector) }));
}

function requireData({ Type = "", Values = [] }: NonNullable<Given[number]["DataResources"]>[number]): void {
  const form = findOwn(DATA_VALUES, Type);
  if (form === undefined) throw dataTypeInvalid(Type);
  const wrong = Values.find((value) => !form.test(value));
  if (wrong !== undefined) throw dataValueInvalid(wrong);
}

function requireOne(selector: Given[number]): EventSelector {
  for (const resource of selector.DataResources ?? []) requireData(resource);
  const excluded = selector.ExcludeManagementEventSources ?? [];
  const wrong = excluded.find((source) => !EXCLUDABLE.includes(source));
  if (wrong !== undefined) throw excludedSourceInvalid(wrong);
  const { DataResources = [], ReadWriteType, IncludeManagementEvents } = selector;
  return {
    ...(ReadWriteType !== undefined && { ReadWriteType }),
    ...(IncludeManagementEvents !== undefined && { IncludeManagementEvents }),
    DataResources: DataResources.map(({ Type, Values = [] }) => ({ Type, Values: [...Values] })),
    ExcludeManagementEventSources: [...excluded],
  };
}
