/** Functions and layers with policies, for those who look for what policies let others do. */
import { parseArn } from "../../../kernel/arn.ts";
import { policiedRows, shownPolicy } from "../../../service/policied-rows.ts";
import { functions, wholeArn } from "../function/row.ts";
import { findLayerVersion, layerVersionArn, layerVersions } from "../layer/row.ts";
import { policyOf } from "./row.ts";

/**
 * Differs: policies of versions and aliases are not looked at.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-lambda
 */
export const policiedFunctions = policiedRows({
  type: "AWS::Lambda::Function",
  rows: functions,
  find(arn, { tx }) {
    const [, name = ""] = parseArn(arn)?.resource.split(":") ?? [];
    return tx.get(functions, name);
  },
  async show(of, place) {
    const policy = await policyOf({ name: of.name, qualifier: undefined, tx: place.tx });
    return { arn: wholeArn(of), policy: await shownPolicy(policy, place) };
  },
});

export const policiedLayers = policiedRows({
  type: "AWS::Lambda::LayerVersion",
  rows: layerVersions,
  find: findLayerVersion,
  async show(version, place) {
    if (version.deletedAtMs !== undefined) return undefined;
    return { arn: layerVersionArn(version, version.number), policy: await shownPolicy(version.policy, place) };
  },
});
