/** Which calls change nothing, as CloudTrail has it (`readOnly`). */
import type { NamedCall } from "./data-event.ts";
import { findOwn } from "./lookup.ts";

/** Verbs of calls that change nothing. */
const READS =
  /^(?:BatchGet|Check|Describe|Detect|Estimate|Filter|Get|Head|List|Lookup|Preview|Query|Scan|Search|Select|Simulate|Test|TestDNS|Validate|View)/;

/**
 * Calls whose verb misleads.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html (entries of each operation),
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html (AssumeRole and its kin)
 */
const ALSO_READS: Readonly<Record<string, ReadonlySet<string>>> = {
  kms: new Set([
    "Decrypt",
    "DeriveSharedSecret",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "GenerateRandom",
    "ReEncrypt",
    "Sign",
    "Verify",
    "VerifyMac",
  ]),
  sts: new Set([
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "DecodeAuthorizationMessage",
  ]),
};

export const onlyReads = (call: NamedCall): boolean => READS.test(call.operation) || alsoReads(call);

/** What only reads is answered with what is there already, but for sessions of roles: no event repeats it. */
export const saysWhatIsThere = (call: NamedCall): boolean =>
  READS.test(call.operation) || (call.service !== "sts" && alsoReads(call));

const alsoReads = ({ service, operation }: NamedCall): boolean => findOwn(ALSO_READS, service)?.has(operation) === true;
