/** Whose events a call becomes. */
import { dataTypeOf } from "../../../kernel/data-event.ts";
import type { RecordedCall } from "../../../service/recorded-calls.ts";

/**
 * Who is unknown belongs to no account; and what a service does as itself is known to those alone whose resources it is
 * about.
 */
export function recipientsOf(call: RecordedCall): readonly string[] {
  const { account, questions, error } = call;
  if (isByService(call) && error === undefined && questions.length > 0) return ownersOf(call);
  const accounts = new Set(account === "" ? [] : [account]);
  for (const owner of isOwnBusiness(call) ? [] : ownersOf(call)) accounts.add(owner);
  return [...accounts];
}

const ownersOf = ({ questions }: RecordedCall): readonly string[] => [
  ...new Set(questions.map(({ access }) => access.owner)),
];

export const isByService = ({ userIdentity, own }: RecordedCall): boolean =>
  userIdentity.type === "AWSService" && own === undefined;

/**
 * Of a refusal nobody hears but who was refused. Whose object it is hears of it all the same.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html#cloudtrail-object-level-crossaccount
 */
const isOwnBusiness = (call: RecordedCall): boolean => isRefused(call) && dataTypeOf(call) !== "AWS::S3::Object";

export const isRefused = ({ error, questions }: RecordedCall): boolean =>
  error !== undefined && questions.some(({ decision }) => decision.decision === "deny");
