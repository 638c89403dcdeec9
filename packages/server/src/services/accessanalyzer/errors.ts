/** The errors of Access Analyzer, each once. */
import type { ValidationExceptionReason } from "@aws-sdk/client-accessanalyzer";
import { error } from "./kit.ts";

const invalid = (message: string, reason: ValidationExceptionReason = "fieldValidationFailed") =>
  error("ValidationException", message, { reason });

const invalidField = (name: string, message: string) =>
  error("ValidationException", message, { reason: "fieldValidationFailed", fieldList: [{ name, message }] });

interface Resource {
  readonly resourceId: string;
  readonly resourceType: string;
}

const notFound = (message: string, resource: Resource) => error("ResourceNotFoundException", message, { ...resource });
const conflict = (message: string, resource: Resource) => error("ConflictException", message, { ...resource });
const overQuota = (message: string, resource: Resource) =>
  error("ServiceQuotaExceededException", message, { ...resource });

const analyzer = (resourceId: string): Resource => ({ resourceId, resourceType: "Analyzer" });
const rule = (resourceId: string): Resource => ({ resourceId, resourceType: "ArchiveRule" });

export const analyzerNotFound = (name: string) => notFound("Specified analyzer does not exist", analyzer(name));
export const analyzerExists = (name: string) => conflict("Analyzer already exists", analyzer(name));
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/21649 */
export const tooManyAnalyzers = (name: string) => overQuota("Analyzer limit exceeded", analyzer(name));
export const notAnOrganizationAdministrator = () =>
  error(
    "AccessDeniedException",
    "Only the management account of an organization, or the account that it delegated IAM Access Analyzer to, may have analyzers of the organization",
  );
/** In the words of IAM, which refused it. */
export const mayNotMakeRole = (message: string) => error("AccessDeniedException", message);
export const serviceAccessDisabled = () =>
  invalid("Trusted access of access-analyzer.amazonaws.com is not enabled in the organization", "other");
export const unbuiltType = (type: string) =>
  invalid(`Analyzers of type ${type} are not part of this cloud`, "notSupported");
export const wrongAnalyzerType = (operation: string) =>
  invalid(`${operation} is not supported for analyzers of this type`, "notSupported");
export const analyzerDisabled = (name: string) => conflict("The analyzer is not active", analyzer(name));

export const configurationMismatch = () =>
  invalidField("configuration", "The configuration does not fit the type of the analyzer");
export const invalidUnusedAccessAge = () =>
  invalidField("configuration.unusedAccess.unusedAccessAge", "The unused access age must be between 1 and 365 days");
export const accountIdsNotAllowed = () =>
  invalidField(
    "configuration.unusedAccess.analysisRule",
    "Account IDs can only be applied to organization-level analyzers, and cannot include the owner of the analyzer",
  );
export const tooManyAccountIds = () =>
  invalidField("configuration.unusedAccess.analysisRule", "The list cannot include more than 2,000 account IDs");

export const archiveRuleNotFound = (name: string) => notFound("Specified archive rule does not exist", rule(name));
export const archiveRuleExists = (name: string) => conflict("Archive rule already exists", rule(name));
export const tooManyArchiveRules = (name: string) => overQuota("Archive rule limit exceeded", rule(name));
export const unknownFilterKey = (key: string) => invalidField(`filter.${key}`, `Invalid filter key: ${key}`);
export const emptyCriterion = (key: string) =>
  invalidField(`filter.${key}`, `A criterion must have at least one operator: ${key}`);
export const emptyFilter = () => invalidField("filter", "A filter must have at least one criterion");
export const unknownSortKey = (key: string) =>
  invalidField("sort.attributeName", `Findings cannot be sorted by ${key}`);

export const findingNotFound = (id: string) =>
  notFound("Specified finding does not exist", { resourceId: id, resourceType: "Finding" });
export const resourceNotFound = (resourceId: string) =>
  notFound("Specified resource does not exist", { resourceId, resourceType: "Resource" });
export const idsOrResource = () => invalid("Exactly one of ids and resourceArn must be given", "other");
export const invalidToken = () => invalidField("nextToken", "Invalid nextToken");
export const invalidPageSize = () => invalidField("maxResults", "maxResults must be between 1 and 1000");

export const tooManyTags = () => invalidField("tags", "A resource can have at most 50 tags");
export const reservedTagKey = (key: string) =>
  invalidField("tags", `Tag keys cannot begin with aws:, which is reserved: ${key}`);

export const previewNotFound = (id: string) =>
  notFound("Specified access preview does not exist", { resourceId: id, resourceType: "AccessPreview" });
export const tooManyPreviews = (id: string) => overQuota("Access preview limit exceeded", analyzer(id));
export const oneConfiguration = () =>
  invalidField("configurations", "The configuration must contain exactly one element");
export const previewFailed = (id: string) =>
  conflict("The access preview has no findings: it failed", { resourceId: id, resourceType: "AccessPreview" });
export const configurationOfOtherType = (arn: string) =>
  invalidField("configurations", `The configuration does not fit the resource ${arn}`);
export const unbuiltPreview = (type: string) =>
  invalid(`Access previews of ${type} need a service that is not part of this cloud`, "notSupported");

export const malformedPolicy = (message: string) => error("InvalidParameterException", message);
export const nothingToCheck = () =>
  invalidField("access", "Actions or resources, or both, must be given in exactly one access");
export const resourceTypeNotAllowed = () =>
  invalidField(
    "validatePolicyResourceType",
    "A resource type can be given only where the policy type is RESOURCE_POLICY",
  );

export const notForCustomers = () =>
  error(
    "AccessDeniedException",
    "Service-linked analyzers are created by the AWS services that manage them, and not by customers",
  );

export const generationNotFound = () => invalidField("jobId", "The policy generation does not exist");
export const tooManyGenerations = (resourceId: string) =>
  overQuota("Policy generation limit exceeded", { resourceId, resourceType: "PolicyGeneration" });
export const principalNotFound = (arn: string) =>
  invalidField("policyGenerationDetails.principalArn", `The principal does not exist: ${arn}`);
export const principalElsewhere = () =>
  invalidField("policyGenerationDetails.principalArn", "The principal must be in the account of the caller");
export const invalidTimeRange = () =>
  invalidField("cloudTrailDetails", "The time range must begin before it ends, and be at most 90 days long");
export const generationEnded = () => invalidField("jobId", "The policy generation has ended");

export const notUnusedPermission = () =>
  invalidField("id", "Recommendations are made for findings of unused permissions only");
export const recommendationNotFound = (id: string) =>
  notFound("There is no recommendation for the finding", { resourceId: id, resourceType: "FindingRecommendation" });
