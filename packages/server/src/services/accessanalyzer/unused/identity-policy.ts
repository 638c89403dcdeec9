/** The policies that a user or role has itself, groups apart. */
import { parseArn } from "../../../kernel/arn.ts";
import type { IamView } from "./identity.ts";

export interface AttachedPolicy {
  /** The ARN of a managed policy, the name of an inline one. */
  readonly id: string;
  readonly document: string;
  readonly updatedAtMs: number | undefined;
}

/** The operations of IAM that differ between users and roles, in one form. */
interface Reader {
  inlineNames(): Promise<readonly string[]>;
  inline(PolicyName: string): Promise<string | undefined>;
  attached(): Promise<readonly string[]>;
}

export async function policiesOf(arn: string, iam: IamView): Promise<readonly AttachedPolicy[]> {
  const [kind, ...path] = parseArn(arn)?.resource.split("/") ?? [];
  const name = path.at(-1) ?? "";
  const reader = kind === "role" ? readerOfRole(name, iam) : readerOfUser(name, iam);
  const found: AttachedPolicy[] = [];
  for (const id of await reader.inlineNames()) {
    const document = decodeURIComponent((await reader.inline(id)) ?? "");
    found.push({ id, document, updatedAtMs: undefined });
  }
  for (const id of await reader.attached()) found.push(await managed(id, iam));
  return found;
}

async function managed(PolicyArn: string, iam: IamView): Promise<AttachedPolicy> {
  const { Policy } = await iam.call("GetPolicy", { PolicyArn });
  const VersionId = Policy?.DefaultVersionId ?? "v1";
  const { PolicyVersion } = await iam.call("GetPolicyVersion", { PolicyArn, VersionId });
  const document = decodeURIComponent(PolicyVersion?.Document ?? "");
  return { id: PolicyArn, document, updatedAtMs: Policy?.UpdateDate?.getTime() };
}

const readerOfRole = (RoleName: string, iam: IamView): Reader => ({
  inlineNames: () =>
    everyName(async (from) => {
      const { PolicyNames, Marker } = await iam.call("ListRolePolicies", { RoleName, Marker: from });
      return { names: PolicyNames, next: Marker };
    }),
  inline: async (PolicyName) => (await iam.call("GetRolePolicy", { RoleName, PolicyName })).PolicyDocument,
  attached: () =>
    everyName(async (from) => {
      const { AttachedPolicies, Marker } = await iam.call("ListAttachedRolePolicies", { RoleName, Marker: from });
      return { names: AttachedPolicies?.map(arnOf), next: Marker };
    }),
});

const readerOfUser = (UserName: string, iam: IamView): Reader => ({
  inlineNames: () =>
    everyName(async (from) => {
      const { PolicyNames, Marker } = await iam.call("ListUserPolicies", { UserName, Marker: from });
      return { names: PolicyNames, next: Marker };
    }),
  inline: async (PolicyName) => (await iam.call("GetUserPolicy", { UserName, PolicyName })).PolicyDocument,
  attached: () =>
    everyName(async (from) => {
      const { AttachedPolicies, Marker } = await iam.call("ListAttachedUserPolicies", { UserName, Marker: from });
      return { names: AttachedPolicies?.map(arnOf), next: Marker };
    }),
});

const arnOf = ({ PolicyArn = "" }: { readonly PolicyArn?: string | undefined }): string => PolicyArn;

interface NamePage {
  readonly names: readonly string[] | undefined;
  readonly next: string | undefined;
}

async function everyName(ask: (from: string | undefined) => Promise<NamePage>): Promise<readonly string[]> {
  const found: string[] = [];
  let from: string | undefined;
  do {
    const { names = [], next } = await ask(from);
    found.push(...names);
    from = next;
  } while (from !== undefined);
  return found;
}
