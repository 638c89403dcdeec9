/** The words in which AWS does not believe an identity, each once. */
import { IdentityRefused } from "./refused.ts";

const invalid = (words: string) => new IdentityRefused({ kind: "invalid", words });
const expired = (words: string) => new IdentityRefused({ kind: "expired", words });
const unreachable = (words: string) => new IdentityRefused({ kind: "unreachable", words });

/** Source: https://repost.aws/questions/QUMtmA2kGfTYCrGGBtQBtaLg */
export const noJwt = () =>
  invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");

/** Source: https://github.com/aws-actions/configure-aws-credentials/issues/280 */
export const noProvider = (issuer: string) => invalid(`No OpenIDConnect provider found in your account for ${issuer}`);

/** Source: https://github.com/awslabs/amazon-eks-irsa-cfn/pull/18 */
export const wrongAudience = () => invalid("Incorrect token audience");

/** Source: https://github.com/amazon-archives/amazon-cognito-identity-js/issues/40 */
export const wrongIssuer = () => invalid("Issuer doesn't match providerName");

/** Source: https://github.com/aws/aws-sdk-js-v3/issues/3052 */
export const noVerificationKey = () =>
  invalid(
    "Couldn't retrieve verification key from your identity provider,  " +
      "please reference AssumeRoleWithWebIdentity documentation for requirements",
  );

/** Source: https://github.com/aws-actions/configure-aws-credentials/issues/357 */
export const wrongThumbprint = () =>
  invalid("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint");

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html, as those that follow */
export const noSamlResponse = () => invalid("Your request included an invalid SAML response.");

export const responseSignatureInvalid = () => invalid("Response signature invalid");

export const samlProviderUnknown = () => invalid("Specified provider doesn't exist");

export const wrongSamlIssuer = () => invalid("Issuer not present in specified provider");

export const wrongSamlAudience = () => invalid("Response does not contain the required audience.");

export const sessionNameMissing = () => invalid("RoleSessionName is required in AuthnResponse");

export const sessionNameInvalid = () => invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}");

export const sourceIdentityInvalid = () =>
  invalid('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"');

/** Source: https://github.com/Nike-Inc/gimme-aws-creds/issues/251 */
export const redeemedTooLate = () => expired("Token must be redeemed within 5 minutes of issuance");

/** Source: https://github.com/Versent/saml2aws/issues/759 */
export const responseExpired = () => expired("Response has expired");

/** (assumed) */
export const responseNotYetValid = () => invalid("Response is not yet valid");

/** (assumed) */
export const metadataExpired = () => invalid("The metadata of the specified provider has expired");

/** (assumed) */
export const assertionEncrypted = () =>
  invalid("Encrypted assertions are not supported: the identity provider has to send the assertion in the clear");

/** (assumed) */
export const assertionInTheClear = () => invalid("The identity provider has to encrypt its assertions");

/** (assumed) */
export const signInFailed = (status: string) =>
  new IdentityRefused({
    kind: "rejected",
    words: `The identity provider reported that authentication failed: ${status}`,
  });

/** (assumed) */
export const malformedAttribute = (name: string) => invalid(`Invalid value of the attribute: ${name}`);

/** (assumed) */
export const wrongSignature = () => invalid("Provided Token is not valid: its signature could not be verified");

/** (assumed) */
export const wrongAlgorithm = () => invalid("Token signature algorithm is not supported");

/** Source: https://github.com/aws-actions/configure-aws-credentials/issues/1137 (assumed for other claims) */
export const missingClaim = (claim: string) => invalid(`Missing a required claim: ${claim}`);

/** (assumed) */
export const malformedClaim = (claim: string) => invalid(`Invalid value of the claim: ${claim}`);

/** Source: https://github.com/aws/aws-sdk-java-v2/issues/5709 */
export const tokenExpired = (nowSeconds: number, expirySeconds: number) =>
  expired(`Token expired: current date/time ${nowSeconds} must be before the expiration date/time ${expirySeconds}`);

/** (assumed) */
export const tokenTakenBack = () => invalid("Token is revoked");

/** (assumed) */
export const tokenNotYetValid = () => invalid("Token is not yet valid");

/** Source: https://github.com/aws/aws-sdk-js/issues/198 */
export const refusedByProvider = (provider: string, { status, reason }: { status: number; reason: string }) =>
  new IdentityRefused({
    kind: "rejected",
    words: `${provider}: ${provider} responded with HTTP/1.1 ${status} ${reason}`.trimEnd(),
  });

/** (assumed) */
export const unknownAnswer = (provider: string) => invalid(`${provider}: the answer about the token is not understood`);

/** (assumed) */
export const accessTokenTooLong = (provider: string, max: number) =>
  invalid(`${provider}: an access token has at most ${max} characters`);

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (IDPCommunicationError) */
export const issuerUnreachable = () =>
  unreachable(
    "The request could not be fulfilled because the identity provider that was asked to verify the incoming " +
      "identity token could not be reached.",
  );
