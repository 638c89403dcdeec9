/**
 * The permissions that AWS manages, in their default versions.
 * Source: names, versions and times as `ListPermissions` gave them, recorded in
 * https://github.com/getmoto/moto/blob/master/moto/ram/utils.py; the other default permissions by name from
 * https://github.com/awsdocs/aws-resource-access-manager-user-guide (permissions.md) and, of pools of addresses, from
 * https://docs.aws.amazon.com/vpc/latest/ipam/share-pool-ipam.html, and that of blank certificates from
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ram/resource_share_test.go, their time assumed.
 */
import { findOwn } from "../../kernel/lookup.ts";

export interface AwsPermission {
  readonly name: string;
  readonly resourceType: string;
  readonly version: number;
  readonly createdAtMs: number;
  readonly isDefaultOfType: boolean;
  /** `undefined` where it is not known what it allows: nothing can be shared under it. */
  readonly actions: readonly string[] | undefined;
}

type Row = readonly [name: string, resourceType: string, version: number, createdAt: string];

const ROWS: readonly Row[] = [
  [
    "AWSRAMBlankEndEntityCertificateAPICSRPassthroughIssuanceCertificateAuthority",
    "acm-pca:CertificateAuthority",
    1,
    "2022-06-30T17:04:00.000Z",
  ],
  ["AWSRAMDefaultPermissionAppMesh", "appmesh:Mesh", 3, "2023-03-28T12:27:55.910Z"],
  ["AWSRAMDefaultPermissionCapacityReservation", "ec2:CapacityReservation", 1, "2022-06-30T17:04:00.000Z"],
  ["AWSRAMDefaultPermissionCertificateAuthority", "acm-pca:CertificateAuthority", 1, "2022-06-30T17:04:00.000Z"],
  ["AWSRAMDefaultPermissionCodeBuildProject", "codebuild:Project", 1, "2022-06-30T17:04:17.595Z"],
  ["AWSRAMDefaultPermissionCodeBuildReportGroup", "codebuild:ReportGroup", 1, "2022-06-30T17:04:17.761Z"],
  ["AWSRAMDefaultPermissionDedicatedHost", "ec2:DedicatedHost", 1, "2022-06-30T17:04:00.000Z"],
  ["AWSRAMDefaultPermissionGlueCatalog", "glue:Catalog", 1, "2022-06-30T17:04:26.612Z"],
  ["AWSRAMDefaultPermissionGlueDatabase", "glue:Database", 1, "2022-06-30T17:04:25.912Z"],
  ["AWSRAMDefaultPermissionGlueTable", "glue:Table", 1, "2022-06-30T17:04:24.372Z"],
  ["AWSRAMDefaultPermissionImageBuilderComponent", "imagebuilder:Component", 1, "2022-06-30T17:04:21.977Z"],
  ["AWSRAMDefaultPermissionImageBuilderImage", "imagebuilder:Image", 1, "2022-06-30T17:04:21.201Z"],
  ["AWSRAMDefaultPermissionImageBuilderImageRecipe", "imagebuilder:ImageRecipe", 1, "2022-06-30T17:04:22.832Z"],
  [
    "AWSRAMDefaultPermissionLicenseConfiguration",
    "license-manager:LicenseConfiguration",
    1,
    "2024-01-31T16:36:13.664Z",
  ],
  ["AWSRAMDefaultPermissionLocalGateway", "ec2:LocalGatewayRouteTable", 1, "2022-06-30T17:04:00.000Z"],
  ["AWSRAMDefaultPermissionNetworkFirewallPolicy", "network-firewall:FirewallPolicy", 1, "2022-06-30T17:04:00.000Z"],
  [
    "AWSRAMDefaultPermissionNetworkFirewallStatefulRuleGroup",
    "network-firewall:StatefulRuleGroup",
    1,
    "2022-06-30T17:04:00.000Z",
  ],
  [
    "AWSRAMDefaultPermissionNetworkFirewallStatelessRuleGroup",
    "network-firewall:StatelessRuleGroup",
    1,
    "2022-06-30T17:04:00.000Z",
  ],
  ["AWSRAMDefaultPermissionOutpostsOutpost", "outposts:Outpost", 1, "2022-06-30T17:04:00.000Z"],
  ["AWSRAMDefaultPermissionPrefixList", "ec2:PrefixList", 1, "2022-06-30T17:04:20.594Z"],
  ["AWSRAMDefaultPermissionRDSCluster", "rds:Cluster", 1, "2022-06-30T17:04:16.671Z"],
  [
    "AWSRAMDefaultPermissionResolverQueryLogConfig",
    "route53resolver:ResolverQueryLogConfig",
    1,
    "2022-06-30T17:04:00.000Z",
  ],
  ["AWSRAMDefaultPermissionResolverRule", "route53resolver:ResolverRule", 1, "2022-06-30T17:04:14.752Z"],
  ["AWSRAMDefaultPermissionResourceGroup", "resource-groups:Group", 1, "2022-06-30T17:04:10.914Z"],
  ["AWSRAMDefaultPermissionSSMParameterReadOnly", "ssm:Parameter", 1, "2024-02-21T00:00:00.000Z"],
  ["AWSRAMDefaultPermissionSubnet", "ec2:Subnet", 1, "2024-10-30T15:11:41.358Z"],
  ["AWSRAMDefaultPermissionTrafficMirror", "ec2:TrafficMirrorTarget", 1, "2022-06-30T17:04:00.000Z"],
  ["AWSRAMDefaultPermissionTransitGateway", "ec2:TransitGateway", 1, "2022-06-30T17:04:00.000Z"],
  [
    "AWSRAMDefaultPermissionTransitGatewayMulticastDomain",
    "ec2:TransitGatewayMulticastDomain",
    1,
    "2022-06-30T17:04:13.461Z",
  ],
  ["AWSRAMDefaultPermissionsIpamPool", "ec2:IpamPool", 1, "2022-06-30T17:04:00.000Z"],
  ["AWSRAMDefaultPermissionsNetworkManagerCoreNetwork", "networkmanager:CoreNetwork", 3, "2024-10-23T16:34:51.604Z"],
  ["AWSRAMLFEnabledGlueAllTablesReadWriteForDatabase", "glue:Database", 1, "2023-06-27T17:05:24.471Z"],
  ["AWSRAMLFEnabledGlueDatabaseReadWrite", "glue:Database", 1, "2023-06-27T17:05:27.153Z"],
  ["AWSRAMLFEnabledGlueDatabaseReadWriteForTable", "glue:Table", 1, "2023-06-27T17:05:33.534Z"],
  ["AWSRAMLFEnabledGlueTableReadWrite", "glue:Table", 1, "2023-06-27T17:05:21.095Z"],
  ["AWSRAMPermissionGlueAllTablesReadWriteForCatalog", "glue:Catalog", 3, "2022-10-27T14:19:56.250Z"],
  ["AWSRAMPermissionGlueAllTablesReadWriteForDatabase", "glue:Database", 3, "2022-10-27T14:19:43.345Z"],
  ["AWSRAMPermissionGlueDatabaseReadWrite", "glue:Database", 3, "2022-10-27T14:20:08.415Z"],
  ["AWSRAMPermissionGlueDatabaseReadWriteForCatalog", "glue:Catalog", 3, "2022-10-27T14:20:20.322Z"],
  ["AWSRAMPermissionGlueDatabaseReadWriteForTable", "glue:Table", 2, "2022-06-30T17:04:09.034Z"],
  ["AWSRAMPermissionGlueTableReadWrite", "glue:Table", 2, "2022-06-30T17:04:03.947Z"],
  ["AWSRAMPermissionGlueTableReadWriteForCatalog", "glue:Catalog", 3, "2022-10-27T14:19:30.644Z"],
  ["AWSRAMPermissionGlueTableReadWriteForDatabase", "glue:Database", 3, "2022-10-27T14:19:17.062Z"],
  ["AWSRAMPermissionLFTagGlueDatabaseReadWrite", "glue:Database", 1, "2022-10-27T14:22:14.138Z"],
  ["AWSRAMPermissionLFTagGlueDatabaseReadWriteForCatalog", "glue:Catalog", 1, "2022-10-27T14:22:37.435Z"],
  ["AWSRAMPermissionLFTagGlueDatabaseReadWriteForTable", "glue:Table", 1, "2022-10-27T14:22:26.191Z"],
  ["AWSRAMPermissionLFTagGlueTableReadWrite", "glue:Table", 1, "2022-10-27T14:22:01.908Z"],
  ["AWSRAMPermissionLFTagGlueTableReadWriteForCatalog", "glue:Catalog", 1, "2022-10-27T14:21:37.593Z"],
  ["AWSRAMPermissionLFTagGlueTableReadWriteForDatabase", "glue:Database", 1, "2022-10-27T14:21:49.920Z"],
  [
    "AWSRAMTransitGatewayPermissionsNetworkManagerCoreNetwork",
    "networkmanager:CoreNetwork",
    1,
    "2022-06-30T17:03:48.071Z",
  ],
  ["AWSRAMVPCPermissionsNetworkManagerCoreNetwork", "networkmanager:CoreNetwork", 1, "2022-06-30T17:03:46.477Z"],
];

/**
 * What they allow, where AWS says it in public. A service whose resources are to be shared adds its own here.
 * Source: https://docs.aws.amazon.com/ram/latest/userguide/security-ram-permissions.html (subnets),
 * https://docs.aws.amazon.com/cli/latest/reference/ram/get-permission.html (tables),
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html (parameters)
 */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  AWSRAMDefaultPermissionSSMParameterReadOnly: ["ssm:DescribeParameters", "ssm:GetParameter", "ssm:GetParameters"],
  AWSRAMDefaultPermissionSubnet: ["ec2:RunInstances", "ec2:CreateNetworkInterface", "ec2:DescribeSubnets"],
  AWSRAMPermissionGlueTableReadWriteForDatabase: [
    "glue:GetTable",
    "glue:UpdateTable",
    "glue:DeleteTable",
    "glue:BatchDeleteTable",
    "glue:BatchDeleteTableVersion",
    "glue:GetTableVersion",
    "glue:GetTableVersions",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:BatchGetPartition",
    "glue:BatchCreatePartition",
    "glue:CreatePartition",
    "glue:UpdatePartition",
    "glue:BatchDeletePartition",
    "glue:DeletePartition",
    "glue:GetTables",
    "glue:SearchTables",
  ],
};

const DEFAULT_NAME = /^AWSRAMDefaultPermissions?[A-Z]/;

/** In the order of their names. */
export const AWS_PERMISSIONS: readonly AwsPermission[] = ROWS.map(([name, resourceType, version, createdAt]) => ({
  name,
  resourceType,
  version,
  createdAtMs: Date.parse(createdAt),
  isDefaultOfType: DEFAULT_NAME.test(name),
  actions: findOwn(ACTIONS, name),
}));
