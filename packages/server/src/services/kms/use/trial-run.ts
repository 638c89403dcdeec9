import { dryRun } from "../errors.ts";

/**
 * A trial run goes as far as the answer: what the call would be refused for it is refused for.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html
 * @throws {AwsError} `DryRunOperationException`
 */
export function requireRealRun({ DryRun }: { readonly DryRun?: boolean | undefined }): void {
  if (DryRun === true) throw dryRun();
}
