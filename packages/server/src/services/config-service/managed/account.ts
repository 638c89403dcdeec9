/** Rules about an account as a whole. Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html */
import { allPages, ifThere, type Reader } from "../resource/kind.ts";
import { ofAccount, verdict, type Look, type ManagedRule } from "./rule-kind.ts";

type IamSdk = typeof import("@aws-sdk/client-iam");
type OrganizationsSdk = typeof import("@aws-sdk/client-organizations");

const summaryOf = async (reader: Reader, name: string): Promise<number> => {
  const { SummaryMap } = await reader.call<IamSdk, "GetAccountSummary">({
    service: "iam",
    operation: "GetAccountSummary",
    input: {},
  });
  const all: Readonly<Record<string, number>> = SummaryMap ?? {};
  return all[name] ?? 0;
};

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/root-account-hardware-mfa-enabled.html */
async function hasHardware(reader: Reader): Promise<boolean> {
  if ((await summaryOf(reader, "AccountMFAEnabled")) === 0) return false;
  const virtual = await allPages(async (Marker) => {
    const found = await reader.call<IamSdk, "ListVirtualMFADevices">({
      service: "iam",
      operation: "ListVirtualMFADevices",
      input: { AssignmentStatus: "Assigned", Marker },
    });
    return { items: found.VirtualMFADevices ?? [], next: found.Marker };
  });
  return !virtual.some(({ User }) => User?.Arn?.endsWith(":root"));
}

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/iam-policy-in-use.html */
async function isInUse({ reader, parameters }: Look): Promise<boolean> {
  const { policyARN: PolicyArn = "", policyUsageType: type = "ANY" } = parameters;
  const found = await ifThere(
    reader.call<IamSdk, "ListEntitiesForPolicy">({
      service: "iam",
      operation: "ListEntitiesForPolicy",
      input: { PolicyArn, MaxItems: 1000 },
    }),
  );
  const used = { IAM_USER: found?.PolicyUsers, IAM_GROUP: found?.PolicyGroups, IAM_ROLE: found?.PolicyRoles };
  return Object.entries(used).some(([kind, all = []]) => (type === "ANY" || type === kind) && all.length > 0);
}

export const ACCOUNT_RULES: readonly ManagedRule[] = [
  {
    identifier: "ROOT_ACCOUNT_MFA_ENABLED",
    trigger: "periodic",
    look: async (look) =>
      ofAccount(
        verdict((await summaryOf(look.reader, "AccountMFAEnabled")) > 0, "The root user has no MFA device."),
        look,
      ),
  },
  {
    identifier: "IAM_ROOT_ACCESS_KEY_CHECK",
    trigger: "periodic",
    look: async (look) =>
      ofAccount(
        verdict((await summaryOf(look.reader, "AccountAccessKeysPresent")) === 0, "The root user has an access key."),
        look,
      ),
  },
  {
    identifier: "ROOT_ACCOUNT_HARDWARE_MFA_ENABLED",
    trigger: "periodic",
    look: async (look) =>
      ofAccount(verdict(await hasHardware(look.reader), "The root user has no hardware MFA device."), look),
  },
  {
    identifier: "IAM_POLICY_IN_USE",
    trigger: "periodic",
    parameters: ["policyARN", "policyUsageType"],
    required: ["policyARN"],
    look: async (look) => ofAccount(verdict(await isInUse(look), "The policy is attached to nobody."), look),
  },
  {
    identifier: "ACCOUNT_PART_OF_ORGANIZATIONS",
    trigger: "periodic",
    parameters: ["MasterAccountId"],
    async look(look) {
      const found = await ifThere(
        look.reader.call<OrganizationsSdk, "DescribeOrganization">({
          service: "organizations",
          operation: "DescribeOrganization",
          input: {},
        }),
      );
      const by = found?.Organization?.MasterAccountId;
      const isMember = by !== undefined && (look.parameters["MasterAccountId"] ?? by) === by;
      return ofAccount(verdict(isMember, "The account is not part of the organization."), look);
    },
  },
];
