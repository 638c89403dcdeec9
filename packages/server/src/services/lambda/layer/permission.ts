/** Who may use a version of a layer. Source: https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html */
import type { Context } from "../../../service/context.ts";
import { noPolicy } from "../errors.ts";
import { operation } from "../kit.ts";
import { onLayerNumber } from "./access.ts";
import { requireLayerVersion } from "./layer.ts";
import { layerPlaceOf, layerVersionArn, layerVersions, type LayerVersion } from "./row.ts";
import { requireRevision } from "../revision.ts";
import {
  documentOf,
  pinned,
  principalOf,
  type PolicyDocument,
  withoutStatement,
  withStatement,
  type Statement,
} from "../policy/statement.ts";

export const addLayerVersionPermission = operation("AddLayerVersionPermission", {
  authorize: ({ LayerName, VersionNumber }, context) =>
    onLayerNumber("AddLayerVersionPermission", layerPlaceOf(LayerName, context), VersionNumber),

  async handle(input, context) {
    const { LayerName, VersionNumber, StatementId, Action, Principal, OrganizationId, RevisionId } = input;
    const version = await requireLayerVersion(layerPlaceOf(LayerName, context), VersionNumber, context);
    const document = await documentOf(version.policy, ownerOf(version, context), context);
    const added: Statement = {
      Sid: StatementId,
      Effect: "Allow",
      Principal: principalOf(Principal, version.partition),
      Action,
      Resource: layerVersionArn(version, version.number),
      ...(OrganizationId !== undefined && { Condition: { StringEquals: { "aws:PrincipalOrgID": OrganizationId } } }),
    };
    const more = withStatement(document, added);
    requireRevision(version.policy, RevisionId, "GetLayerPolicy");
    const revisionId = await put(version, more, context);
    return { Statement: JSON.stringify(added), ...(revisionId !== undefined && { RevisionId: revisionId }) };
  },
});

export const removeLayerVersionPermission = operation("RemoveLayerVersionPermission", {
  authorize: ({ LayerName, VersionNumber }, context) =>
    onLayerNumber("RemoveLayerVersionPermission", layerPlaceOf(LayerName, context), VersionNumber),

  async handle({ LayerName, VersionNumber, StatementId, RevisionId }, context) {
    const version = await requireLayerVersion(layerPlaceOf(LayerName, context), VersionNumber, context);
    if (version.policy === undefined) throw noPolicy();
    const left = withoutStatement(await documentOf(version.policy, ownerOf(version, context), context), StatementId);
    requireRevision(version.policy, RevisionId, "GetLayerPolicy");
    await put(version, left, context);
    return {};
  },
});

export const getLayerVersionPolicy = operation("GetLayerVersionPolicy", {
  authorize: ({ LayerName, VersionNumber }, context) =>
    onLayerNumber("GetLayerVersionPolicy", layerPlaceOf(LayerName, context), VersionNumber),

  async handle({ LayerName, VersionNumber }, context) {
    const version = await requireLayerVersion(layerPlaceOf(LayerName, context), VersionNumber, context);
    const { policy } = version;
    if (policy === undefined) throw noPolicy();
    const Policy = await context.directory.showPrincipals(policy, ownerOf(version, context));
    return { Policy, RevisionId: policy.revisionId };
  },
});

const ownerOf = ({ account, partition }: LayerVersion, { tx }: Context) => ({ account, partition, tx });

/** The policy's new revision. */
async function put(version: LayerVersion, document: PolicyDocument, context: Context): Promise<string | undefined> {
  const { policy: _was, ...bare } = version;
  const { account, region } = version;
  const tx = context.tx.in({ account, region });
  if (document.Statement.length === 0) {
    tx.put(layerVersions, bare);
    return undefined;
  }
  const revisionId = context.newId();
  const policy = await pinned(JSON.stringify(document), ownerOf(version, context), context);
  tx.put(layerVersions, { ...bare, policy: { ...policy, revisionId } });
  return revisionId;
}
