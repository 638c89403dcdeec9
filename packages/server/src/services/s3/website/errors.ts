/** What is wrong with websites, and with where objects redirect to, in AWS's words. */
import { unmodelled } from "../kit.ts";

/** Source: https://github.com/boto/boto/blob/develop/tests/integration/s3/test_key.py (test_website_redirect_with_bad_value: that it is refused) */
export const redirectEmpty = () =>
  unmodelled("InvalidRedirectLocation", "The website redirect location must be non-empty.");
/** Source: https://github.com/aws/aws-cli/issues/1018 */
export const redirectWithoutPrefix = () =>
  unmodelled(
    "InvalidRedirectLocation",
    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
  );
export const redirectTooLong = () =>
  unmodelled("InvalidRedirectLocation", "The length of website redirect location cannot exceed 2,048 characters.");
export const noSuchWebsite = (bucket: string) =>
  unmodelled("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", {
    BucketName: bucket,
  });
export const incorrectEndpoint = (endpoint: string) =>
  unmodelled(
    "IncorrectEndpoint",
    "The specified bucket exists in another region. Please direct requests to the specified endpoint.",
    { Endpoint: endpoint },
  );
