/** The errors of encryption, each once, in AWS's words. */
import type { AwsError } from "../../../kernel/aws-error.ts";
import { accessDenied, invalidArgument, invalidRequest } from "../errors.ts";
import { unmodelled } from "../kit.ts";

export const invalidEncryption = (value: string) =>
  unmodelled(
    "InvalidEncryptionAlgorithmError",
    "The Encryption request you specified is not valid. Supported value: AES256.",
    {
      ServerSideEncryption: value,
    },
  );
/** What is said of a request's own keys. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers) */
const customerKeyRefused = (message: string) =>
  unmodelled("InvalidArgument", message, { ArgumentName: "x-amz-server-side-encryption" });
export const customerKeyWithMethod = (value: string) =>
  invalidArgument(
    "Server Side Encryption with Customer provided key is incompatible with the encryption method specified",
    {
      name: "x-amz-server-side-encryption",
      value,
    },
  );
export const customerAlgorithmMissing = () =>
  customerKeyRefused(
    "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.",
  );
export const customerAlgorithmInvalid = (value: string) =>
  unmodelled(
    "InvalidEncryptionAlgorithmError",
    "The Encryption request you specified is not valid. Supported value: AES256.",
    { ArgumentName: "x-amz-server-side-encryption", ArgumentValue: value },
  );
export const customerKeyMissing = () =>
  customerKeyRefused(
    "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.",
  );
export const customerKeyInvalid = () => customerKeyRefused("The secret key was invalid for the specified algorithm.");
export const customerKeyMd5Wrong = () =>
  customerKeyRefused("The calculated MD5 hash of the key did not match the hash that was provided.");
export const customerKeyWanted = () =>
  invalidRequest(
    "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
  );
export const customerKeyWrong = () =>
  accessDenied(
    "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.",
  );
export const partKeyWanted = () =>
  invalidRequest(
    "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.",
  );
export const partKeyWrong = () =>
  invalidRequest("The provided encryption parameters did not match the ones used originally.");
/**
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Encryption: 400)
 * Source: https://github.com/ClickHouse/ClickHouse/issues/64570 (its words, of a completion)
 */
export const encryptionHeaderNotForThis = (value: string) =>
  invalidArgument("x-amz-server-side-encryption header is not supported for this operation.", {
    name: "x-amz-server-side-encryption",
    value,
  });
/** Source: https://repost.aws/questions/QUl2UYcV7JTjWmtzCeDrlR8w (an SSE-C header for an object without) */
export const encryptionNotApplicable = () =>
  invalidRequest("The encryption parameters are not applicable to this object.");
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html (403) */
export const encryptionNotAllowed = () => accessDenied();
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html */
export const keyWithoutKms = () =>
  invalidArgument(
    "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
    { name: "x-amz-server-side-encryption", value: "null" },
  );
/** Source: https://github.com/boto/boto3/issues/543 */
export const kmsNeedsSignature = () =>
  invalidArgument(
    "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
    { name: "Authorization", value: "null" },
  );
export const malformedEncryptionContext = (value: string) =>
  invalidArgument(
    "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
    {
      name: "x-amz-server-side-encryption-context",
      value,
    },
  );
/** KMS's refusal as S3 passes it on. */
export const kmsRefused = ({ code, message }: AwsError) =>
  code === "AccessDeniedException" ? accessDenied(message) : unmodelled(`KMS.${code}`, message);
export const defaultKeyWithoutKms = () =>
  unmodelled(
    "InvalidArgument",
    "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
    { ArgumentName: "ApplyServerSideEncryptionByDefault" },
  );

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html (Errors)
export const encryptionTypeMissing = () =>
  invalidRequest(
    "Requests that modify an object encryption configuration require a valid new encryption type. Valid values are SSEKMS. Modify the request to specify SSE-KMS for the updated encryption type, and then try again.",
  );
export const encryptionUpdateNotSigned = () =>
  invalidRequest(
    "Requests that modify an object encryption configuration require AWS Signature Version 4. Modify the request to use AWS Signature Version 4, and then try again.",
  );
export const keyArnInvalid = () =>
  invalidRequest(
    "Requests that modify an object's encryption type to SSE-KMS require a valid AWS KMS key Amazon Resource Name (ARN). Confirm that you have a correctly formatted KMS key ARN in your request, and then try again.",
  );
export const notUpdatable = () =>
  invalidRequest(
    "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.",
  );
export const anotherAccountsKey = () =>
  accessDenied(
    "The AWS KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again.",
  );
export const lockedUpdate = () =>
  accessDenied(
    "The encryption type for the specified object can't be updated because that object is protected by S3 Object Lock. If the object has a governance-mode retention period or a legal hold, you must first remove the Object Lock status on the object before you issue your UpdateObjectEncryption request. You can't use the UpdateObjectEncryption operation with objects that have an Object Lock compliance mode retention period applied to them.",
  );
