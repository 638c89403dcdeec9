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
  AccessPointAlreadyOwnedByYou: 409,
  InvalidAccessGrant: 400,
  InvalidAccessGrantsLocation: 400,
  InvalidIamRole: 400,
  InvalidRequest: 400,
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

/** The codes: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3control/errors.go; the words are assumed */
export const noGrantsInstance = () =>
  unmodelled("AccessGrantsInstanceNotExistsError", "Access Grants Instance does not exist");
export const grantsInstanceExists = () =>
  unmodelled("AccessGrantsInstanceAlreadyExists", "Access Grants Instance already exists");
export const grantsInstanceNotEmpty = () =>
  unmodelled(
    "AccessGrantsInstanceNotEmptyError",
    "Access Grants Instance is not empty. Please delete all locations and grants first",
  );
export const noGrantsPolicy = () =>
  unmodelled("AccessGrantsInstanceResourcePolicyNotExists", "Access Grants Instance Resource Policy does not exist");
export const noSuchLocation = () =>
  unmodelled("NoSuchAccessGrantsLocationError", "The specified Access Grants Location does not exist");
export const locationExists = () =>
  unmodelled("AccessGrantsLocationAlreadyExistsError", "Access Grants Location already exists");
export const locationNotEmpty = () =>
  unmodelled(
    "AccessGrantsLocationNotEmptyError",
    "Access Grants Location is not empty. Please delete its grants first",
  );
export const badLocation = () => unmodelled("InvalidAccessGrantsLocation", "The specified location scope is invalid");
export const invalidRole = () => unmodelled("InvalidIamRole", "The specified IAM Role is invalid");
export const noSuchGrant = () => unmodelled("NoSuchAccessGrantError", "The specified Access Grant does not exist");
export const grantExists = () => unmodelled("AccessGrantAlreadyExists", "Access Grant already exists");
export const badGrant = (message: string) => unmodelled("InvalidAccessGrant", message);
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
