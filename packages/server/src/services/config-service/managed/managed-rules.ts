/** The rules that AWS keeps: those that are evaluated here, and those that wait for what they are about. */
import { IDENTITY_RULES } from "./identity.ts";
import type { ManagedRule } from "./rule-kind.ts";
import { STORAGE_RULES } from "./storage.ts";
import { WORKLOAD_RULES } from "./workload.ts";

const BY_ID: ReadonlyMap<string, ManagedRule> = new Map(
  [...STORAGE_RULES, ...IDENTITY_RULES, ...WORKLOAD_RULES].map((rule) => [rule.identifier, rule]),
);

/** They are about services that are not there yet. Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html */
const WAITING: ReadonlySet<string> = new Set([
  "ACM_CERTIFICATE_EXPIRATION_CHECK",
  "APPROVED_AMIS_BY_ID",
  "APPROVED_AMIS_BY_TAG",
  "CLOUDFORMATION_STACK_DRIFT_DETECTION_CHECK",
  "CLOUDFORMATION_STACK_NOTIFICATION_CHECK",
  "DB_INSTANCE_BACKUP_ENABLED",
  "DESIRED_INSTANCE_TENANCY",
  "DESIRED_INSTANCE_TYPE",
  "DYNAMODB_AUTOSCALING_ENABLED",
  "DYNAMODB_PITR_ENABLED",
  "DYNAMODB_TABLE_ENCRYPTED_KMS",
  "EBS_OPTIMIZED_INSTANCE",
  "EC2_EBS_ENCRYPTION_BY_DEFAULT",
  "EC2_IMDSV2_CHECK",
  "EC2_INSTANCE_NO_PUBLIC_IP",
  "EC2_STOPPED_INSTANCE",
  "EC2_VOLUME_INUSE_CHECK",
  "EFS_ENCRYPTED_CHECK",
  "EIP_ATTACHED",
  "ELB_LOGGING_ENABLED",
  "ENCRYPTED_VOLUMES",
  "GUARDDUTY_ENABLED_CENTRALIZED",
  "INCOMING_SSH_DISABLED",
  "INSTANCES_IN_VPC",
  "RDS_INSTANCE_PUBLIC_ACCESS_CHECK",
  "RDS_MULTI_AZ_SUPPORT",
  "RDS_SNAPSHOTS_PUBLIC_PROHIBITED",
  "RDS_STORAGE_ENCRYPTED",
  "REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK",
  "RESTRICTED_INCOMING_TRAFFIC",
  "VPC_DEFAULT_SECURITY_GROUP_CLOSED",
  "VPC_FLOW_LOGS_ENABLED",
  "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS",
]);

export const findManagedRule = (identifier: string): ManagedRule | undefined => BY_ID.get(identifier);
export const isWaiting = (identifier: string): boolean => WAITING.has(identifier);
