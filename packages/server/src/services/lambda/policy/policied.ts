/** Functions and layers with policies, for those who look for what policies let others do. */
import { parseArn } from "../../../kernel/arn.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "../../../service/policied.ts";
import { functions, wholeArn, type LambdaFunction } from "../function/row.ts";
import { findLayerVersion, layerVersionArn, layerVersions, type LayerVersion } from "../layer/row.ts";
import { policyOf } from "./row.ts";

const ROWS = 500;

/**
 * Differs: policies of versions and aliases are not looked at.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-lambda
 */
export const policiedFunctions: Policied = {
  type: "AWS::Lambda::Function",

  async list(place) {
    const found: PoliciedResource[] = [];
    for (let after: Key | undefined; ;) {
      const rows = await place.tx.scan(functions, { after, limit: ROWS });
      for (const of of rows) found.push(await shownFunction(of, place));
      const last = rows.at(-1);
      if (last === undefined) return found;
      after = functions.keyOf(last);
    }
  },

  async find(arn, place) {
    const [, name = ""] = parseArn(arn)?.resource.split(":") ?? [];
    const of = await place.tx.get(functions, name);
    return of !== undefined && wholeArn(of) === arn ? shownFunction(of, place) : undefined;
  },
};

async function shownFunction(of: LambdaFunction, place: PoliciedPlace): Promise<PoliciedResource> {
  const policy = await policyOf({ name: of.name, qualifier: undefined, tx: place.tx });
  return {
    arn: wholeArn(of),
    owner: of.account,
    policy: policy && (await place.directory.showPrincipals(policy, place)),
    publicAccess: "possible",
  };
}

export const policiedLayers: Policied = {
  type: "AWS::Lambda::LayerVersion",

  async list(place) {
    const found: PoliciedResource[] = [];
    for (let after: Key | undefined; ;) {
      const rows = await place.tx.scan(layerVersions, { after, limit: ROWS });
      for (const row of rows) if (row.deletedAtMs === undefined) found.push(await shownLayer(row, place));
      const last = rows.at(-1);
      if (last === undefined) return found;
      after = layerVersions.keyOf(last);
    }
  },

  async find(arn, place) {
    const version = await findLayerVersion(arn, place);
    return version === undefined || version.deletedAtMs !== undefined ? undefined : shownLayer(version, place);
  },
};

const shownLayer = async (version: LayerVersion, place: PoliciedPlace): Promise<PoliciedResource> => ({
  arn: layerVersionArn(version, version.number),
  owner: version.account,
  policy: version.policy && (await place.directory.showPrincipals(version.policy, place)),
  publicAccess: "possible",
});
