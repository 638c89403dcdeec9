/** What IAM asks of the form of a `Resource`. */

const FIELDS = 6;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const PARTITION = /^(?:\*|aws(?:-cn|-us-gov|-eusc|-iso(?:-[a-z])?)?)$/;

const IAM_PATHS = [
  "user/",
  "federated-user/",
  "role/",
  "group/",
  "instance-profile/",
  "mfa/",
  "server-certificate/",
  "policy/",
  "sms-mfa/",
  "saml-provider/",
  "oidc-provider/",
  "report/",
  "access-report/",
];

/** AWS's older parser refuses ARNs of its own partition that name no service, or an account but no resource. */
export function failsLegacyParsing(resource: string): boolean {
  const [arn, partition = "", service, ...rest] = resource.split(":");
  if (arn !== "arn" || !PARTITION.test(partition)) return false;
  return service === "" || rest.length === 2;
}

/** What is wrong with a resource's form, in IAM's words. */
export function resourceProblem(resource: string): string | undefined {
  if (resource === "*") return undefined;
  if (!resource.includes(":")) return `Resource ${resource} must be in ARN format or "*".`;
  const { text, partition, service, region, account, path } = completed(resource);
  if (!PARTITION.test(partition)) return `Partition "${partition}" is not valid for resource "${text}".`;
  if (/[*?]/.test(service)) return "Resource vendor must be fully qualified and cannot contain regexes.";
  if (service === "iam") return iamProblem({ resource, region, path });
  if (service === "s3" && region !== "" && region !== "*" && account === "") {
    return `Resource ${resource} can not contain region information.`;
  }
  return undefined;
}

interface Completed {
  readonly text: string;
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly path: string;
}

/** Fields that are left out at the end stand for all values. */
function completed(resource: string): Completed {
  const fields = ["arn", ...resource.split(":").slice(1)];
  while (fields.length < FIELDS) fields.push("*");
  const [, partition = "", service = "", region = "", account = "", ...path] = fields;
  return { text: fields.join(":"), partition, service, region, account, path: path.join(":") };
}

interface IamResource {
  readonly resource: string;
  readonly region: string;
  readonly path: string;
}

function iamProblem({ resource, region, path }: IamResource): string | undefined {
  if (region !== "" && region !== "*") return `IAM resource ${resource} cannot contain region information.`;
  if (path === "*" || path === "root" || IAM_PATHS.some((prefix) => path.startsWith(prefix))) return undefined;
  return `IAM resource path must either be "*", root, or start with ${IAM_PATHS.join(", ")}.`;
}
