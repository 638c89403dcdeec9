/**
 * The actions of which AWS tells when they were last used. It tracks whole services but for the actions that are named
 * here, those of tags, and those that are done to data for the most part.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-action-last-accessed.html,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html ("IAM Action Last Accessed", as of August 2026)
 * Differs: services that this cloud has no model of are not tracked.
 */
import { findOwn } from "../../../kernel/lookup.ts";

/** By what their actions begin with: those of a tracked service that are not. */
const UNTRACKED: Readonly<Record<string, string>> = {
  "access-analyzer": "CreateServiceLinkedAnalyzer DeleteServiceLinkedAnalyzer",
  acm:
    "AddTagsToCertificate CreateAcmeDomainValidation CreateAcmeExternalAccountBinding DeleteAcmeDomainValidation " +
    "DeleteAcmeEndpoint DeleteAcmeExternalAccountBinding DescribeAcmeAccount DescribeAcmeDomainValidation " +
    "DescribeAcmeEndpoint DescribeAcmeExternalAccountBinding GetAcmeExternalAccountBindingCredentials " +
    "ListAcmeAccounts ListAcmeDomainValidations ListAcmeExternalAccountBindings ListCertificateDomainValidations " +
    "RemoveTagsFromCertificate RevokeAcmeAccount RevokeAcmeExternalAccountBinding RevokeCertificate " +
    "UpdateAcmeDomainValidation UpdateAcmeEndpoint UpdateCertificate",
  athena:
    "CancelQueryExecution GetCatalogs GetExecutionEngine GetExecutionEngines GetNamespace GetNamespaces " +
    "GetQueryExecutions GetTable GetTables RunQuery",
  autoscaling: "CreateOrUpdateTags DeleteTags DescribeAccountSettings DescribeTags LaunchInstances PutAccountSetting",
  backup:
    "AssociateBackupVaultMpaApprovalTeam CopyFromBackupVault CopyIntoBackupVault CreateBackupAccessPoint " +
    "DeleteBackupAccessPoint DeleteBackupVaultSharingPolicy DescribeBackupAccessPoint " +
    "DisassociateBackupVaultMpaApprovalTeam GetBackupVaultSharingPolicy GetPITRMalwareScanResults " +
    "GetRecoveryPointIndexDetails ListIndexedRecoveryPointsForSearch ListProtectedResourcesByBackupVault " +
    "PutBackupVaultSharingPolicy RevokeRestoreAccessBackupVault SearchRecoveryPoint StartScanJob " +
    "UpdateRecoveryPointIndexSettings",
  cloudformation:
    "ActivateOrganizationsAccess ActivateType CancelResourceRequest CreateResource CreateStackRefactor " +
    "CreateUploadBucket DeactivateOrganizationsAccess DeleteResource DescribeStackRefactor ExecuteStackRefactor " +
    "GetResource GetResourceRequestStatus ListAllHookResults ListResourceRequests ListResources " +
    "ListStackRefactorActions ListStacks UpdateResource",
  cloudfront:
    "AllowVendedLogDeliveryForResource CopyDistribution CreateAnycastIpList CreateConnectionGroup " +
    "CreateDistribution CreateInvalidationForDistributionTenant CreateSavingsPlan CreateStreamingDistribution " +
    "CreateStreamingDistributionWithTags CreateVpcOrigin DeleteResourcePolicy DescribeConnectionFunction " +
    "GetConnectionFunction GetConnectionGroup GetConnectionGroupByRoutingEndpoint GetDistribution " +
    "GetDistributionTenant GetDistributionTenantByDomain GetManagedCertificateDetails GetResourcePolicy " +
    "GetSavingsPlan GetTrustStore ListDistributionsByConnectionFunction ListDistributionsByLambdaFunction " +
    "ListDistributionsByTrustStore ListDomainConflicts ListRateCards ListSavingsPlans ListUsages ListVpcOrigins " +
    "PutResourcePolicy UpdateDistributionWithStagingConfig UpdateDomainAssociation UpdateSavingsPlan " +
    "UpdateStreamingDistribution UpdateVpcOrigin VerifyDnsConfiguration",
  cloudtrail:
    "AddTags CreateServiceLinkedChannel DeleteServiceLinkedChannel EnableFederation GenerateQueryResultsSummary " +
    "GetQueryResults GetServiceLinkedChannel ListServiceLinkedChannels RemoveTags StartDashboardRefresh " +
    "UpdateServiceLinkedChannel",
  cloudwatch:
    "BatchGetServiceLevelIndicatorReport BatchGetServiceLevelObjectiveBudgetReport CallWithBearerToken " +
    "CreateServiceLevelObjective DeletePipelineRule DeleteServiceLevelObjective EnableTopologyDiscovery " +
    "GenerateQuery GenerateQueryResultsSummary GetMetricData GetMetricWidgetImage GetOTelEnrichment GetService " +
    "GetServiceData GetServiceLevelObjective GetTopologyDiscoveryStatus GetTopologyMap Link ListEntitiesForMetric " +
    "ListMetrics ListServiceLevelObjectives ListServices PutMetricData PutPipelineRule StartOTelEnrichment " +
    "StopOTelEnrichment UpdateServiceLevelObjective",
  "cognito-identity":
    "GetCredentialsForIdentity GetId GetIdentityPoolAnalytics GetIdentityPoolDailyAnalytics " +
    "GetIdentityProviderDailyAnalytics GetOpenIdToken GetOpenIdTokenForDeveloperIdentity " +
    "GetPrincipalTagAttributeMap SetPrincipalTagAttributeMap UnlinkIdentity",
  "cognito-idp":
    "AssociateWebACL DisassociateWebACL GetTokensFromRefreshToken GetWebACLForResource ListResourcesForWebACL " +
    "UpdateManagedLoginBranding",
  config:
    "AssociateResourceTypes BatchGetAggregateResourceConfig DeleteConnector " +
    "DeleteServiceLinkedConfigurationRecorder DisassociateResourceTypes GetAggregateComplianceDetailsByConfigRule " +
    "GetAggregateConfigRuleComplianceSummary GetAggregateConformancePackComplianceSummary " +
    "GetAggregateDiscoveredResourceCounts GetAggregateResourceConfig GetConnector " +
    "ListAggregateDiscoveredResources PutAggregationAuthorization PutServiceLinkedConfigurationRecorder " +
    "PutThirdPartyServiceLinkedConfigurationRecorder SelectAggregateResourceConfig",
  dms:
    "AddTagsToResource CancelMetadataModelConversion CreateDataMigration CreateFleetAdvisorCollector " +
    "CreateOutboundIntegration DescribeConversionConfiguration GetMetadataModel GetTargetSelectionRules " +
    "ListMetadataModelAssessmentActionItems ModifyFleetAdvisorCollector ModifyFleetAdvisorCollectorStatuses " +
    "ModifyOutboundIntegration RemoveTagsFromResource StartDataMigration StartMetadataModelImport " +
    "StartReplicationTaskAssessmentRun StopReplication UploadFileMetadataList",
  dynamodb:
    "AssociateTableReplica BatchGetItem BatchWriteItem ConditionCheckItem CreateGlobalTableWitness " +
    "CreateTableReplica DeleteGlobalTableWitness DeleteItem DeleteResourcePolicy DeleteTableReplica " +
    "DescribeReservedCapacity DescribeReservedCapacityOfferings GetAbacStatus GetItem GetRecords GetShardIterator " +
    "InjectError PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate PurchaseReservedCapacityOfferings " +
    "PutItem PutResourcePolicy Query ReadDataForReplication ReplicateSettings RestoreTableFromAwsBackup Scan " +
    "SearchVectors StartAwsBackupJob UpdateAbacStatus UpdateGlobalTableVersion UpdateItem WriteDataForReplication",
  ec2:
    "AssociateApplicationStatusCheck AssociateVerifiedAccessInstanceWebAcl AttachApplianceToNatGateway " +
    "AttachResourcesToPlacementGroup CreateApplicationStatusCheck CreateCoipPoolPermission CreateLaunchTemplate " +
    "CreateLocalGatewayRouteTablePermission CreateOdbNetworkPeering CreateSnapshot CreateTags " +
    "CreateTransitGatewayPolicyTableEntry DeleteApplicationStatusCheck DeleteCoipPoolPermission " +
    "DeleteLocalGatewayRouteTablePermission DeleteOdbNetworkPeering DeleteResourcePolicy DeleteSnapshot " +
    "DeleteTags DeleteTransitGatewayPolicyTableEntry DescribeApplicationStatus " +
    "DescribeApplicationStatusCheckAssociations DescribeApplicationStatusChecks DescribeCapacityBlockOfferings " +
    "DescribeImages DescribeInstanceAttribute DescribeInstanceStatus DescribeInstanceTypeOfferings " +
    "DescribeInstances DescribeLaunchTemplateVersions DescribeLaunchTemplates " +
    "DescribeLocalGatewayRouteTablePermissions DescribeSnapshots DescribeSubnets DescribeTags " +
    "DescribeVerifiedAccessInstanceWebAclAssociations DetachApplianceFromNatGateway " +
    "DetachResourcesFromPlacementGroup DisableApplicationStatusCheckSuppression " +
    "DisassociateApplicationStatusCheck DisassociateVerifiedAccessInstanceWebAcl " +
    "EnableApplicationStatusCheckSuppression GetCapacityManagerMonitoredTagKeys GetResourcePolicy " +
    "GetVerifiedAccessInstanceWebAcl ImportByoipCidrToIpam InjectApiError InjectVolumeIOLatency " +
    "ModifyApplicationStatusCheck ModifyOdbNetworkPeering ModifyTransitGatewayPolicyTableEntry " +
    "ModifyVpcEndpointPayerResponsibility PauseVolumeIO PurchaseCapacityBlock PutResourcePolicy " +
    "SendSpotInstanceInterruptions StopInstances TerminateInstances UpdateCapacityManagerMonitoredTagKeys",
  ecr:
    "BatchImportUpstreamImage CreateRepository DeregisterPullTimeUpdateExclusion DescribeImageSigningStatus " +
    "GetImageCopyStatus PutImageTagMutability PutLifecyclePolicy PutSigningConfiguration " +
    "RegisterPullTimeUpdateExclusion ReplicateImage SetRepositoryPolicy UpdateImageStorageClass",
  ecs:
    "AllowVendedLogDeliveryForResource CreateExpressGatewayService Poll PutSystemLogEvents RegisterTaskDefinition " +
    "StartTelemetrySession",
  elasticache: "AddTagsToResource Connect InterruptClusterAzPower RemoveTagsFromResource",
  elasticfilesystem:
    "Backup ClientMount ClientRootAccess ClientWrite CreateTags DeleteTags DescribeTags ReplicationRead " +
    "ReplicationWrite Restore",
  elasticloadbalancing:
    "AddTags AllowVendedLogDeliveryForResource CreateWebACLAssociation DeleteWebACLAssociation DescribeTags " +
    "DescribeWebACLAssociation GetLoadBalancerWebACL ModifyListenerAttributes RemoveTags SetWebAcl",
  events:
    "AllowVendedLogDeliveryForResource InvokeApiDestination PutEvents PutPartnerEvents " +
    "RetrieveConnectionCredentials",
  firehose: "PutRecord PutRecordBatch",
  guardduty: "SendObjectMalwareScan SendSecurityTelemetry",
  iam:
    "AcceptDelegationRequest AssociateDelegationRequest CreateDelegationRequest GetAccountProperties " +
    "GetDelegationRequest GetHumanReadableSummary GetRoleTemplateVersion ListInstanceProfileTags " +
    "ListMFADeviceTags ListOpenIDConnectProviderTags ListPolicyTags ListRoleTags ListSAMLProviderTags " +
    "ListServerCertificateTags ListUserTags PassRole PutAccountProperties RejectDelegationRequest " +
    "SendDelegationToken",
  identitystore:
    "AddRegion CreateIdentityStore DeleteIdentityStore DescribeRegion ListRegions RemoveRegion ReserveUser " +
    "UpdateIdentityStore",
  kinesis:
    "AddTagsToStream DeleteResourcePolicy GetRecords GetResourcePolicy GetShardIterator InjectApiError PutRecord " +
    "PutRecords PutResourcePolicy RemoveTagsFromStream SubscribeToShard UpdateMaxRecordSize " +
    "UpdateStreamWarmThroughput",
  kms: "ListResourceTags PutKeyPolicy ReEncryptFrom ReEncryptTo SynchronizeMultiRegionKey",
  lambda:
    "CheckpointDurableExecution ConnectMicrovm CreateCapacityProvider CreateMicrovmAuthToken CreateMicrovmImage " +
    "CreateMicrovmShellAuthToken CreateNetworkConnector DeleteMicrovmImage DeleteMicrovmImageVersion " +
    "DeleteNetworkConnector DeleteResourcePolicy DisableReplication EnableReplication GetDurableExecution " +
    "GetDurableExecutionHistory GetDurableExecutionState GetMicrovm GetMicrovmImage GetMicrovmImageBuild " +
    "GetMicrovmImageVersion GetNetworkConnector GetResourcePolicy InvokeAsync InvokeFunction InvokeFunctionUrl " +
    "ListFunctionVersionsByCapacityProvider ListManagedMicrovmImageVersions ListManagedMicrovmImages " +
    "ListMicrovmImageBuilds ListMicrovmImageVersions ListMicrovmImages ListMicrovms ListNetworkConnectors " +
    "PassCapacityProvider PassNetworkConnector PutResourcePolicy ResumeMicrovm RunMicrovm " +
    "SendDurableExecutionCallbackFailure SendDurableExecutionCallbackHeartbeat " +
    "SendDurableExecutionCallbackSuccess StopDurableExecution SuspendMicrovm TerminateMicrovm " +
    "UpdateFunctionCodeSigningConfig UpdateMicrovmImage UpdateMicrovmImageVersion UpdateNetworkConnector",
  logs:
    "CallWithBearerToken CreateImportTask CreateLogDelivery CreateScheduledQuery DeleteAccountPolicy " +
    "DeleteLogDelivery DeletePipelineRule FilterLogEvents GetLogDelivery GetLogEvents IntegrateWithS3Table Link " +
    "ListAggregateLogGroupSummaries ListEntitiesForLogGroup ListLogDeliveries ListLogGroups " +
    "ListLogGroupsForEntity ProcessWithPipeline PutAccountPolicy PutLogEvents PutPipelineRule StopLiveTail Unmask " +
    "UpdateLogDelivery UpdateScheduledQuery",
  organizations: "InviteOrganizationToTransferResponsibility ListEffectivePolicyValidationErrors",
  ram: "",
  rds:
    "AddTagsToResource CopyCustomDBEngineVersion CreateBlueGreenDeployment CreateDBCluster " +
    "CreateDBClusterEndpoint CreateDBClusterSnapshot CreateDBInstance CreateDBInstanceReadReplica " +
    "CreateDBShardGroup CreateDBSnapshot CreateIntegration CreateTenantDatabase CrossRegionCommunication " +
    "DeleteCustomDBEngineVersion DeleteDBCluster DeleteDBClusterEndpoint DeleteDBInstance DeleteDBShardGroup " +
    "DeleteIntegration DeleteTenantDatabase DescribeDBShardGroups DescribeRecommendationGroups " +
    "DescribeRecommendations DisableHttpEndpoint EnableHttpEndpoint ModifyCustomDBEngineVersion ModifyDBCluster " +
    "ModifyDBInstance ModifyDBShardGroup ModifyIntegration ModifyRecommendation PromoteReadReplica " +
    "PromoteReadReplicaDBCluster RebootDBInstance RebootDBShardGroup RemoveTagsFromResource",
  redshift:
    "AuthorizeInboundIntegration CancelQuery CancelQuerySession CreateClusterUser CreateInboundIntegration " +
    "CreateQev2IdcApplication CreateSavedQuery CreateTags DeleteIntegration DeleteQev2IdcApplication " +
    "DeleteSavedQueries DeleteTags DescribeAutonomicsDenylist DescribeQev2IdcApplications DescribeQuery " +
    "DescribeSavedQueries DescribeTable DescribeTags ExecuteQuery FetchResults JoinGroup ListDatabases " +
    "ListSavedQueries ListSchemas ListTables ModifyAutonomicsDenylist ModifyIntegration ModifyQev2IdcApplication " +
    "ModifySavedQuery ViewQueriesFromConsole ViewQueriesInConsole",
  rolesanywhere: "",
  route53: "ChangeTagsForResource UpdateHostedZoneFeatures",
  s3:
    "AbortMultipartUpload AllowVendedLogDeliveryForResource BypassGovernanceRetention CreateStorageLensGroup " +
    "DeleteJobTagging DeleteObject DeleteObjectAnnotation DeleteObjectTagging DeleteObjectVersion " +
    "DeleteObjectVersionAnnotation DeleteObjectVersionTagging DeleteStorageLensConfigurationTagging " +
    "DeleteStorageLensGroup GetBucketMetadataTableConfiguration GetBucketTagging GetJobTagging GetObject " +
    "GetObjectAcl GetObjectAnnotation GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging " +
    "GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAnnotation " +
    "GetObjectVersionAnnotationForReplication GetObjectVersionAttributes GetObjectVersionForReplication " +
    "GetObjectVersionTagging GetObjectVersionTorrent GetStorageLensConfigurationTagging GetStorageLensGroup " +
    "InitiateReplication ListBucket ListBucketVersions ListMultipartUploadParts ListObjectAnnotations " +
    "ListObjectVersionAnnotations ListStorageLensGroups ObjectOwnerOverrideToBucketOwner PauseReplication " +
    "PutAccessPointPublicAccessBlock PutBucketTagging PutJobTagging PutObject PutObjectAcl PutObjectAnnotation " +
    "PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionAnnotation " +
    "PutObjectVersionTagging PutStorageLensConfigurationTagging ReplicateDelete ReplicateObject " +
    "ReplicateObjectAnnotation ReplicateTags RestoreObject UpdateBucketMetadataInventoryTableConfiguration " +
    "UpdateObjectEncryption UpdateStorageLensGroup",
  secretsmanager: "BatchGetSecretValue UpdateSecretVersionStage",
  sqs:
    "ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues " +
    "ListMessageMoveTasks ListQueueTags ListQueues ReceiveMessage SendMessage StartMessageMoveTask",
  ssm:
    "AddTagsToResource CreateCloudConnector ExecuteAPI GetCalendar GetManifest PutCalendar " +
    "PutConfigurePackageResult RemoveTagsFromResource RequestManagedInstanceRoleToken StartAccessRequest " +
    "StartExecutionPreview UpdateInstanceAssociationStatus UpdateManagedInstancePublicKey",
  states:
    "GetActivityTask InvokeHTTPEndpoint PublishStateMachineVersion RedriveExecution RevealSecrets " +
    "StartSyncExecution TestState",
  sts: "AssumeRoot GetDelegatedAccessToken GetServiceBearerToken SetContext SetSourceIdentity",
  tag: "GetTagKeys GetTagValues ListRequiredTags",
  wafv2:
    "DisassociateFirewallManager GetPermissionPolicy GetTopPathStatisticsByTraffic GetWebACL " +
    "PutFirewallManagerRuleGroups PutPermissionPolicy",
};

const OF_TAGS = /^(?:Tag|Untag|ListTags)/;

const untracked = (service: string): ReadonlySet<string> | undefined => {
  const names = findOwn(UNTRACKED, service);
  return names === undefined ? undefined : new Set(names.split(" "));
};

/** Of `actions` of one service, those that are tracked. */
export function trackedActions(service: string, actions: Iterable<string>): readonly string[] {
  const left = untracked(service);
  return left === undefined ? [] : [...actions].filter((name) => !OF_TAGS.test(name) && !left.has(name));
}

/** Whether `action`, such as `s3:CreateBucket`, is tracked. */
export function isTracked(action: string): boolean {
  const colon = action.indexOf(":");
  return trackedActions(action.slice(0, colon), [action.slice(colon + 1)]).length > 0;
}
