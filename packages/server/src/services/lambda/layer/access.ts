/** The questions about layers. */
import type { Access } from "../../../service/access.ts";
import type { LambdaAction } from "../kit.ts";
import { layerArn, layerVersionArn, type LayerPlace, type LayerVersion } from "./row.ts";

export function onLayerVersion(action: LambdaAction, version: LayerVersion): Access {
  const { policy, name, number, account } = version;
  return {
    action: `lambda:${action}`,
    resource: layerVersionArn(version, number),
    owner: account,
    resourcePolicy: policy && { name: `policy of layer ${name}:${number}`, document: policy.document },
  };
}

/** About all versions of it. */
export const onLayer = (action: LambdaAction, place: LayerPlace): Access => ({
  action: `lambda:${action}`,
  resource: layerArn(place),
  owner: place.account,
});

/** About one that may not be there. */
export const onLayerNumber = (action: LambdaAction, place: LayerPlace, number: number): Access => ({
  action: `lambda:${action}`,
  resource: layerVersionArn(place, number),
  owner: place.account,
});
