/** Numbers of parts. */
import { invalidArgument } from "../errors.ts";
import { PART_NUMBER_MAX } from "../limits.ts";

/**
 * @throws {AwsError} `InvalidArgument` where no part can have the number. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
export function requirePartNumber(number: number): void {
  if (number >= 1 && number <= PART_NUMBER_MAX) return;
  throw invalidArgument(`Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive`, {
    name: "partNumber",
    value: String(number),
  });
}
