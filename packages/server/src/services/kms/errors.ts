/**
 * The errors of KMS, each once, in AWS's words.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json (recorded answers), where nothing else is said
 */
import type { AwsError } from "../../kernel/aws-error.ts";
import { error, unmodelled } from "./kit.ts";

const invalid = (message: string): AwsError => unmodelled("ValidationException", message);
const notFound = (message: string): AwsError => error("NotFoundException", message);
const badState = (message: string): AwsError => error("KMSInvalidStateException", message);
const unsupported = (message = ""): AwsError => error("UnsupportedOperationException", message);

export const keyIdInvalid = (keyId: string) => notFound(`Invalid keyId '${keyId}'`);
export const keyNotFound = (arn: string) => notFound(`Key '${arn}' does not exist`);
export const regionWrong = (region: string) => notFound(`Invalid arn ${region}`);
export const aliasNotFound = (arn: string) => notFound(`Alias ${arn} is not found.`);

export const keyDisabled = (arn: string) => error("DisabledException", `${arn} is disabled.`);
export const keyPendingImport = (arn: string) => badState(`${arn} is pending import.`);
export const keyPendingDeletion = (arn: string) => badState(`${arn} is pending deletion.`);
/** Source: https://repost.aws/questions/QUi_5hN5UkQYm0LqqBDBPbUg (CancelKeyDeletion of a key that is not on its way out) */
export const keyNotPendingDeletion = (arn: string) => badState(`${arn} is not pending deletion.`);
export const keyNotReady = (arn: string) => badState(`${arn} is pending replica deletion.`);

export const usageWrong = (arn: string, usage: string, action: string) =>
  error("InvalidKeyUsageException", `${arn} key usage is ${usage} which is not valid for ${action}.`);
export const algorithmWrong = (algorithm: string, spec: string) =>
  error("InvalidKeyUsageException", `Algorithm ${algorithm} is incompatible with key spec ${spec}.`);
export const originWrong = (arn: string, origin: string) =>
  unsupported(`${arn} origin is ${origin} which is not valid for this operation.`);
export const specUnsupported = (spec: string) => unsupported(`KeySpec ${spec} is not supported in this region.`);
export const notAsymmetric = (arn: string, spec: string) =>
  unsupported(`${arn} key spec is ${spec} which is not valid for GetPublicKey.`);
export const notSymmetric = () => unsupported();
export const notPrimary = (arn: string) => unsupported(`${arn} is not a multi-region primary key.`);
export const replicaRegionSame = (region: string) => unsupported(`The primary key is in ${region} already.`);
/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html (the rule; the words are assumed) */
export const replicaRegionUnknown = (region: string) =>
  unsupported(`${region} is no Region of this partition that keys can be replicated to.`);
export const replicaExists = (arn: string) => error("AlreadyExistsException", `${arn} already exists.`);
export const managedByAws = (arn: string) =>
  unmodelled("AccessDeniedException", `${arn} is an AWS managed key and cannot be changed.`);
export const keyStoreUnsupported = () =>
  unsupported("Custom key stores need CloudHSM or an external key manager, which are not built.");
export const keyStoreNotFound = (named: string) =>
  error("CustomKeyStoreNotFoundException", `KMS has no custom key store ${named}.`);
export const wrappingWrong = (algorithm: string, spec: string) =>
  unsupported(`WrappingAlgorithm ${algorithm} is not supported for KeySpec ${spec}.`);
export const recipientUnsupported = () =>
  unsupported("Attestation documents come from Nitro Enclaves, which are not built.");

export const usageMissing = () =>
  invalid("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.");
export const usageIncompatible = (usage: string, spec: string) =>
  invalid(`KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
export const specsDiffer = () => invalid("You cannot specify KeySpec and CustomerMasterKeySpec in the same request.");
export const plaintextTooLong = (algorithm: string, spec: string, bytesMax: number) =>
  invalid(`Algorithm ${algorithm} and key spec ${spec} cannot encrypt data larger than ${bytesMax} bytes.`);
export const contextNotTaken = (algorithm: string) =>
  invalid(`EncryptionContext is not supported with EncryptionAlgorithm ${algorithm}.`);
export const digestLengthWrong = (algorithm: string) => invalid(`Digest is invalid length for algorithm ${algorithm}.`);
export const messageTypeWrong = (type: string, algorithm: string) =>
  invalid(`MessageType ${type} is not supported for SigningAlgorithm ${algorithm}.`);
export const dataKeySizeMissing = () => invalid("Please specify either number of bytes or key spec.");
export const dataKeySizeTwice = () => invalid("Please specify either number of bytes or key spec, but not both.");
export const byteCountMissing = () => invalid("NumberOfBytes is required.");
/** Assumed: AWS documents the bounds, not the words. */
export const deletionWindowWrong = ({ min, max }: { readonly min: number; readonly max: number }) =>
  invalid(`PendingWindowInDays must be between ${min} and ${max}, inclusive.`);
export const publicKeyWrong = () => invalid("");
export const keyIdMissing = () =>
  invalid("A KeyId is required to decrypt ciphertext that an asymmetric KMS key has encrypted.");

/**
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/cmk-related-errors.html (how the resource is called),
 * https://github.com/sqlxpert/aws-rcp-s3-require-encryption-kms (README: why)
 */
export const ciphertextKeyUnknown = (user: string, action: string) =>
  unmodelled(
    "AccessDeniedException",
    `User: ${user} is not authorized to perform: kms:${action} on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
  );
export const ciphertextInvalid = () => error("InvalidCiphertextException", "");
export const keyIncorrect = () =>
  error("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.");
export const signatureInvalid = () => error("KMSInvalidSignatureException", "");
export const macInvalid = () => error("KMSInvalidMacException", "");
export const dryRun = () =>
  error("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");

export const aliasPrefixWrong = () =>
  invalid(
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  );
/**
 * AWS's words on names of aliases.
 * Source: https://github.com/getmoto/moto/blob/master/tests/test_kms/test_kms.py (test__create_alias__…)
 */
export const aliasReserved = () => unmodelled("NotAuthorizedException", "");
export const aliasCharacterWrong = (name: string) => invalid(`${name} contains invalid characters for an alias`);
/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html (InvalidAliasNameException) */
export const aliasNameMissing = () => error("InvalidAliasNameException", "");
export const aliasOfAlias = () => invalid("Aliases must refer to keys. Not aliases");
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/9405 */
export const aliasExists = (arn: string) =>
  error("AlreadyExistsException", `An alias with the name ${arn} already exists`);
export const aliasOfOtherKind = () =>
  invalid("Aliases can only be updated to a key of the same type and usage as the key that they belong to.");

export const policyInvalid = (message: string) => error("MalformedPolicyDocumentException", message);
/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
export const policyLocksOut = () =>
  policyInvalid("The new key policy will not allow you to update the key policy in the future.");
/** Source: https://repost.aws/knowledge-center/kms-invalid-principals-error */
export const policyPrincipalInvalid = () =>
  policyInvalid("Policy contains a statement with one or more invalid principals.");
/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html (the code; the words are assumed) */
export const policyTooLarge = (bytesMax: number) =>
  error("LimitExceededException", `A key policy is ${bytesMax} bytes long at most.`);
export const policyNameUnknown = () => notFound("No such policy exists");

export const tagsTwice = () => error("TagException", "Duplicate tag keys");
export const tagsTooMany = () => error("TagException", "Too many tags");
export const tagReserved = () => error("TagException", "Tags beginning with aws: are reserved");

export const markerInvalid = () => error("InvalidMarkerException", "Could not deserialize marker");
export const grantTokenInvalid = () => error("InvalidGrantTokenException", "");
export const grantIdInvalid = () => error("InvalidGrantIdException", "");
export const grantNotFound = (grantId: string) => notFound(`Grant ID ${grantId} not found`);
export const grantOperationWrong = (arn: string, operation: string) =>
  invalid(`${operation} is not a valid grant operation for ${arn}.`);
export const grantConstraintWrong = () =>
  invalid("Grant constraints are only supported for cryptographic operations of symmetric encryption keys.");
export const grantConstraintTooLarge = (pairsMax: number, charactersMax: number) =>
  invalid(
    `A grant constraint takes ${pairsMax} encryption context pairs, whose values have ${charactersMax} characters, at most.`,
  );
/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html (the rules; the words are assumed) */
export const grantPrincipalTwice = () => invalid("A principal and a service principal cannot be specified together.");
export const grantToServiceLoose = () =>
  invalid("GranteeServicePrincipal requires a SourceArn grant constraint and a retiring principal.");
export const grantPrincipalInvalid = (principal: string) =>
  error("InvalidArnException", `ARN does not refer to a valid principal: ${principal}`);

export const rotationsUsedUp = (arn: string) =>
  error(
    "LimitExceededException",
    `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arn}`,
  );
export const nothingToRotateTo = (arn: string) =>
  badState(`No available key material pending rotation for the key: ${arn}.`);
export const keysUsedUp = () => error("LimitExceededException", "The number of KMS keys is at its limit.");
export const aliasesUsedUp = () =>
  error("LimitExceededException", "The number of aliases for this key is at its limit.");
export const grantsUsedUp = () => error("LimitExceededException", "The number of grants for this key is at its limit.");

export const importTokenInvalid = () => error("InvalidImportTokenException", "");
export const importTokenExpired = () => error("ExpiredImportTokenException", "");
export const materialIncorrect = () => error("IncorrectKeyMaterialException", "");
export const materialUnreadable = () => error("InvalidCiphertextException", "");
export const validToMissing = () =>
  invalid("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES");
export const validToPast = () => invalid("ValidTo must be in the future, and at most 365 days from now.");
/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html (the rules; the words are assumed) */
export const validToNeedless = () =>
  invalid("ValidTo is not valid if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE");
export const materialNotChosen = (spec: string) =>
  invalid(`ImportType, KeyMaterialDescription and KeyMaterialId are not valid for KeySpec ${spec}.`);
export const newMaterialNamed = () => invalid("KeyMaterialId is not valid if the ImportType is NEW_KEY_MATERIAL");
export const materialPending = (materialId: string, arn: string, pendingId: string) =>
  badState(
    `New key material (id: ${materialId}) cannot be imported into KMS key ${arn}, because another key material (id: ${pendingId}) is pending rotation.`,
  );

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = {
  ValidationException: 400,
  AccessDeniedException: 400,
  NotAuthorizedException: 400,
} as const;
