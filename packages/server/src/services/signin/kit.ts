/** The console's sign-in has no API of its own: it is pages, and what they ask of STS and IAM. */
export type IamSdk = typeof import("@aws-sdk/client-iam");
export type StsSdk = typeof import("@aws-sdk/client-sts");
