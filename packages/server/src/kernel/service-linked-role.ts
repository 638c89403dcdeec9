/** Roles that belong to a service: the first folder of their path says so, and only IAM itself makes roles there. */

/**
 * The path below which they lie.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
 */
export const SERVICE_LINKED_PATH = "/aws-service-role/";

const SERVICE_LINKED_ARN = /^arn:[^:]*:iam::\d*:role\/aws-service-role\/([^/]+)\//;

/** The service that the role of that ARN is linked to, such as `ecs.amazonaws.com`: none of another role, or of no role. */
export const linkedServiceOf = (arn: string): string | undefined => SERVICE_LINKED_ARN.exec(arn)?.[1];
