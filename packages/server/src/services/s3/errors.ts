/**
 * The errors of S3, each once, in AWS's words. Fields become elements of the error's body; those with
 * a lowercase name become headers of the answer.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
import { error, unmodelled } from "./kit.ts";

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = {
  AccessControlListNotSupported: 400,
  AccessDenied: 403,
  AccessForbidden: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  BadRequest: 400,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  BucketHasAccessPointsAttached: 400,
  BucketNotEmpty: 409,
  ConditionalRequestConflict: 409,
  CrossLocationLoggingProhibitted: 403,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IdMismatch: 400,
  IllegalLocationConstraintException: 400,
  IllegalVersioningConfigurationException: 400,
  IncorrectEndpoint: 400,
  InvalidArgument: 400,
  InvalidBucketAclWithBlockPublicAccessError: 400,
  InvalidBucketAclWithObjectOwnership: 400,
  InvalidBucketName: 400,
  InvalidBucketNamespace: 400,
  InvalidBucketState: 409,
  InvalidBucketOwnerAWSAccountID: 400,
  InvalidDigest: 400,
  InvalidEncryptionAlgorithmError: 400,
  InvalidLocationConstraint: 400,
  InvalidNamespaceHeader: 400,
  InvalidPart: 400,
  InvalidPartNumber: 416,
  InvalidPartOrder: 400,
  InvalidPolicyDocument: 400,
  InvalidRange: 416,
  InvalidRedirectLocation: 400,
  InvalidRequest: 400,
  InvalidS3DestinationBucket: 400,
  InvalidStorageClass: 400,
  InvalidTag: 400,
  InvalidTargetBucketForLogging: 400,
  InvalidURI: 400,
  "KMS.DisabledException": 400,
  "KMS.InvalidCiphertextException": 400,
  "KMS.InvalidKeyUsageException": 400,
  "KMS.KMSInvalidStateException": 400,
  "KMS.NotFoundException": 400,
  KeyTooLongError: 400,
  MalformedACLError: 400,
  MalformedPOSTRequest: 400,
  MalformedPolicy: 400,
  MalformedXML: 400,
  MaxMessageLengthExceeded: 400,
  MaxPostPreDataLengthExceeded: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  MissingNamespaceHeader: 400,
  MissingRequestBodyError: 400,
  MissingSecurityHeader: 400,
  NoSuchAccessPoint: 404,
  NoSuchBucket: 404,
  NoSuchBucketPolicy: 404,
  NoSuchCORSConfiguration: 404,
  NoSuchConfiguration: 404,
  NoSuchKey: 404,
  NoSuchLifecycleConfiguration: 404,
  NoSuchObjectLockConfiguration: 404,
  NoSuchPublicAccessBlockConfiguration: 404,
  NoSuchTagSet: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NoSuchWebsiteConfiguration: 404,
  NotImplemented: 501,
  NotModified: 304,
  ObjectLockConfigurationNotFoundError: 404,
  OperationAborted: 409,
  OwnershipControlsNotFoundError: 404,
  PermanentRedirect: 301,
  PreconditionFailed: 412,
  ReplicationConfigurationNotFoundError: 404,
  RestoreAlreadyInProgress: 409,
  TooManyConfigurations: 400,
} as const;

export const accessDenied = (message = "Access Denied") => error("AccessDenied", message);
export const methodNotAllowed = (method: string, resourceType?: "OBJECT") =>
  unmodelled("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    Method: method,
    ResourceType: resourceType,
  });
export const invalidUri = () => unmodelled("InvalidURI", "Couldn't parse the specified URI.");

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html (405 since October 2025) */
export const emailGranteeGone = () => methodNotAllowed("PUT");
export const malformedAcl = () =>
  unmodelled(
    "MalformedACLError",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
export const missingAcl = () =>
  unmodelled("MissingSecurityHeader", "Your request was missing a required header", {
    MissingHeaderName: "x-amz-acl",
  });
export const unexpectedContent = () => unmodelled("UnexpectedContent", "This request does not support content");
export const publicAclWithBlock = () =>
  unmodelled(
    "InvalidBucketAclWithBlockPublicAccessError",
    "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
  );
export const invalidOwnership = (value: string) =>
  unmodelled("InvalidArgument", `Invalid x-amz-object-ownership header: ${value}`, {
    ArgumentName: "x-amz-object-ownership",
  });

export const invalidRequest = (message: string) => error("InvalidRequest", message);
/** Source: https://github.com/versity/versitygw/blob/main/tests/integration/PutBucketWebsite.go (the words, seen on S3) */
export const messageTooLong = (bytesMax: number) =>
  unmodelled("MaxMessageLengthExceeded", "Your request was too big.", { MaxMessageLengthBytes: bytesMax });
export const malformedXml = () =>
  unmodelled(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );

export const invalidArgument = (message: string, argument?: { readonly name: string; readonly value?: string }) =>
  unmodelled("InvalidArgument", message, argument && { ArgumentName: argument.name, ArgumentValue: argument.value });

/** Source: https://github.com/CartoDB/cartodb/issues/10701 */
export const headerNotLatin = (name: string, value: string) =>
  invalidArgument("Header value cannot be represented using ISO-8859-1.", { name, value });

/** What AWS itself answers where a header means something it has not built; here for what we have not. */
export const notImplemented = (header: string, additionalMessage?: string) =>
  unmodelled("NotImplemented", "A header you provided implies functionality that is not implemented", {
    Header: header,
    ...(additionalMessage !== undefined && { additionalMessage }),
  });

export const noSuchAccessPoint = (name: string) =>
  unmodelled("NoSuchAccessPoint", "The specified accesspoint does not exist", { AccessPointName: name });
export const noSuchBucket = (bucket: string) =>
  error("NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket });
export const invalidBucketName = (bucket: string) =>
  unmodelled("InvalidBucketName", "The specified bucket is not valid.", { BucketName: bucket });
export const bucketAlreadyExists = (bucket: string) =>
  error(
    "BucketAlreadyExists",
    "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
    { BucketName: bucket },
  );
export const bucketAlreadyOwnedByYou = (bucket: string) =>
  error(
    "BucketAlreadyOwnedByYou",
    "Your previous request to create the named bucket succeeded and you already own it.",
    { BucketName: bucket },
  );
export const bucketNotEmpty = (bucket: string) =>
  unmodelled("BucketNotEmpty", "The bucket you tried to delete is not empty", { BucketName: bucket });
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (BucketHasAccessPointsAttached) */
export const bucketHasAccessPoints = (bucket: string) =>
  unmodelled(
    "BucketHasAccessPointsAttached",
    "The bucket you tried to delete has access points attached. Delete your access points before deleting your bucket.",
    { BucketName: bucket },
  );
export const invalidLocationConstraint = (location: string) =>
  unmodelled("InvalidLocationConstraint", "The specified location-constraint is not valid", {
    LocationConstraint: location,
  });
/** `location` is the constraint that was sent, or `unspecified`. */
export const illegalLocationConstraint = (location: string) =>
  unmodelled(
    "IllegalLocationConstraintException",
    `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
export const invalidBucketOwner = (value: string) =>
  unmodelled(
    "InvalidBucketOwnerAWSAccountID",
    `The value of the expected bucket owner parameter must be an AWS Account ID... [${value}]`,
  );

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidRequest), https://github.com/aws/aws-sdk-js/issues/1971 */
export const notAccelerated = (suspended: "Suspended" | undefined) =>
  invalidRequest(`S3 Transfer Acceleration is ${suspended ? "disabled" : "not configured"} on this bucket`);

export const operationAborted = () =>
  unmodelled(
    "OperationAborted",
    "A conflicting conditional operation is currently in progress against this resource. Please try again.",
  );

export const noSuchKey = (key: string, headers?: Readonly<Record<string, string>>) =>
  error("NoSuchKey", "The specified key does not exist.", { Key: key, ...headers });
export const keyTooLong = (size: number, max: number) =>
  unmodelled("KeyTooLongError", "Your key is too long", { Size: String(size), MaxSizeAllowed: String(max) });
export const metadataTooLarge = (size: number, max: number) =>
  unmodelled("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
    Size: String(size),
    MaxSizeAllowed: String(max),
  });
export const entityTooLarge = (size: number, max: number) =>
  unmodelled("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
    ProposedSize: String(size),
    MaxSizeAllowed: String(max),
  });

/** Source: https://github.com/getmoto/moto/blob/master/moto/s3/exceptions.py (the words) */
export const namespaceHeaderWrong = (account: string, region: string) =>
  unmodelled(
    "InvalidNamespaceHeader",
    `The requested bucket name did not include the account-regional namespace suffix, but the provided x-amz-bucket-namespace header value is account-regional. Specify -${account}-${region}-an as the bucket name suffix to create a bucket in your account-regional namespace, or remove the header.`,
  );
/** Source: https://github.com/ansible-collections/amazon.aws/issues/2935 (seen on S3) */
export const namespaceHeaderMissing = () =>
  unmodelled(
    "MissingNamespaceHeader",
    "The requested bucket is an account-regional namespace bucket, but your request is missing the required x-amz-bucket-namespace header.",
    { Header: "x-amz-bucket-namespace" },
  );
/** Source: https://github.com/aws/aws-cli/blob/develop/tests/integration/customizations/s3/test_plugin.py (test_short_an_suffix_sends_namespace_header: the code) */
export const namespaceWrong = (account: string, region: string) =>
  unmodelled(
    "InvalidBucketNamespace",
    `The requested bucket is an account-regional namespace bucket, but the bucket name does not end with -${account}-${region}-an.`,
  );

export const missingContentLength = () =>
  unmodelled("MissingContentLength", "You must provide the Content-Length HTTP header.");

/** `headers` are those of the object, which a cache may use to renew its copy. */
export const notModified = (headers: Readonly<Record<string, string>>) =>
  unmodelled("NotModified", "Not Modified", headers);
export const preconditionFailed = (condition: string) =>
  unmodelled("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: condition,
  });
export const invalidRange = (range: string, size: number) =>
  unmodelled("InvalidRange", "The requested range is not satisfiable", {
    RangeRequested: range,
    ActualObjectSize: String(size),
    "content-range": `bytes */${size}`,
  });
export const invalidPartNumber = (asked: number, parts: number) =>
  unmodelled("InvalidPartNumber", "The requested partnumber is not satisfiable", {
    PartNumberRequested: String(asked),
    ActualPartCount: String(parts),
  });

export const invalidDigest = (value: string) =>
  unmodelled("InvalidDigest", "The Content-MD5 you specified was invalid.", { "Content-MD5": value });
export const badMd5 = (digests: { readonly expected: string; readonly calculated: string }) =>
  unmodelled("BadDigest", "The Content-MD5 you specified did not match what we received.", {
    ExpectedDigest: digests.expected,
    CalculatedDigest: digests.calculated,
  });
export const badChecksum = (algorithm: string) =>
  unmodelled("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);

/** Source: https://github.com/versity/versitygw/blob/main/s3err/s3err.go (the words, seen on S3) */
export const checksumMissing = () =>
  invalidRequest(
    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
  );

export const badPartChecksum = (algorithm: string, number: number) =>
  unmodelled("BadDigest", `The ${algorithm} you specified for part ${number} did not match what we received.`);

export const noSuchUpload = (uploadId: string) =>
  error(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { UploadId: uploadId },
  );
export const invalidPart = (part: { readonly uploadId: string; readonly number: number; readonly etag: string }) =>
  unmodelled(
    "InvalidPart",
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: part.uploadId, PartNumber: String(part.number), ETag: part.etag },
  );
export const invalidPartOrder = (uploadId: string) =>
  unmodelled(
    "InvalidPartOrder",
    "The list of parts was not in ascending order. Parts must be ordered by part number.",
    {
      UploadId: uploadId,
    },
  );
export const entityTooSmall = (part: {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly min: number;
}) =>
  unmodelled("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    ProposedSize: String(part.size),
    MinSizeAllowed: String(part.min),
    PartNumber: String(part.number),
    ETag: part.etag,
  });

export const invalidTag = (message: string, tag: { readonly key?: string; readonly value?: string } = {}) =>
  unmodelled("InvalidTag", message, { TagKey: tag.key, TagValue: tag.value });
export const badRequest = (message: string) => unmodelled("BadRequest", message);
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html (that it does not work; the words are assumed) */
export const tagsCount = () =>
  invalidRequest("ABAC is enabled for this bucket. Use the TagResource and UntagResource APIs to manage its tags.");
export const noSuchTagSet = (bucket: string) =>
  unmodelled("NoSuchTagSet", "The TagSet does not exist", { BucketName: bucket });
export const noSuchBucketPolicy = (bucket: string) =>
  unmodelled("NoSuchBucketPolicy", "The bucket policy does not exist", { BucketName: bucket });
export const malformedPolicy = (message: string) => unmodelled("MalformedPolicy", message);
export const invalidPrincipal = (principal: string) =>
  unmodelled("MalformedPolicy", "Invalid principal in policy", { Detail: `"AWS" : "${principal}"` });
export const noSuchPublicAccessBlock = (bucket: string) =>
  unmodelled("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found", {
    BucketName: bucket,
  });
export const ownershipControlsNotFound = (bucket: string) =>
  unmodelled("OwnershipControlsNotFoundError", "The bucket ownership controls were not found", { BucketName: bucket });
export const noSuchCors = (bucket: string) =>
  unmodelled("NoSuchCORSConfiguration", "The CORS configuration does not exist", { BucketName: bucket });
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_cors.snapshot.json (recorded answers) */
export const accessForbidden = (why: string, of: { readonly method: string; readonly resourceType: string }) =>
  unmodelled("AccessForbidden", `CORSResponse: ${why}`, { Method: of.method, ResourceType: of.resourceType });
export const noSuchLifecycle = (bucket: string) =>
  unmodelled("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", { BucketName: bucket });
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (TestS3BucketLogging, recorded) */
export const invalidTargetBucket = (message: string, target: string) =>
  unmodelled("InvalidTargetBucketForLogging", message, { TargetBucket: target });
export const crossLocationLogging = (places: Readonly<Record<"source" | "target", string | undefined>>) =>
  unmodelled("CrossLocationLoggingProhibitted", "Cross S3 location logging not allowed. ", {
    SourceBucketLocation: places.source,
    TargetBucketLocation: places.target,
  });
export const replicationConfigurationNotFound = (bucket: string) =>
  unmodelled("ReplicationConfigurationNotFoundError", "The replication configuration was not found", {
    BucketName: bucket,
  });
export const objectLockConfigurationNotFound = (bucket: string) =>
  unmodelled("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket", {
    BucketName: bucket,
  });
export const aclNotSupported = () => unmodelled("AccessControlListNotSupported", "The bucket does not allow ACLs");
export const invalidBucketAcl = () =>
  unmodelled(
    "InvalidBucketAclWithObjectOwnership",
    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  );
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded) */
export const invalidObjectState = (where: { readonly StorageClass: string; readonly AccessTier?: string }) =>
  error("InvalidObjectState", "The operation is not valid for the object's storage class", where);
/** Source: https://github.com/getmoto/moto/pull/4670 (AWS's answer for an object that is not archived) */
export const restoreNotAllowed = (storageClass: string) =>
  error("InvalidObjectState", "Restore is not allowed for the object's current storage class", {
    StorageClass: storageClass,
  });
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html (Errors) */
export const alreadyInActiveTier = () =>
  error("ObjectAlreadyInActiveTierError", "This action is not allowed against this storage tier.");
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html (Special errors) */
export const restoreInProgress = () => unmodelled("RestoreAlreadyInProgress", "Object restore is already in progress");
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (Errors) */
export const sourceNotInActiveTier = () =>
  error(
    "ObjectNotInActiveTierError",
    "The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier.",
  );
export const invalidStorageClass = (value: string) =>
  unmodelled("InvalidStorageClass", "The storage class you specified is not valid", { StorageClassRequested: value });
export const invalidContinuationToken = () =>
  invalidArgument("The continuation token provided is incorrect", { name: "continuation-token" });
export const publicAclBlocked = (denied: {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
}) =>
  accessDenied(
    `User: ${denied.caller} is not authorized to perform: ${denied.action} on resource: "${denied.resource}" because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access`,
  );
export const publicPolicyBlocked = (denied: { readonly caller: string; readonly resource: string }) =>
  accessDenied(
    `User: ${denied.caller} is not authorized to perform: s3:PutBucketPolicy on resource: "${denied.resource}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access`,
  );
