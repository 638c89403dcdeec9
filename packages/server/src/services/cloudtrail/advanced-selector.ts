/**
 * Advanced event selectors: conditions on fields of events.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
import type { AdvancedEventSelector, AdvancedFieldSelector } from "@aws-sdk/client-cloudtrail";
import { findOwn } from "../../kernel/lookup.ts";
import type { InputOf } from "../../service/sdk.ts";
import { fieldEmpty, fieldInvalid, fieldMissing, fieldRepeated, tooManyConditions } from "./errors.ts";
import type { TrailEvent } from "./event/event.ts";
import type { CloudtrailSdk } from "./kit.ts";
import { SELECTOR_CONDITIONS_MAX } from "./limits.ts";

const CATEGORY = "eventCategory";
const RESOURCE_TYPE = "resources.type";

/** The fields of each category of events. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Management: [CATEGORY, "eventSource", "readOnly"],
  Data: [
    CATEGORY,
    "eventName",
    "eventSource",
    "eventType",
    "readOnly",
    "resources.ARN",
    RESOURCE_TYPE,
    "sessionCredentialFromConsole",
    "userIdentity.arn",
  ],
  NetworkActivity: [CATEGORY, "errorCode", "eventName", "eventSource", "vpcEndpointId"],
};

/** Who chooses by selectors: a trail, or an event data store. */
type Chooser = "trail" | "store";

/** What only one of the two knows besides, by category. */
const MORE_FIELDS: Readonly<Record<Chooser, Readonly<Record<string, readonly string[]>>>> = {
  trail: { NetworkActivity: ["userIdentity.arn"] },
  store: { Management: ["eventName", "eventType", "sessionCredentialFromConsole", "userIdentity.arn"] },
};

/** Those that can only be compared by `Equals`. */
const EQUAL_ONLY: ReadonlySet<string> = new Set([CATEGORY, "readOnly", RESOURCE_TYPE]);

/** Those that have to be there, with `Equals`. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Data: [RESOURCE_TYPE],
  NetworkActivity: ["eventSource"],
};

type Condition = (value: string, wanted: string) => boolean;

const CONDITIONS: Readonly<Record<string, { readonly holds: Condition; readonly isNegative: boolean }>> = {
  Equals: { holds: (value, wanted) => value === wanted, isNegative: false },
  StartsWith: { holds: (value, wanted) => value.startsWith(wanted), isNegative: false },
  EndsWith: { holds: (value, wanted) => value.endsWith(wanted), isNegative: false },
  NotEquals: { holds: (value, wanted) => value === wanted, isNegative: true },
  NotStartsWith: { holds: (value, wanted) => value.startsWith(wanted), isNegative: true },
  NotEndsWith: { holds: (value, wanted) => value.endsWith(wanted), isNegative: true },
};

type Given = NonNullable<InputOf<CloudtrailSdk, "PutEventSelectors">["AdvancedEventSelectors"]>;

/** @throws {AwsError} `InvalidEventSelectorsException` */
export function requireAdvanced(given: Given, chooser: Chooser): AdvancedEventSelector[] {
  const selectors = given.map(({ Name, FieldSelectors }) => ({
    ...(Name !== undefined && { Name }),
    FieldSelectors: FieldSelectors.map(copied),
  }));
  const conditions = selectors.flatMap(({ FieldSelectors }) => FieldSelectors.flatMap(valuesOf));
  if (conditions.length > SELECTOR_CONDITIONS_MAX) throw tooManyConditions();
  for (const { FieldSelectors } of selectors) requireFields(FieldSelectors, chooser);
  return selectors;
}

function copied({ Field, ...conditions }: Given[number]["FieldSelectors"][number]): AdvancedFieldSelector {
  const field: AdvancedFieldSelector = { Field };
  const { Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith } = conditions;
  if (Equals !== undefined) field.Equals = [...Equals];
  if (StartsWith !== undefined) field.StartsWith = [...StartsWith];
  if (EndsWith !== undefined) field.EndsWith = [...EndsWith];
  if (NotEquals !== undefined) field.NotEquals = [...NotEquals];
  if (NotStartsWith !== undefined) field.NotStartsWith = [...NotStartsWith];
  if (NotEndsWith !== undefined) field.NotEndsWith = [...NotEndsWith];
  return field;
}

function requireFields(fields: readonly AdvancedFieldSelector[], chooser: Chooser): void {
  const category = equalsOf(fields, CATEGORY);
  if (category === undefined) throw fieldMissing(CATEGORY);
  const known = findOwn(FIELDS, category);
  if (known === undefined) throw fieldInvalid(CATEGORY);
  const all = [...known, ...(findOwn(MORE_FIELDS[chooser], category) ?? [])];
  for (const [at, field] of fields.entries()) requireField(field, all, fields.slice(0, at));
  const missing = (findOwn(REQUIRED, category) ?? []).find((name) => equalsOf(fields, name) === undefined);
  if (missing !== undefined) throw fieldMissing(missing);
}

function requireField(
  field: AdvancedFieldSelector,
  known: readonly string[],
  before: readonly AdvancedFieldSelector[],
): void {
  const { Field: name = "" } = field;
  if (!known.includes(name)) throw fieldInvalid(name);
  if (before.some(({ Field }) => Field === name)) throw fieldRepeated(name);
  const values = valuesOf(field);
  if (values.length === 0) throw fieldEmpty(name);
  if (EQUAL_ONLY.has(name) && field.Equals?.length !== values.length) throw fieldInvalid(name);
}

const equalsOf = (fields: readonly AdvancedFieldSelector[], name: string): string | undefined =>
  fields.find(({ Field }) => Field === name)?.Equals?.[0];

const valuesOf = (field: AdvancedFieldSelector): readonly string[] =>
  Object.keys(CONDITIONS).flatMap((name) => conditionOf(field, name));

/** The values that a field is compared with in one way. */
function conditionOf(field: AdvancedFieldSelector, name: string): readonly string[] {
  switch (name) {
    case "Equals":
      return field.Equals ?? [];
    case "StartsWith":
      return field.StartsWith ?? [];
    case "EndsWith":
      return field.EndsWith ?? [];
    case "NotEquals":
      return field.NotEquals ?? [];
    case "NotStartsWith":
      return field.NotStartsWith ?? [];
    default:
      return field.NotEndsWith ?? [];
  }
}

/** Whether trails with such a selector log data events. */
export const choosesData = ({ FieldSelectors = [] }: AdvancedEventSelector): boolean =>
  equalsOf(FieldSelectors, CATEGORY) === "Data";

/** Whether it is for management events, and not for those of the other kind alone. */
export function mayChooseManagement(
  { FieldSelectors = [] }: AdvancedEventSelector,
  kind: "ReadOnly" | "WriteOnly",
): boolean {
  const readOnly = equalsOf(FieldSelectors, "readOnly");
  const isOfKind = readOnly === undefined || readOnly === String(kind === "ReadOnly");
  return equalsOf(FieldSelectors, CATEGORY) === "Management" && isOfKind;
}

/** Whether every field of the selector holds. */
export const choosesByFields = ({ FieldSelectors = [] }: AdvancedEventSelector, event: TrailEvent): boolean =>
  FieldSelectors.every((field) => holds(field, valuesIn(event, field.Field ?? "")));

/** Of several values one is enough, and of negative ones none may hold. */
function holds(field: AdvancedFieldSelector, found: readonly string[]): boolean {
  return Object.entries(CONDITIONS).every(([name, { holds: compare, isNegative }]) => {
    const wanted = conditionOf(field, name);
    if (wanted.length === 0) return true;
    const some = found.some((value) => wanted.some((one) => compare(value, one)));
    return some !== isNegative;
  });
}

const valuesIn = (event: TrailEvent, field: string): readonly string[] =>
  // sessions of the console make no calls of their own here
  findOwn(VALUES, field)?.(event).filter((value) => value !== undefined) ?? ["false"];

const VALUES: Readonly<Record<string, (event: TrailEvent) => readonly (string | undefined)[]>> = {
  [CATEGORY]: ({ dataType }) => [dataType === undefined ? "Management" : "Data"],
  eventName: ({ name }) => [name],
  eventSource: ({ source }) => [source],
  eventType: ({ type }) => [type],
  readOnly: ({ isReadOnly }) => [String(isReadOnly)],
  [RESOURCE_TYPE]: ({ dataType }) => [dataType],
  "resources.ARN": ({ resources, dataType }) => resources.filter(({ type }) => type === dataType).map(({ arn }) => arn),
  "userIdentity.arn": ({ call }) => [call.userIdentity.arn],
  errorCode: ({ call }) => [call.error?.code],
  vpcEndpointId: ({ call }) => [call.vpcEndpointId],
};
