/** Resources that were looked at, and how each was then. */
import { createHash } from "node:crypto";
import type { ResourceType } from "@aws-sdk/client-accessanalyzer";
import { table } from "../../../kernel/table.ts";

export interface AnalyzedResource {
  readonly analyzer: string;
  readonly arn: string;
  readonly type: ResourceType;
  readonly owner: string;
  /** Of all that its findings follow from: as long as it is the same, so are they. */
  readonly fingerprint: string;
  readonly createdAtMs: number;
  readonly analyzedAtMs: number;
  readonly updatedAtMs: number;
  readonly isPublic: boolean;
  /** What those from outside may do. */
  readonly actions: readonly string[];
  readonly sharedVia: readonly string[];
}

export const analyzedResources = table<AnalyzedResource>(
  "accessanalyzer.analyzed-resource",
  "region",
  ({ analyzer, arn }) => [analyzer, arn],
);

/** What an analyzer did last. */
export interface LastAnalysis {
  readonly analyzer: string;
  readonly resource: string;
  readonly atMs: number;
}

export const lastAnalyses = table<LastAnalysis>("accessanalyzer.last-analysis", "region", ({ analyzer }) => [analyzer]);

export const fingerprintOf = (facts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(facts)).digest("base64");
