/** The errors of S3 Control, each once, in AWS's words. Fields become elements of the error. */
import { error, unmodelled } from "./kit.ts";

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = {
  AccessDenied: 403,
  AccessGrantAlreadyExists: 409,
  AccessGrantsInstanceAlreadyExists: 409,
  AccessGrantsInstanceNotEmptyError: 400,
  AccessGrantsInstanceNotExistsError: 404,
  AccessGrantsInstanceResourcePolicyNotExists: 404,
  AccessGrantsLocationAlreadyExistsError: 409,
  AccessGrantsLocationNotEmptyError: 400,
  AccessGrantsLocationsQuotaExceededError: 409,
  AccessGrantsQuotaExceededError: 409,
  AccessPointAlreadyOwnedByYou: 409,
  InvalidAccessGrant: 400,
  InvalidAccessGrantsLocation: 400,
  InvalidIamRole: 400,
  InvalidRequest: 400,
  InvalidResourcePolicy: 400,
  InvalidTag: 400,
  InvalidURI: 400,
  MalformedPolicy: 400,
  NoSuchAccessGrantError: 404,
  NoSuchAccessGrantsLocationError: 404,
  NoSuchAccessPoint: 404,
  NoSuchAccessPointPolicy: 404,
  NoSuchAsyncRequest: 404,
  NoSuchConfiguration: 404,
  NoSuchJob: 404,
  NoSuchMultiRegionAccessPoint: 404,
  NoSuchPublicAccessBlockConfiguration: 404,
  NoSuchResource: 404,
  NotImplemented: 501,
  StorageLensGroupAlreadyExists: 409,
  StsNotAuthorizedError: 403,
  StsPackedPolicyTooLargeError: 400,
  StsValidationError: 400,
} as const;

export const accessDenied = (message = "Access Denied") => unmodelled("AccessDenied", message);
export const invalidRequest = (message: string) => unmodelled("InvalidRequest", message);
export const invalidNextToken = () => error("InvalidNextTokenException", "The specified continuation token is invalid");

export const noSuchPublicAccessBlock = (account: string) =>
  error("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found", {
    AccountId: account,
  });

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (recorded answers) */
export const noSuchAccessPoint = (name: string) =>
  unmodelled("NoSuchAccessPoint", "The specified accesspoint does not exist", { AccessPointName: name });
export const accessPointAlreadyOwned = () =>
  unmodelled(
    "AccessPointAlreadyOwnedByYou",
    "Your previous request to create the named accesspoint succeeded and you already own it.",
  );
export const badAccessPointName = (name: string) =>
  unmodelled("InvalidURI", "Couldn't parse the specified URI.", { URI: `accesspoint/${name}` });
export const bucketWanted = () => invalidRequest("Amazon S3 AccessPoint can only be created for existing bucket");
/** Source: https://github.com/getmoto/moto/blob/master/tests/test_s3control/test_s3control_accesspoint_policy.py (errors as a client met them) */
export const noSuchAccessPointPolicy = (name: string) =>
  unmodelled("NoSuchAccessPointPolicy", "The specified accesspoint policy does not exist", { AccessPointName: name });
export const publicPolicyBlocked = (denied: { readonly caller: string; readonly resource: string }) =>
  accessDenied(
    `User: ${denied.caller} is not authorized to perform: s3:PutAccessPointPolicy on resource: "${denied.resource}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access`,
  );

export const noSuchResource = () => unmodelled("NoSuchResource", "The specified resource doesn't exist.");
export const invalidTag = (message: string) => unmodelled("InvalidTag", message);
export const malformedPolicy = (message: string) => unmodelled("MalformedPolicy", message);

export const noSuchJob = () => unmodelled("NoSuchJob", "The specified job does not exist.");
export const badJob = (message: string) => error("BadRequestException", message);
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html (IdempotencyException) */
export const jobTokenUsed = () => error("IdempotencyException", "The client request token was used for another job.");
export const jobStatusRefused = (status: string) =>
  error("JobStatusException", `The job's status ${status} does not allow the requested change.`);
/** Why a job fails: told in its failure reasons. */
export const badManifest = (message: string) => unmodelled("InvalidManifestContent", message);
export const manifestChanged = () =>
  unmodelled("ManifestETagMismatch", "the manifest is not the one that the job was made for");

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#S3AccessGrantsErrorCodeList */
export const noGrantsInstance = () =>
  unmodelled("AccessGrantsInstanceNotExistsError", "Access Grants Instance does not exist");
export const grantsInstanceExists = () =>
  unmodelled("AccessGrantsInstanceAlreadyExists", "Access Grants Instance already exists");
export const grantsInstanceNotEmpty = () =>
  unmodelled(
    "AccessGrantsInstanceNotEmptyError",
    "Please clean up locations before deleting the access grants instance",
  );
export const noGrantsPolicy = () =>
  unmodelled("AccessGrantsInstanceResourcePolicyNotExists", "Access Grants Instance Resource Policy does not exist");
export const badGrantsPolicy = () => unmodelled("InvalidResourcePolicy", "The specified Resource Policy is invalid");
export const noSuchLocation = () =>
  unmodelled("NoSuchAccessGrantsLocationError", "The specified access grants location does not exist");
export const locationExists = () =>
  unmodelled("AccessGrantsLocationAlreadyExistsError", "The specified access grants location already exists");
export const locationNotEmpty = () =>
  unmodelled(
    "AccessGrantsLocationNotEmptyError",
    "Please clean up access grants before deleting access grants location",
  );
export const tooManyLocations = (most: number) =>
  unmodelled(
    "AccessGrantsLocationsQuotaExceededError",
    `The access grants location quota has been exceeded. Access Grants Locations Quota: ${most}. Please reach out to S3 if an increase is required.`,
  );
export const badLocation = () =>
  unmodelled("InvalidAccessGrantsLocation", "The specified Access Grants Location is invalid");
export const invalidRole = () => unmodelled("InvalidIamRole", "The specified IAM Role is invalid");
export const noSuchGrant = () => unmodelled("NoSuchAccessGrantError", "The specified access grant does not exist");
export const grantExists = () => unmodelled("AccessGrantAlreadyExists", "The specified access grant already exists");
export const tooManyGrants = (most: number) =>
  unmodelled(
    "AccessGrantsQuotaExceededError",
    `The access grants quota has been exceeded. Access Grants Quota: ${most}. Please reach out to S3 if an increase is required.`,
  );
export const badGrant = () => unmodelled("InvalidAccessGrant", "The specified Access Grant is invalid");
export const roleNotTaken = ({ service, roleArn }: { readonly service: string; readonly roleArn: string }) =>
  unmodelled(
    "StsNotAuthorizedError",
    `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );
export const sessionTooLarge = () =>
  unmodelled("StsPackedPolicyTooLargeError", "Serialized token too large for session");
export const sessionInvalid = (message: string) => unmodelled("StsValidationError", message);
export const noGrantFor = ({ permission, target }: { readonly permission: string; readonly target: string }) =>
  accessDenied(`You do not have ${permission} permissions to the requested S3 Prefix: ${target}`);
export const identityCenterNotBuilt = () =>
  unmodelled("NotImplemented", "access grants for users and groups of IAM Identity Center are not built");

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_s3control/test_s3control.py (the code, as a client met it) */
export const noSuchConfiguration = () =>
  unmodelled("NoSuchConfiguration", "The specified configuration does not exist.");
export const lensGroupExists = () =>
  unmodelled("StorageLensGroupAlreadyExists", "The specified storage lens group already exists.");

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_s3control/test_multi_region_access_points.py (as a client met them) */
export const noSuchMultiRegionAccessPoint = (name: string) =>
  unmodelled("NoSuchMultiRegionAccessPoint", "The specified Multi-Region Access Point does not exist", { Name: name });
export const noSuchAsyncRequest = (token: string) =>
  unmodelled("NoSuchAsyncRequest", "The specified async request does not exist", { RequestTokenARN: token });
