/** A target as its owner reads it back. */
import type { Target } from "./schedule-row.ts";

export function targetView({ input: _sealed, retry, ...target }: Target, input: string | undefined) {
  const { EcsParameters: ecs, SageMakerPipelineParameters: pipeline, ...rest } = target;
  return {
    ...rest,
    ...(input !== undefined && { Input: input }),
    RetryPolicy: { ...retry },
    ...(ecs && { EcsParameters: ecsView(ecs) }),
    ...(pipeline && {
      SageMakerPipelineParameters: { PipelineParameterList: listView(pipeline.PipelineParameterList) },
    }),
  };
}

function ecsView(ecs: NonNullable<Target["EcsParameters"]>) {
  const network = ecs.NetworkConfiguration?.awsvpcConfiguration;
  return {
    ...ecs,
    CapacityProviderStrategy: listView(ecs.CapacityProviderStrategy),
    PlacementConstraints: listView(ecs.PlacementConstraints),
    PlacementStrategy: listView(ecs.PlacementStrategy),
    Tags: listView(ecs.Tags),
    NetworkConfiguration: network && {
      awsvpcConfiguration: {
        ...network,
        Subnets: [...network.Subnets],
        SecurityGroups: network.SecurityGroups && [...network.SecurityGroups],
      },
    },
  };
}

const listView = <Item extends object>(items: readonly Item[] | undefined): Item[] | undefined =>
  items?.map((item) => ({ ...item }));
