/** A pipe as its owner reads it back. */
import { arnOf, type HttpParameters, type Pipe, type SourceParameters, type TargetParameters } from "./pipe-row.ts";

export const summary = (pipe: Pipe) => ({
  Name: pipe.name,
  Arn: arnOf(pipe),
  DesiredState: pipe.desired,
  CurrentState: pipe.current,
  ...(pipe.reason !== undefined && { StateReason: pipe.reason }),
  CreationTime: new Date(pipe.createdAtMs),
  LastModifiedTime: new Date(pipe.changedAtMs),
  Source: pipe.source,
  Target: pipe.target,
  ...(pipe.enrichment !== undefined && { Enrichment: pipe.enrichment }),
});

export const view = (pipe: Pipe) => ({
  ...summary(pipe),
  ...(pipe.description !== undefined && { Description: pipe.description }),
  SourceParameters: sourceView(pipe.sourceParameters),
  ...enrichmentView(pipe),
  ...(Object.keys(pipe.targetParameters).length > 0 && { TargetParameters: targetView(pipe.targetParameters) }),
  RoleArn: pipe.roleArn,
  Tags: { ...pipe.tags },
  ...(pipe.log !== undefined && { LogConfiguration: logView(pipe.log) }),
});

function enrichmentView({ enrichmentTemplate: template, enrichmentHttp: http }: Pipe) {
  if (template === undefined && http === undefined) return {};
  return {
    EnrichmentParameters: {
      ...(template !== undefined && { InputTemplate: template }),
      ...(http !== undefined && { HttpParameters: httpView(http) }),
    },
  };
}

const httpView = (http: HttpParameters) => ({
  PathParameterValues: http.PathParameterValues && [...http.PathParameterValues],
  HeaderParameters: http.HeaderParameters && { ...http.HeaderParameters },
  QueryStringParameters: http.QueryStringParameters && { ...http.QueryStringParameters },
});

const sourceView = ({ FilterCriteria: criteria, SqsQueueParameters }: SourceParameters) => ({
  ...(criteria !== undefined && {
    FilterCriteria: { Filters: (criteria.Filters ?? []).map((filter) => ({ ...filter })) },
  }),
  SqsQueueParameters,
});

const targetView = ({ EventBridgeEventBusParameters: bus, HttpParameters: http, ...rest }: TargetParameters) => ({
  ...rest,
  ...(http !== undefined && { HttpParameters: httpView(http) }),
  ...(bus !== undefined && {
    EventBridgeEventBusParameters: { ...bus, Resources: bus.Resources && [...bus.Resources] },
  }),
});

const logView = ({ level, group, withData }: NonNullable<Pipe["log"]>) => ({
  Level: level,
  ...(group !== undefined && { CloudwatchLogsLogDestination: { LogGroupArn: group } }),
  ...(withData && { IncludeExecutionData: ["ALL" as const] }),
});
