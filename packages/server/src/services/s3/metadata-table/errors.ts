/** Errors of metadata tables, each once; their words are assumed but where something else is said. */
import { invalidArgument, methodNotAllowed } from "../errors.ts";
import { unmodelled } from "../kit.ts";
import { RECORD_DAYS_MIN } from "./limits.ts";

/** Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/errors.go (the code) */
export const configurationNotFound = (bucket: string) =>
  unmodelled("MetadataConfigurationNotFound", "The metadata configuration was not found.", { BucketName: bucket });
export const configurationExists = (bucket: string) =>
  unmodelled("MetadataConfigurationAlreadyExists", "The bucket already has a metadata configuration.", {
    BucketName: bucket,
  });
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataTableConfiguration.html (405 for a configuration of the second version) */
export const ofSecondVersion = (method: "GET" | "DELETE" | "PUT") => methodNotAllowed(method);
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RecordExpiration.html (7 days at least) */
export const daysInvalid = () =>
  invalidArgument(`Journal table records must be retained for a minimum of ${RECORD_DAYS_MIN} days.`, { name: "Days" });
export const daysMissing = () =>
  invalidArgument("Days must be specified when record expiration is enabled.", { name: "Days" });
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3TablesDestination.html (same Region and account) */
export const destinationInvalid = () =>
  invalidArgument(
    "The destination table bucket must be in the same Region and AWS account as the general purpose bucket.",
    {
      name: "TableBucketArn",
    },
  );
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-enable-disable-annotation-tables.html (required when a table is enabled for the first time) */
export const roleMissing = () =>
  invalidArgument("A role must be specified when the annotation table is enabled.", { name: "Role" });

export const METADATA_ERRORS = { MetadataConfigurationNotFound: 404, MetadataConfigurationAlreadyExists: 409 } as const;

/** Why a table could not be made, or gets no more records. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDetails.html */
export interface Failure {
  readonly code:
    | "AccessDeniedCreatingResources"
    | "AccessDeniedWritingToTable"
    | "DestinationTableNotFound"
    | "TableAlreadyExists";
  readonly message: string;
}

const AGAIN =
  "To create a new metadata table, you must delete the metadata configuration for this bucket, and then create a new metadata configuration.";

export const FAILURES = {
  creating: {
    code: "AccessDeniedCreatingResources",
    message: `You don't have sufficient permissions to create the required resources. Make sure that you have s3tables:CreateNamespace, s3tables:CreateTable, s3tables:GetTable and s3tables:PutTablePolicy permissions, and then try again. ${AGAIN}`,
  },
  writing: {
    code: "AccessDeniedWritingToTable",
    message: `Unable to write to the metadata table because of missing resource permissions. To fix the resource policy, Amazon S3 needs to create a new metadata table. ${AGAIN}`,
  },
  gone: {
    code: "DestinationTableNotFound",
    message: `The destination table doesn't exist. ${AGAIN}`,
  },
  taken: {
    code: "TableAlreadyExists",
    message: `The table that you specified already exists in the table bucket's namespace. Specify a different table name. ${AGAIN}`,
  },
} as const satisfies Readonly<Record<string, Failure>>;
