/** Who has come with a certificate, and how it went. Source: https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_SubjectDetail.html */
import type { Arn } from "../../kernel/arn.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { ask, askOn } from "./access.ts";
import type { Certificate } from "./certificate.ts";
import { subjectNotFound } from "./errors.ts";
import { arn, operation, placeOf, type Place } from "./kit.ts";
import { CREDENTIALS_SHOWN } from "./limits.ts";
import { list } from "./paging.ts";

/** One attempt, with the certificate that was shown. */
interface Attempt {
  readonly atMs: number;
  readonly serialNumber: string;
  readonly issuer: string;
  readonly pem: string;
  readonly hasFailed: boolean;
  readonly instanceProperties: Readonly<Record<string, string>> | undefined;
}

interface Subject extends Place {
  readonly id: string;
  readonly x509Subject: string;
  /** The newest first. */
  readonly attempts: readonly Attempt[];
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number;
}

export const subjects = table<Subject>("rolesanywhere.subject", "global", ({ account, region, id }) => [
  account,
  region,
  id,
]);

/** By their names, which two subjects of an account never share. */
const named = table<Pick<Subject, keyof Place | "id" | "x509Subject">>(
  "rolesanywhere.subject-name",
  "global",
  ({ account, region, x509Subject }) => [account, region, x509Subject],
);

const subjectArn = (subject: Subject): Arn => arn(subject, `subject/${subject.id}`);

interface Seen {
  readonly certificate: Certificate;
  readonly hasFailed: boolean;
  readonly instanceProperties: Readonly<Record<string, string>> | undefined;
}

/** Notes an attempt, in the account that the anchor is of. Gives the subject's ARN. */
export async function noteAttempt(
  place: Place,
  seen: Seen,
  context: Pick<Context, "tx" | "now" | "newId">,
): Promise<Arn> {
  const { tx } = context;
  const { parts, pem } = seen.certificate;
  const atMs = context.now().getTime();
  const attempt: Attempt = {
    atMs,
    serialNumber: BigInt(`0x${seen.certificate.serialNumber}`).toString(),
    issuer: parts.issuer,
    pem,
    hasFailed: seen.hasFailed,
    instanceProperties: seen.instanceProperties,
  };
  const id = (await tx.get(named, place.account, place.region, parts.subject))?.id;
  const known = id === undefined ? undefined : await tx.get(subjects, place.account, place.region, id);
  const present = known ?? {
    ...placeOf(place),
    id: context.newId(),
    x509Subject: parts.subject,
    attempts: [],
    createdAtMs: atMs,
  };
  const attempts = [attempt, ...present.attempts].slice(0, CREDENTIALS_SHOWN);
  const subject: Subject = { ...present, attempts, lastSeenAtMs: atMs };
  tx.put(subjects, subject);
  tx.put(named, { ...placeOf(place), id: subject.id, x509Subject: parts.subject });
  return subjectArn(subject);
}

export const getSubject = operation("GetSubject", {
  authorize: ({ subjectId: id }, context) => askOn("GetSubject", { kind: "subject", id }, context),

  async handle({ subjectId }, { tx, account, region }) {
    const subject = await tx.get(subjects, account, region, subjectId);
    if (subject === undefined) throw subjectNotFound();
    return { subject: { ...formatSubject(subject), ...formatAttempts(subject) } };
  },
});

export const listSubjects = operation("ListSubjects", {
  authorize: () => ask("ListSubjects"),

  async handle(paging, context) {
    const { rows, rest } = await list(subjects, paging, context);
    return { subjects: rows.map(formatSubject), ...rest };
  },
});

const formatSubject = (subject: Subject) => ({
  subjectId: subject.id,
  subjectArn: subjectArn(subject),
  enabled: true,
  x509Subject: subject.x509Subject,
  lastSeenAt: new Date(subject.lastSeenAtMs),
  createdAt: new Date(subject.createdAtMs),
  updatedAt: new Date(subject.lastSeenAtMs),
});

const formatAttempts = ({ attempts }: Subject) => ({
  credentials: attempts.map(({ atMs, serialNumber, issuer, pem, hasFailed }) => ({
    seenAt: new Date(atMs),
    serialNumber,
    issuer,
    enabled: true,
    x509CertificateData: pem,
    failed: hasFailed,
  })),
  instanceProperties: attempts
    .filter(({ instanceProperties }) => instanceProperties !== undefined)
    .map(({ atMs, instanceProperties = {}, hasFailed }) => ({
      seenAt: new Date(atMs),
      properties: { ...instanceProperties },
      failed: hasFailed,
    })),
});
