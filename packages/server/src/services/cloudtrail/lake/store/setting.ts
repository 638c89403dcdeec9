/**
 * What a store is told to be: which events it takes, how long it keeps them, how it is paid for.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html
 */
import type { AdvancedEventSelector, BillingMode } from "@aws-sdk/client-cloudtrail";
import type { InputOf } from "../../../../service/sdk.ts";
import { requireAdvanced } from "../../advanced-selector.ts";
import type { CloudtrailSdk } from "../../kit.ts";
import type { Selectors } from "../../trail-row.ts";
import { categoryNotBuilt, parameterInvalid } from "../errors.ts";
import { RETENTION_DAYS, STORE_SELECTORS_MAX } from "../limits.ts";

type Given = NonNullable<InputOf<CloudtrailSdk, "CreateEventDataStore">["AdvancedEventSelectors"]>;

/** What a store takes about which nothing was said. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/lake-cli-create-eds-mgmt.html */
const USUAL: readonly AdvancedEventSelector[] = [
  { Name: "Default management events", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
];

/** Events of CloudTrail's own; others are put into stores by other services. */
const OTHER_CATEGORIES: ReadonlySet<string> = new Set([
  "ConfigurationItem",
  "Evidence",
  "ActivityAuditLog",
  "Insight",
  "ActivityLog",
]);

/** @throws {AwsError} `InvalidEventSelectorsException`, `InvalidParameterException` */
export function requireSelectors(given: Given | undefined): Selectors {
  if (given === undefined || given.length === 0) return { kind: "advanced", selectors: USUAL };
  const categories = given.flatMap(({ FieldSelectors }) =>
    FieldSelectors.flatMap(({ Field, Equals = [] }) => (Field === "eventCategory" ? Equals : [])),
  );
  const other = categories.find((category) => OTHER_CATEGORIES.has(category));
  if (other !== undefined) throw categoryNotBuilt(other);
  if (given.length > STORE_SELECTORS_MAX) {
    throw parameterInvalid(`An event data store can have at most ${STORE_SELECTORS_MAX} advanced event selectors.`);
  }
  return { kind: "advanced", selectors: requireAdvanced(given, "store") };
}

/** The categories of events that a store is for. */
export const categoriesOf = (selectors: Selectors): ReadonlySet<string> =>
  new Set(
    shownSelectors(selectors).flatMap(({ FieldSelectors = [] }) =>
      FieldSelectors.flatMap(({ Field, Equals = [] }) => (Field === "eventCategory" ? Equals : [])),
    ),
  );

/** Those of a store are always of that kind. */
export const shownSelectors = (selectors: Selectors): AdvancedEventSelector[] =>
  selectors.kind === "advanced" ? [...selectors.selectors] : [];

/** @throws {AwsError} `InvalidParameterException` */
export function requireRetention(days: number | undefined, billing: BillingMode): number {
  const { usual, max } = RETENTION_DAYS[billing];
  if (days !== undefined && days > max) {
    throw parameterInvalid(`The retention period can be at most ${max} days with the billing mode ${billing}.`);
  }
  return days ?? usual;
}

/** There is no way back to a fixed price. @throws {AwsError} `InvalidParameterException` */
export function requireBilling(billing: BillingMode, before: BillingMode): void {
  if (billing === "FIXED_RETENTION_PRICING" && before === "EXTENDABLE_RETENTION_PRICING") {
    throw parameterInvalid(
      "You can't change the billing mode from EXTENDABLE_RETENTION_PRICING to FIXED_RETENTION_PRICING.",
    );
  }
}
