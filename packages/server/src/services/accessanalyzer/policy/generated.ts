/** A policy of actions, as AWS writes one that it generates. */
import type { ActionReference } from "../../../service/action-reference.ts";

/**
 * `placeholders`: actions that are done to resources name them, with places to fill in.
 * Source: https://github.com/aws/aws-cli/blob/develop/awscli/examples/accessanalyzer/get-generated-policy.rst
 */
export function formatPolicy(actions: readonly string[], placeholders: ActionReference | undefined): string {
  const byResources = new Map<string, string[]>();
  for (const action of actions) {
    const key = JSON.stringify(placeholders === undefined ? "*" : resourcesOf(action, placeholders));
    byResources.set(key, [...(byResources.get(key) ?? []), action]);
  }
  const Statement = [...byResources].map(([resources, Action], at) => {
    const Resource: unknown = JSON.parse(resources);
    return { Sid: `SupportedServiceSid${at}`, Effect: "Allow", Action, Resource };
  });
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** `arn:aws:s3:::${BucketName}` */
function resourcesOf(action: string, reference: ActionReference): string | readonly string[] {
  const [prefix = "", name = ""] = action.split(":");
  const service = reference.of(prefix);
  const types = service?.find(name)?.resources ?? [];
  const arns = types.flatMap(({ type }) => service?.resources.get(type)?.arn.replace("${Partition}", "aws") ?? []);
  const [only, ...more] = arns;
  if (only === undefined) return "*";
  return more.length === 0 ? only : arns;
}
