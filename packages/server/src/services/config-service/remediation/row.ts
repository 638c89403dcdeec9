/** What is to be done about the findings of rules, by rule. */
import type { RemediationConfiguration } from "@aws-sdk/client-config-service";
import { table } from "../../../kernel/table.ts";

/** As it was given, with an id. */
export interface Remediation {
  readonly rule: string;
  readonly id: string;
  readonly given: Omit<RemediationConfiguration, "Arn">;
}

export const remediations = table<Remediation>("config.remediation", "region", ({ rule }) => [rule]);
