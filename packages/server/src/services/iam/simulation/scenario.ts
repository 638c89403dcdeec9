/**
 * Calls that touch several resources at once, as launching an instance does.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html (ResourceHandlingOption)
 */
import { parseArn } from "../../../kernel/arn.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { scenarioLacks, unknownScenario } from "../errors.ts";

const LAUNCH = ["instance", "image", "security-group", "network-interface"];

/** The types of resources that have to be named, by the scenario's name. */
const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
  "EC2-VPC-InstanceStore": LAUNCH,
  "EC2-VPC-InstanceStore-Subnet": [...LAUNCH, "subnet"],
  "EC2-VPC-EBS": [...LAUNCH, "volume"],
  "EC2-VPC-EBS-Subnet": [...LAUNCH, "subnet", "volume"],
};

/**
 * Which resources each simulated call is about: one, or in a scenario all of them.
 *
 * @throws {AwsError} `InvalidInput`
 */
export function resourcesPerCall(
  resources: readonly string[],
  scenario: string | undefined,
): readonly (readonly string[])[] {
  if (scenario === undefined) return resources.map((resource) => [resource]);
  const types = findOwn(SCENARIOS, scenario);
  if (!types) throw unknownScenario(scenario);
  const present = new Set(resources.map((resource) => parseArn(resource)?.resource.split("/")[0]));
  const lacking = types.find((type) => !present.has(type));
  if (lacking !== undefined) throw scenarioLacks(scenario, lacking);
  return [resources];
}
