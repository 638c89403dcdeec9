/**
 * What a recorder records, as it is given and shown.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html
 */
import type { RecordingGroup, ResourceType } from "@aws-sdk/client-config-service";
import { groupInvalid } from "../errors.ts";
import type { Group, Strategy } from "./row.ts";

interface Given {
  readonly allSupported?: boolean | undefined;
  readonly includeGlobalResourceTypes?: boolean | undefined;
  readonly resourceTypes?: readonly ResourceType[] | undefined;
  readonly exclusionByResourceTypes?: { readonly resourceTypes?: readonly ResourceType[] | undefined } | undefined;
  readonly recordingStrategy?: { readonly useOnly?: Strategy | undefined } | undefined;
}

const USUAL: Group = { strategy: "ALL_SUPPORTED_RESOURCE_TYPES", includesGlobal: false, types: [] };

/** @throws {AwsError} `InvalidRecordingGroupException` */
export function requireGroup(given: Given | undefined): Group {
  if (given === undefined) return USUAL;
  const { allSupported = false, includeGlobalResourceTypes = false, resourceTypes = [] } = given;
  const excluded = given.exclusionByResourceTypes?.resourceTypes ?? [];
  const strategy = given.recordingStrategy?.useOnly ?? strategyOf(allSupported);
  if (!isLawful({ strategy, allSupported, includeGlobalResourceTypes, resourceTypes, excluded })) throw groupInvalid();
  const types = strategy === "EXCLUSION_BY_RESOURCE_TYPES" ? excluded : resourceTypes;
  return { strategy, includesGlobal: includeGlobalResourceTypes, types: [...types] };
}

const strategyOf = (all: boolean): Strategy => (all ? "ALL_SUPPORTED_RESOURCE_TYPES" : "INCLUSION_BY_RESOURCE_TYPES");

interface Whole {
  readonly strategy: Strategy;
  readonly allSupported: boolean;
  readonly includeGlobalResourceTypes: boolean;
  readonly resourceTypes: readonly string[];
  readonly excluded: readonly string[];
}

/** Each strategy has its own list, and no other's. */
function isLawful(group: Whole): boolean {
  const { strategy, allSupported, includeGlobalResourceTypes, resourceTypes, excluded } = group;
  switch (strategy) {
    case "ALL_SUPPORTED_RESOURCE_TYPES":
      return allSupported && resourceTypes.length === 0 && excluded.length === 0;
    case "INCLUSION_BY_RESOURCE_TYPES":
      return !allSupported && !includeGlobalResourceTypes && resourceTypes.length > 0 && excluded.length === 0;
    case "EXCLUSION_BY_RESOURCE_TYPES":
      return !allSupported && !includeGlobalResourceTypes && excluded.length > 0 && resourceTypes.length === 0;
  }
}

export function shownGroup({ strategy, includesGlobal, types }: Group): RecordingGroup {
  const isExclusion = strategy === "EXCLUSION_BY_RESOURCE_TYPES";
  const list = [...types];
  return {
    allSupported: strategy === "ALL_SUPPORTED_RESOURCE_TYPES",
    includeGlobalResourceTypes: includesGlobal,
    resourceTypes: isExclusion ? [] : list,
    exclusionByResourceTypes: { resourceTypes: isExclusion ? list : [] },
    recordingStrategy: { useOnly: strategy },
  };
}
