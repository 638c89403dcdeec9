/** Checks of resources: ARNs, held against the forms that services give theirs. */
import { areDisjoint } from "../../../identity/policy/algebra/cells.ts";
import { arnPattern } from "../../../identity/policy/algebra/pattern.ts";
import { arnFields, parseArnPattern } from "../../../identity/policy/arn-pattern.ts";
import { NO_KEYS } from "../../../identity/policy/template.ts";
import { isRegion } from "../../../kernel/region.ts";
import type { ReferencedService } from "../../../service/action-reference.ts";
import { eachStatement, issue, type Checked, type Issue, type PolicyCheck, type StatementCheck } from "./issue.ts";
import type { TextAt } from "./policy-text.ts";
import { exampleOf, redundantOf } from "./redundancy.ts";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const PARTITIONS = ["aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"];

const ARN_FIELDS = 6;

const checkArns: StatementCheck = ({ resources }, checked) =>
  resources.flatMap((resource) => arnIssue(resource, checked) ?? []);

/** The fields of an ARN, variables as wildcards. */
interface WrittenArn {
  readonly at: TextAt;
  readonly text: string;
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly last: string;
}

/** What is wrong first, from left to right. */
function arnIssue(at: TextAt, { reference }: Checked): Issue | undefined {
  const text = withoutVariables(at.text);
  if (text === "*") return undefined;
  const [prefix, partition = "", service = "", region = "", account = "", ...rest] = text.split(":");
  if (prefix !== "arn") return issue("INVALID_ARN_PREFIX", at);
  if (rest.length === 0) return text.endsWith("*") ? undefined : issue("MISSING_ARN_FIELD", at, { fields: ARN_FIELDS });
  const arn: WrittenArn = { at, text, partition, service, region, account, last: rest.join(":") };
  return partitionIssue(arn) ?? (isWild(service) ? undefined : serviceIssue(arn, reference));
}

const partitionIssue = ({ at, partition, service }: WrittenArn): Issue | undefined =>
  isWild(partition) || PARTITIONS.includes(partition)
    ? undefined
    : issue("INVALID_PARTITION", at, { service, partition, partitions: PARTITIONS.join(", ") });

function serviceIssue(arn: WrittenArn, reference: Checked["reference"]): Issue | undefined {
  const { at, service } = arn;
  if (service !== service.toLowerCase()) return issue("INVALID_ARN_SERVICE_CASE", at, { service });
  const known = reference.of(service);
  if (known === undefined) return issue("INVALID_SERVICE", at, { service });
  const forms = [...known.resources.values()].map((resource) => resource.arn.split(":"));
  if (forms.length === 0) return undefined;
  return regionIssue(arn, forms) ?? accountIssue(arn, forms) ?? resourceIssue(arn, known);
}

/** ARNs of a service, field by field. */
type Forms = readonly (readonly string[])[];

const REGION_FIELD = 3;
const ACCOUNT_FIELD = 4;

const isFilled = (forms: Forms, field: number): readonly boolean[] => forms.map((form) => (form[field] ?? "") !== "");

function regionIssue({ at, service, region }: WrittenArn, forms: Forms): Issue | undefined {
  const filled = isFilled(forms, REGION_FIELD);
  if (region === "") return filled.every(Boolean) ? issue("MISSING_ARN_REGION", at, { service }) : undefined;
  if (isWild(region)) return undefined;
  if (!filled.some(Boolean)) return issue("ARN_REGION_NOT_ALLOWED", at, { service });
  return isRegion(region) ? undefined : issue("INVALID_ARN_REGION", at, { region });
}

function accountIssue({ at, service, account }: WrittenArn, forms: Forms): Issue | undefined {
  if (account === "" || isWild(account)) return undefined;
  if (!isFilled(forms, ACCOUNT_FIELD).some(Boolean)) return issue("ARN_ACCOUNT_NOT_ALLOWED", at, { service });
  const isFixed = forms.some((form) => form[ACCOUNT_FIELD] === account);
  // what AWS itself owns
  return isFixed || account === "aws" || /^\d{12}$/.test(account)
    ? undefined
    : issue("INVALID_ARN_ACCOUNT", at, { account });
}

function resourceIssue({ at, text, last }: WrittenArn, { resources }: ReferencedService): Issue | undefined {
  const written = last === "*" ? undefined : arnPattern(text, "2008-10-17");
  if (written === undefined) return undefined;
  const fits = [...resources.values()].some(({ arn }) => {
    const form = arnPattern(arn.replace(/\$\{[^}]*\}|<[^>]*>/g, "*"), "2008-10-17");
    return form !== undefined && !areDisjoint([written], [form]);
  });
  return fits ? undefined : issue("INVALID_ARN_RESOURCE", at);
}

/** Variables may stand for anything. */
const withoutVariables = (text: string): string => text.replace(/\$\{[^}]*\}/g, "*");
const isWild = (field: string): boolean => /[*?]/.test(field);

const checkRedundant: StatementCheck = ({ resources }) => {
  const redundant = redundantOf(
    resources.flatMap((text) => {
      const pattern = arnPattern(text.text, "2008-10-17");
      if (pattern === undefined) return [];
      const { test } = parseArnPattern(text.text, "2008-10-17");
      return { text, pattern, example: exampleOf(text.text), test: (arn: string) => test(arnFields(arn), NO_KEYS) };
    }),
  );
  if (redundant.length === 0) return [];
  return [issue("REDUNDANT_RESOURCE", redundant, { redundantResourceCount: redundant.length })];
};

export const RESOURCE_CHECKS: readonly PolicyCheck[] = [checkArns, checkRedundant].map(eachStatement);
