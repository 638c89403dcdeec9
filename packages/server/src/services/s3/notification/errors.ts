/**
 * What is wrong with configurations of notifications, in AWS's words.
 * Sources: https://github.com/localstack/localstack/tree/main/tests/aws/services/s3 (recorded answers),
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
import { unmodelled } from "../kit.ts";
import { invalidArgument } from "../errors.ts";

export const filterNameInvalid = (value: string) =>
  invalidArgument("filter rule name must be either prefix or suffix", { name: "FilterRule.Name", value });
export const filterRepeated = (value: string) =>
  invalidArgument(`Cannot specify more than one ${value} rule in a filter.`, { name: "FilterRule.Name", value });
export const filterTooLong = (value: string) =>
  invalidArgument("Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation", {
    name: "FilterRule.Value",
    value,
  });

/** `name` is the element: `Queue`, `Topic`, `CloudFunction`. */
export const arnNotParsed = (arn: { readonly name: string; readonly value: string }) =>
  invalidArgument("The ARN could not be parsed", arn);
/** An ARN of something else. Source: https://github.com/getmoto/moto/pull/1516 */
export const arnNotWellFormed = (arn: { readonly name: string; readonly value: string }) =>
  invalidArgument("The ARN is not well formed", arn);
/** Source: https://github.com/cloud-custodian/cloud-custodian/issues/1720 */
export const destinationElsewhere = (arn: { readonly name: string; readonly value: string }) =>
  invalidArgument("The notification destination service region is not valid for the bucket location constraint", arn);
export const eventNotSupported = (value: string) =>
  invalidArgument("The event is not supported for notifications", { name: "Event", value });
/** Source: https://github.com/minio/minio/issues/2472 (AWS's answer, recorded) */
export const configurationsOverlap = (events: string) =>
  invalidArgument("Configurations overlap. Configurations on the same bucket cannot share a common event type.", {
    name: "Event",
    value: events,
  });
/** Source: https://github.com/aws/aws-cli/issues/2387 */
export const configurationsAmbiguous = () =>
  invalidArgument(
    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
  );
/** Assumed: AWS documents the quota, not what is answered. */
export const configurationsTooMany = (max: number) =>
  invalidArgument(`A bucket has ${max} notification configurations at most.`);
/** Source: https://github.com/aws-solutions/aws-waf-security-automations/issues/174 */
export const idRepeated = (value: string) =>
  invalidArgument("Same ID used for multiple configurations. IDs must be unique", { name: "Id", value });

/** All destinations that did not take the test, each with what it lacks. */
export const destinationsInvalid = (refused: readonly { readonly arn: string; readonly why: string }[]) =>
  unmodelled(
    "InvalidArgument",
    "Unable to validate the following destination configurations",
    Object.fromEntries(
      refused.flatMap(({ arn, why }, at) => [
        [`ArgumentName${at + 1}`, arn],
        [`ArgumentValue${at + 1}`, why],
      ]),
    ),
  );
