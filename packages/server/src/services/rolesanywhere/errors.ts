/** The errors of IAM Roles Anywhere, each once, in AWS's words where they are known. */
import { error } from "./kit.ts";

const invalid = (message: string) => error("ValidationException", message);
const notFound = (message: string) => error("ResourceNotFoundException", message);
const denied = (message: string) => error("AccessDeniedException", message);

export const anchorNotFound = () => notFound("TrustAnchor not found");
export const profileNotFound = () => notFound("Profile not found");
export const crlNotFound = () => notFound("Crl not found");
export const subjectNotFound = () => notFound("Subject not found");
export const resourceNotFound = () => notFound("Resource not found");
export const mappingNotFound = (field: string) => notFound(`Attribute mapping for ${field} not found`);

export const invalidNextToken = () => invalid("Invalid nextToken");
export const invalidPageSize = () => invalid("Invalid pageSize");
export const missingSourceData = () => invalid("Source data is required for the trust anchor");
export const notPem = () => invalid("Certificate data is not in PEM format");
/** Source: https://github.com/aws/rolesanywhere-credential-helper (met by its users as a certificate authority is registered) */
export const notAuthority = () => invalid("Incorrect basic constraints for CA certificate");
export const cannotSignCertificates = () => invalid("Incorrect key usage for CA certificate");
export const weakSignature = () => invalid("Unsupported signature algorithm for CA certificate");
export const tooManyCertificates = (max: number) => invalid(`A trust anchor can have at most ${max} certificates`);
/** Differs: there is no private certificate authority to be one. */
export const pcaNotFound = (arn: string) => invalid(`Certificate authority ${arn} not found`);
export const sourceTypeUnsupported = (type: string) => invalid(`Source type ${type} is not supported`);
export const crlNotPem = () => invalid("CRL data is not in PEM format");
export const anchorOfCrlUnknown = () => invalid("Trust anchor of the CRL not found");
export const invalidSessionPolicy = (why: string) => invalid(`Invalid session policy: ${why}`);
export const invalidSpecifier = (specifier: string) => invalid(`Invalid specifier: ${specifier}`);
export const thresholdNeeded = () => invalid("A threshold is required for a notification setting that is enabled");
export const missingParameter = (name: string) => invalid(`${name} is required`);
export const limitExceeded = (what: string) => invalid(`Limit exceeded: ${what}`);
export const tooManyTags = () => error("TooManyTagsException", "Too many tags");
export const reservedTagKey = (key: string) => invalid(`Tag key ${key} is reserved`);

/** Source: https://github.com/aws/rolesanywhere-credential-helper/issues/108 */
export const untrustedCertificate = () => denied("Untrusted signing certificate");
/** Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html (what it has to have); met by users as such */
export const insufficientCertificate = () => denied("Untrusted certificate. Insufficient certificate");
export const revokedCertificate = () => denied("Untrusted certificate. Certificate is revoked");
export const unsigned = () => denied("Missing X-Amz-X509 signature");
export const anchorDisabled = () => denied("Trust anchor is disabled");
export const profileDisabled = () => denied("Profile is disabled");
export const roleNotInProfile = () => denied("Role is not in the profile");
export const notOneAccount = () => denied("Trust anchor, profile and role are not of one account");
/** Source: https://github.com/aws/rolesanywhere-credential-helper/issues/19 */
export const sessionNameRefused = () => denied("Not authorized to set roleSessionName.");
/** The words are those that clients met, and what STS says. */
export const cannotAssume = (role: string, why: string) => denied(`Unable to assume role for ${role}. ${why}`.trim());
