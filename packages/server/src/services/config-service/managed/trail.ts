/** Rules about trails. Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html (cloudtrail-…) */
import type {
  AdvancedEventSelector,
  EventSelector,
  GetEventSelectorsResponse,
  Trail,
} from "@aws-sdk/client-cloudtrail";
import { namesIn, ofAccount, textOf, verdict, type Look, type ManagedRule, type Parameters } from "./rule-kind.ts";

type TrailSdk = typeof import("@aws-sdk/client-cloudtrail");

/** Those that are logging. */
async function trailsOf({ reader }: Look): Promise<readonly Trail[]> {
  const { trailList = [] } = await reader.call<TrailSdk, "DescribeTrails">({
    service: "cloudtrail",
    operation: "DescribeTrails",
    input: {},
  });
  const logging: Trail[] = [];
  for (const trail of trailList) {
    const { IsLogging } = await reader.call<TrailSdk, "GetTrailStatus">({
      service: "cloudtrail",
      operation: "GetTrailStatus",
      input: { Name: trail.TrailARN ?? "" },
    });
    if (IsLogging === true) logging.push(trail);
  }
  return logging;
}

const selectorsOf = (trail: Trail, { reader }: Look): Promise<GetEventSelectorsResponse> =>
  reader.call<TrailSdk, "GetEventSelectors">({
    service: "cloudtrail",
    operation: "GetEventSelectors",
    input: { TrailName: trail.TrailARN ?? "" },
  });

/** Whether one of the trails is so, asked one after the other. */
async function some(trails: readonly Trail[], isSo: (trail: Trail) => Promise<boolean>): Promise<boolean> {
  for (const trail of trails) if (await isSo(trail)) return true;
  return false;
}

const DESTINATIONS = ["s3BucketName", "snsTopicArn", "cloudWatchLogsLogGroupArn"] as const;

function sendsTo(trail: Trail, parameters: Parameters): boolean {
  const { s3BucketName: bucket, snsTopicArn: topic, cloudWatchLogsLogGroupArn: group } = parameters;
  return (
    (bucket === undefined || bucket === trail.S3BucketName) &&
    (topic === undefined || topic === trail.SnsTopicARN) &&
    (group === undefined || group === trail.CloudWatchLogsLogGroupArn)
  );
}

/** What a trail logs of management events: `undefined` for none. */
type Logged = "All" | "ReadOnly" | "WriteOnly" | undefined;

const valuesOf = ({ FieldSelectors = [] }: AdvancedEventSelector, field: string): readonly string[] | undefined =>
  FieldSelectors.find(({ Field }) => Field === field)?.Equals;

function managementOf({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse): Logged {
  const basic = EventSelectors.find(({ IncludeManagementEvents }) => IncludeManagementEvents === true);
  if (basic !== undefined) return basic.ReadWriteType ?? "All";
  const advanced = AdvancedEventSelectors.find((one) => valuesOf(one, "eventCategory")?.includes("Management"));
  if (advanced === undefined) return undefined;
  const [readOnly] = valuesOf(advanced, "readOnly") ?? [];
  if (readOnly === undefined) return "All";
  return readOnly === "true" ? "ReadOnly" : "WriteOnly";
}

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/multi-region-cloudtrail-enabled.html */
function logsAsAsked(logged: Logged, { includeManagementEvents, readWriteType }: Parameters): boolean {
  const isIncluded =
    includeManagementEvents === undefined ||
    (includeManagementEvents.toLowerCase() === "true") === (logged !== undefined);
  return isIncluded && (readWriteType === undefined || readWriteType.toLowerCase() === logged?.toLowerCase());
}

const OBJECTS = "AWS::S3::Object";
const ALL_BUCKETS = new Set(["arn:aws:s3", "arn:aws:s3:::"]);

const covers = (values: readonly string[], bucket: string | undefined): boolean =>
  values.some((value) => ALL_BUCKETS.has(value) || value === `arn:aws:s3:::${bucket ?? ""}/`);

const basicCovers = ({ DataResources = [] }: EventSelector, bucket: string | undefined): boolean =>
  DataResources.some(({ Type, Values = [] }) => Type === OBJECTS && covers(Values, bucket));

function advancedCovers(selector: AdvancedEventSelector, bucket: string | undefined): boolean {
  if (valuesOf(selector, "resources.type")?.includes(OBJECTS) !== true) return false;
  const arns = selector.FieldSelectors?.filter(({ Field }) => Field === "resources.ARN") ?? [];
  return arns.every(({ StartsWith = [], Equals = [] }) => covers([...StartsWith, ...Equals], bucket));
}

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/cloudtrail-s3-dataevents-enabled.html */
function logsObjects(found: GetEventSelectorsResponse, { S3BucketNames }: Parameters): boolean {
  const { EventSelectors = [], AdvancedEventSelectors = [] } = found;
  const buckets = S3BucketNames === undefined ? [undefined] : namesIn(S3BucketNames);
  return buckets.every(
    (bucket) =>
      EventSelectors.some((one) => basicCovers(one, bucket)) ||
      AdvancedEventSelectors.some((one) => advancedCovers(one, bucket)),
  );
}

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/cloudtrail-security-trail-enabled.html */
const isSecure = (trail: Trail): boolean =>
  trail.IncludeGlobalServiceEvents === true &&
  trail.IsMultiRegionTrail === true &&
  trail.LogFileValidationEnabled === true &&
  textOf(trail.KmsKeyId) !== "";

export const TRAIL_RULES: readonly ManagedRule[] = [
  {
    identifier: "CLOUD_TRAIL_ENABLED",
    trigger: "periodic",
    parameters: DESTINATIONS,
    async look(look) {
      const found = (await trailsOf(look)).some((trail) => sendsTo(trail, look.parameters));
      return ofAccount(verdict(found, "No trail is logging."), look);
    },
  },
  {
    identifier: "MULTI_REGION_CLOUD_TRAIL_ENABLED",
    trigger: "periodic",
    parameters: [...DESTINATIONS, "includeManagementEvents", "readWriteType"],
    async look(look) {
      const trails = (await trailsOf(look)).filter(
        (trail) => trail.IsMultiRegionTrail === true && sendsTo(trail, look.parameters),
      );
      const found = await some(trails, async (trail) =>
        logsAsAsked(managementOf(await selectorsOf(trail, look)), look.parameters),
      );
      return ofAccount(verdict(found, "No multi-region trail is logging."), look);
    },
  },
  {
    identifier: "CLOUDTRAIL_S3_DATAEVENTS_ENABLED",
    trigger: "periodic",
    parameters: ["S3BucketNames"],
    async look(look) {
      const found = await some(await trailsOf(look), async (trail) =>
        logsObjects(await selectorsOf(trail, look), look.parameters),
      );
      return ofAccount(verdict(found, "No trail logs what is done to objects."), look);
    },
  },
  {
    identifier: "CLOUDTRAIL_SECURITY_TRAIL_ENABLED",
    trigger: "periodic",
    async look(look) {
      const trails = (await trailsOf(look)).filter(isSecure);
      const found = await some(trails, async (trail) => managementOf(await selectorsOf(trail, look)) === "All");
      return ofAccount(verdict(found, "No trail is as security best practices ask."), look);
    },
  },
  {
    identifier: "CLOUD_TRAIL_ENCRYPTION_ENABLED",
    trigger: "change",
    types: ["AWS::CloudTrail::Trail"],
    judge: (view) => verdict(textOf(view.configuration("kmsKeyId")) !== "", "The trail is not encrypted with KMS."),
  },
  {
    identifier: "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
    trigger: "change",
    types: ["AWS::CloudTrail::Trail"],
    judge: (view) =>
      verdict(view.configuration("logFileValidationEnabled") === true, "Log file validation is not enabled."),
  },
  {
    identifier: "CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED",
    trigger: "change",
    types: ["AWS::CloudTrail::Trail"],
    unbuilt: ["expectedDeliveryWindowAge"],
    judge: (view) =>
      verdict(
        textOf(view.configuration("cloudWatchLogsLogGroupArn")) !== "",
        "The trail does not send logs to CloudWatch Logs.",
      ),
  },
];
