/** Whether a trail, or an event data store, logs an event. */
import type { EventSelector } from "@aws-sdk/client-cloudtrail";
import { choosesByFields, choosesData, mayChooseManagement } from "./advanced-selector.ts";
import type { TrailEvent } from "./event/event.ts";
import { selectorsAt, wasLogging, type Listener } from "./trail-row.ts";

/** Where it looks, and whether it is told to log what it finds. */
export function logs(listener: Listener, event: TrailEvent): boolean {
  if (!wasLogging(listener, event.atMs) || !reaches(listener, event)) return false;
  const selectors = selectorsAt(listener, event.atMs);
  switch (selectors.kind) {
    case "usual":
      return event.dataType === undefined;
    case "basic":
      return selectors.selectors.some((selector) => choosesBasic(selector, event));
    case "advanced":
      return selectors.selectors.some((selector) => choosesByFields(selector, event));
  }
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events */
const reaches = (listener: Listener, event: TrailEvent): boolean =>
  (listener.isMultiRegion || listener.region === event.region) && (listener.hasGlobalEvents || !event.isGlobal);

function choosesBasic(selector: EventSelector, event: TrailEvent): boolean {
  const { ReadWriteType: kind = "All", IncludeManagementEvents: withManagement = true } = selector;
  if (kind === "ReadOnly" && !event.isReadOnly) return false;
  if (kind === "WriteOnly" && event.isReadOnly) return false;
  if (event.dataType !== undefined) return choosesResource(selector, event);
  return withManagement && !(selector.ExcludeManagementEventSources ?? []).includes(event.source);
}

/** A value names a resource, or what the ARNs of many begin with. */
function choosesResource({ DataResources = [] }: EventSelector, { dataType, resources }: TrailEvent): boolean {
  const arns = resources.filter(({ type }) => isOf(type, dataType)).map(({ arn }) => arn);
  return DataResources.some(
    ({ Type, Values = [] }) => Type === dataType && Values.some((value) => arns.some((arn) => matches(arn, value))),
  );
}

/** A call on a whole bucket, such as a listing, is about its objects. */
const isOf = (type: string, dataType: string | undefined): boolean =>
  type === dataType || (dataType === "AWS::S3::Object" && type === "AWS::S3::Bucket");

function matches(arn: string, value: string): boolean {
  if (/^arn:[\w-]+:s3:::/.test(value)) return arn.startsWith(value) || `${arn}/` === value;
  // `arn:aws:lambda`: all of them
  return arn === value || arn.startsWith(`${value}:`) || (value.split(":").length === 3 && arn.startsWith(value));
}

/** Whether it may log management events that only read, or those that change something. */
export function choosesManagement({ selectors }: Listener, kind: "ReadOnly" | "WriteOnly"): boolean {
  switch (selectors.kind) {
    case "usual":
      return true;
    case "basic":
      return selectors.selectors.some(
        ({ ReadWriteType = "All", IncludeManagementEvents = true }) =>
          IncludeManagementEvents && (ReadWriteType === "All" || ReadWriteType === kind),
      );
    case "advanced":
      return selectors.selectors.some((selector) => mayChooseManagement(selector, kind));
  }
}

/** Whether it may log data events at all. */
export function wantsData({ selectors }: Listener): boolean {
  switch (selectors.kind) {
    case "usual":
      return false;
    case "basic":
      return selectors.selectors.some(({ DataResources = [] }) => DataResources.length > 0);
    case "advanced":
      return selectors.selectors.some(choosesData);
  }
}
