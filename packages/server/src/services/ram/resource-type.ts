/**
 * The types of resources that RAM knows, as its guide lists them.
 * Source: https://docs.aws.amazon.com/ram/latest/userguide/shareable.html
 */
import type { ResourceRegionScopeFilter, ServiceNameAndResourceType } from "@aws-sdk/client-ram";
import { parseArn } from "../../kernel/arn.ts";

type Trait =
  /** May be shared with single roles and users. */
  | "identities"
  /** May be shared with accounts of other organizations, or of none. */
  | "outside"
  /** Takes permissions of the customer's own. */
  | "customer-permissions"
  /** Lives in no region; shared in `us-east-1`. */
  | "global"
  /** Invitations to it stay open for a week, and it can be left. */
  | "open-week";

export interface ResourceType {
  /** `ec2:Subnet`. */
  readonly name: string;
  readonly service: string;
  /** What the resource part of its ARNs begins with. */
  readonly arnPrefix: string;
  readonly traits: readonly Trait[];
}

type Row = readonly [name: string, arnPrefix: string, ...traits: Trait[]];

const ROWS: readonly Row[] = [
  ["acm-pca:CertificateAuthority", "certificate-authority/", "identities", "outside"],
  ["appmesh:Mesh", "mesh/", "identities", "outside"],
  ["aws-marketplace:Entity", "AWSMarketplace/", "identities", "outside"],
  ["codebuild:Project", "project/", "identities", "outside", "customer-permissions"],
  ["codebuild:ReportGroup", "report-group/", "identities", "outside", "customer-permissions"],
  ["ec2:CapacityReservation", "capacity-reservation/", "outside", "open-week"],
  ["ec2:CoipPool", "coip-pool/", "open-week"],
  ["ec2:DedicatedHost", "dedicated-host/", "outside", "open-week"],
  ["ec2:IpamPool", "ipam-pool/", "identities", "outside", "customer-permissions"],
  ["ec2:IpamResourceDiscovery", "ipam-resource-discovery/", "outside"],
  ["ec2:LocalGatewayRouteTable", "local-gateway-route-table/", "open-week"],
  ["ec2:PlacementGroup", "placement-group/", "identities", "outside"],
  ["ec2:PrefixList", "prefix-list/", "outside", "open-week"],
  ["ec2:Subnet", "subnet/", "open-week"],
  ["ec2:TrafficMirrorTarget", "traffic-mirror-target/", "outside", "open-week"],
  ["ec2:TransitGateway", "transit-gateway/", "outside", "open-week"],
  ["ec2:TransitGatewayMulticastDomain", "transit-gateway-multicast-domain/", "outside", "open-week"],
  ["glue:Catalog", "catalog", "outside"],
  ["glue:Database", "database/", "outside"],
  ["glue:Table", "table/", "outside"],
  ["imagebuilder:Component", "component/", "identities", "outside", "customer-permissions"],
  ["imagebuilder:ContainerRecipe", "container-recipe/", "identities", "outside", "customer-permissions"],
  ["imagebuilder:Image", "image/", "identities", "outside", "customer-permissions"],
  ["imagebuilder:ImageRecipe", "image-recipe/", "identities", "outside", "customer-permissions"],
  ["license-manager:LicenseConfiguration", "license-configuration:", "outside", "open-week"],
  ["network-firewall:FirewallPolicy", "firewall-policy/", "identities", "outside"],
  ["network-firewall:StatefulRuleGroup", "stateful-rulegroup/", "identities", "outside"],
  ["network-firewall:StatelessRuleGroup", "stateless-rulegroup/", "identities", "outside"],
  ["networkmanager:CoreNetwork", "core-network/", "identities", "outside", "global"],
  ["outposts:Outpost", "outpost/", "customer-permissions", "open-week"],
  ["outposts:Site", "site/", "outside", "open-week"],
  ["rds:Cluster", "cluster:", "outside", "open-week"],
  ["refactor-spaces:Environment", "environment/", "identities", "outside", "customer-permissions"],
  ["resource-groups:Group", "group/", "outside"],
  ["route53resolver:FirewallRuleGroup", "firewall-rule-group/", "identities", "outside"],
  [
    "route53resolver:ResolverQueryLogConfig",
    "resolver-query-log-config/",
    "identities",
    "outside",
    "customer-permissions",
  ],
  ["route53resolver:ResolverRule", "resolver-rule/", "outside", "open-week"],
  ["s3-outposts:Outpost", "outpost/", "customer-permissions"],
  ["sagemaker:LineageGroup", "lineage-group/", "identities", "outside", "customer-permissions"],
  ["sagemaker:Pipeline", "pipeline/", "identities", "outside", "customer-permissions"],
  ["servicecatalog:Application", "/applications/", "customer-permissions"],
  ["servicecatalog:AttributeGroup", "/attribute-groups/", "customer-permissions"],
  ["ssm-contacts:Contact", "contact/", "identities", "outside", "customer-permissions"],
  ["ssm-incidents:ResponsePlan", "response-plan/", "identities", "outside", "customer-permissions"],
  ["ssm:Parameter", "parameter/", "identities", "outside", "customer-permissions"],
];

const serviceOf = (name: string): string => name.slice(0, name.indexOf(":"));

/** In the order of their names. */
export const RESOURCE_TYPES: readonly ResourceType[] = ROWS.map(([name, arnPrefix, ...traits]) => ({
  name,
  service: serviceOf(name),
  arnPrefix,
  traits,
}));

/** The names do not differ by case. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_ListPermissions.html */
export const findResourceType = (name: string): ResourceType | undefined =>
  RESOURCE_TYPES.find((type) => type.name.toLowerCase() === name.toLowerCase());

/** The type of the resource that `arn` names; `undefined` where RAM shares none such. */
export function typeOfResource(arn: string): ResourceType | undefined {
  const parts = parseArn(arn);
  return (
    parts && RESOURCE_TYPES.find((type) => type.service === parts.service && parts.resource.startsWith(type.arnPrefix))
  );
}

export type RegionScope = "GLOBAL" | "REGIONAL";

export const scopeOf = (type: ResourceType | undefined): RegionScope =>
  type?.traits.includes("global") === true ? "GLOBAL" : "REGIONAL";

export const formatResourceType = (type: ResourceType): ServiceNameAndResourceType => ({
  resourceType: type.name,
  serviceName: type.service,
  resourceRegionScope: scopeOf(type),
});

export const inScope = (resourceType: string, scope: ResourceRegionScopeFilter = "ALL"): boolean =>
  scope === "ALL" || scopeOf(findResourceType(resourceType)) === scope;
