/**
 * Which objects a report or a metric is about.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsFilter.html
 */
import type { Tag } from "@aws-sdk/client-s3";
import type { Tags } from "../../../kernel/tags.ts";
import type { Validated } from "../../../service/sdk.ts";
import { malformedXml } from "../errors.ts";

/** As the model has it: one member, or several under `And`. */
export interface AskedFilter {
  readonly Prefix?: string | undefined;
  readonly Tag?: Validated<Tag> | undefined;
  readonly AccessPointArn?: string | undefined;
  readonly And?:
    | {
        readonly Prefix?: string | undefined;
        readonly Tags?: readonly Validated<Tag>[] | undefined;
        readonly AccessPointArn?: string | undefined;
      }
    | undefined;
}

export interface ReportFilter {
  readonly prefix: string;
  readonly tags: Tags;
}

interface And {
  Prefix?: string;
  Tags?: Tag[];
  AccessPointArn?: string;
}

/** @throws {AwsError} `MalformedXML` where it says nothing, or several things without `And`. */
export function requireFilter({ Prefix, Tag, AccessPointArn, And }: AskedFilter) {
  if ([Prefix, Tag, AccessPointArn, And].filter((member) => member !== undefined).length !== 1) throw malformedXml();
  if (Prefix !== undefined) return { Prefix };
  if (Tag !== undefined) return { Tag };
  return { And: requireAnd(And) };
}

function requireAnd(asked: AskedFilter["And"]): And {
  const { Prefix, Tags = [], AccessPointArn } = asked ?? {};
  const conditions = Tags.length + [Prefix, AccessPointArn].filter((member) => member !== undefined).length;
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsAndOperator.html (at least two predicates)
  if (conditions < 2) throw malformedXml();
  return {
    ...(Prefix !== undefined && { Prefix }),
    ...(Tags.length > 0 && { Tags: [...Tags] }),
    ...(AccessPointArn !== undefined && { AccessPointArn }),
  };
}

/** As the kinds of reports have it. */
interface KeptFilter {
  readonly Prefix?: string | undefined;
  readonly Tag?: Tag | undefined;
  readonly And?: { readonly Prefix?: string | undefined; readonly Tags?: readonly Tag[] | undefined } | undefined;
}

export function toReportFilter(filter: KeptFilter | undefined): ReportFilter {
  if (filter === undefined) return { prefix: "", tags: {} };
  const { Prefix, Tag: tag, And } = filter;
  const tags = [...(tag ? [tag] : []), ...(And?.Tags ?? [])];
  return {
    prefix: Prefix ?? And?.Prefix ?? "",
    tags: Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value])),
  };
}

export const hasTags = (own: Tags, wanted: Tags): boolean =>
  Object.entries(wanted).every(([key, value]) => own[key] === value);
