/**
 * Refusals of a caller's credentials. Models leave them out, so each has its HTTP status here; its
 * name depends on the family of the service that was called.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (S3)
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html (query)
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html (JSON)
 */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Family } from "./claim.ts";

/** Who calls could not be established. */
export class AuthenticationError extends AwsError {
  readonly httpStatus: number;

  constructor(httpStatus: number, code: string, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(code, message, fields);
    this.httpStatus = httpStatus;
  }
}

type Words = readonly [httpStatus: number, code: string, message?: string];

/** One refusal in each family's status, code and, where it differs, message. */
const byFamily =
  (words: Readonly<Record<Family, Words>>, usual = "") =>
  (family: Family, message = usual, fields: Readonly<Record<string, unknown>> = {}) => {
    const [status, code, own] = words[family];
    return new AuthenticationError(status, code, own ?? message, fields);
  };

const incompleteSignature = byFamily({
  s3: [400, "AuthorizationHeaderMalformed"],
  query: [400, "IncompleteSignature"],
  json: [400, "IncompleteSignatureException"],
});

const signatureDoesNotMatch = byFamily({
  s3: [403, "SignatureDoesNotMatch"],
  query: [403, "SignatureDoesNotMatch"],
  json: [400, "InvalidSignatureException"],
});
