/**
 * The errors of Glacier, each once.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-error-responses.html, and answers of AWS that clients
 * have reported (https://github.com/boto/boto3/issues/1708, https://github.com/aws/aws-cli/issues/5027,
 * https://github.com/boto/boto/issues/1478, https://github.com/aws/aws-cli/issues/3413)
 */
import type { Arn } from "../../kernel/arn.ts";
import { error, unmodelled } from "./kit.ts";
import { PARTS_MAX, PART_BYTES_MAX, MIB } from "./limits.ts";

const notFound = (message: string) => error("ResourceNotFoundException", message);
const invalid = (message: string) => error("InvalidParameterValueException", message);
const overLimit = (message: string) => error("LimitExceededException", message);
const forbidden = (message: string) => unmodelled("AccessDeniedException", message);

export const missing = (what: string) => error("MissingParameterValueException", `Required parameter missing: ${what}`);
/** `what` is the header or the parameter: `vault name`, `Content-Range`. */
export const invalidValue = (what: string, value: string) => invalid(`Invalid ${what}: ${value}`);

export const vaultNotFound = (vault: Arn) => notFound(`Vault not found for ARN: ${vault}`);
export const archiveNotFound = (id: string) => notFound(`The archive ID was not found: ${id}`);
export const jobNotFound = (id: string) => notFound(`The job ID was not found: ${id}`);
export const uploadNotFound = (id: string) => notFound(`The upload ID was not found: ${id}`);
export const noAccessPolicy = (vault: Arn) => notFound(`No vault access policy is set for: ${vault}`);
export const noLockPolicy = (vault: Arn) => notFound(`No vault lock policy is set for: ${vault}`);
export const noNotifications = (vault: Arn) => notFound(`No notification configuration is set for vault: ${vault}`);
export const noInventory = (vault: Arn) => notFound(`No inventory is available yet for vault: ${vault}`);

export const vaultNotEmpty = (vault: Arn) => invalid(`Vault not empty or recently written to: ${vault}`);
export const tooManyVaults = (max: number) => overLimit(`The account has its ${max} vaults in this region already`);

export const checksumMismatch = ({ expected, computed }: { readonly expected: string; readonly computed: string }) =>
  invalid(`Checksum mismatch: expected ${expected}, computed ${computed}`);
export const invalidPartSize = (value: string) =>
  invalid(
    `Invalid part size: ${value}. Part size must not be null, must be a power of two and be between ${MIB} and ${PART_BYTES_MAX} bytes.`,
  );
export const rangeAndLengthDiffer = (range: string, length: number) =>
  invalid(`Content-Range: ${range} is incompatible with Content-Length: ${length}`);
export const tooManyParts = (number: number) =>
  invalid(
    `This is part number ${number} for the current multipart upload. It exceeds the limit of ${PARTS_MAX} parts.`,
  );
export const partsMissing = (range: string) => invalid(`The content range was not uploaded: ${range}`);
export const uploadOver = (id: string) => invalid(`The upload is already completed: ${id}`);

export const jobStatusInvalid = (code: string) => invalid(`The job status code is not valid: ${code}`);
export const jobNotReady = (id: string) => invalid(`The job is not currently available for download: ${id}`);
export const notForThisJob = (parameter: string, type: string) =>
  invalid(`${parameter} must not be given for a job of type ${type}`);
/**
 * Of select jobs, which no new customer may begin; in the words of the model's exception.
 * Source: https://aws.amazon.com/blogs/storage/how-to-optimize-querying-your-data-in-amazon-s3/
 */
export const selectOver = () =>
  error(
    "NoLongerSupportedException",
    "This API is no longer supported for new accounts. Please use Amazon S3 Glacier storage classes instead.",
  );
export const retrievalDenied = () =>
  error("PolicyEnforcedException", "InitiateJob request denied by current data retrieval policy.");

export const policyInvalid = (kind: "access" | "lock") =>
  invalid(`The specified vault ${kind} policy is invalid. Provide a valid policy.`);
export const lockUnderWay = (vault: Arn) => forbidden(`A vault lock is in progress for vault: ${vault}`);
export const lockCompleted = (vault: Arn) => forbidden(`The vault is locked: ${vault}`);

export const eventsMissing = () => missing("Events");
export const tooManyCapacityUnits = (max: number) =>
  overLimit(`The account has its ${max} provisioned capacity units already`);
export const tooManyTags = (max: number) => overLimit(`A vault can have ${max} tags`);

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { AccessDeniedException: 403 } as const;
