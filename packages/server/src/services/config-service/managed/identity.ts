/** Rules about identities. Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html (iam-…) */
import type { PasswordPolicy } from "@aws-sdk/client-iam";
import type { Statement } from "../../../identity/policy/ast.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { allowsAny, grantsEverything, grantsWholeService, isOnEvery, statementsIn } from "./policy-text.ts";
import {
  daysSince,
  listOf,
  memberOf,
  namesIn,
  NOT_APPLICABLE,
  ofAccount,
  textOf,
  verdict,
  type ChangeRule,
  type Finding,
  type ItemView,
  type Look,
  type ManagedRule,
  type Parameters,
} from "./rule-kind.ts";
import { ifThere, type Reader } from "../resource/kind.ts";

type IamSdk = typeof import("@aws-sdk/client-iam");

/** A row of the credential report, by column. */
type Row = Readonly<Record<string, string>>;

async function reportOf(reader: Reader): Promise<readonly Row[]> {
  await reader.call<IamSdk, "GenerateCredentialReport">({
    service: "iam",
    operation: "GenerateCredentialReport",
    input: {},
  });
  const { Content } = await reader.call<IamSdk, "GetCredentialReport">({
    service: "iam",
    operation: "GetCredentialReport",
    input: {},
  });
  const [head = "", ...lines] = Buffer.from(Content ?? [])
    .toString("utf8")
    .trim()
    .split("\n");
  const columns = cellsOf(head);
  return lines.map((line) => {
    const cells = cellsOf(line);
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ""]));
  });
}

/** Names of users may have commas, and stand in quotation marks then. */
const cellsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, bare = ""]) => quoted ?? bare);

const usersIn = (report: readonly Row[]): readonly Row[] => report.filter(({ user }) => user !== "<root_account>");

/** By name: Config knows users by their unique ids. */
async function idsOf(reader: Reader): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (let Marker: string | undefined; ;) {
    const found = await reader.call<IamSdk, "ListUsers">({ service: "iam", operation: "ListUsers", input: { Marker } });
    for (const { UserName = "", UserId = "" } of found.Users ?? []) ids.set(UserName, UserId);
    if (found.Marker === undefined) return ids;
    Marker = found.Marker;
  }
}

interface Judged {
  readonly isGood: (row: Row) => boolean;
  readonly annotation: string;
}

async function ofUsers({ isGood, annotation }: Judged, { reader }: Look): Promise<readonly Finding[]> {
  const [report, ids] = await Promise.all([reportOf(reader), idsOf(reader)]);
  return usersIn(report).map((row) => ({
    ...verdict(isGood(row), annotation),
    type: "AWS::IAM::User",
    id: ids.get(row["user"] ?? "") ?? row["user"] ?? "",
  }));
}

const KEYS = ["access_key_1", "access_key_2"] as const;
const timeOf = (text: string | undefined): number | undefined => {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? undefined : ms;
};

/** Used, or made, or put to use within so many days. */
function isUsed(row: Row, what: string, days: number, nowMs: number): boolean {
  const used = timeOf(row[what === "password" ? "password_last_used" : `${what}_last_used_date`]);
  const made = timeOf(row[what === "password" ? "password_last_changed" : `${what}_last_rotated`]);
  const lastMs = used ?? made;
  return lastMs === undefined || daysSince(lastMs, nowMs) <= days;
}

const isOn = (row: Row, what: string): boolean =>
  row[what === "password" ? "password_enabled" : `${what}_active`] === "true";

const PASSWORD_SWITCHES = {
  RequireUppercaseCharacters: "RequireUppercaseCharacters",
  RequireLowercaseCharacters: "RequireLowercaseCharacters",
  RequireSymbols: "RequireSymbols",
  RequireNumbers: "RequireNumbers",
} as const;

/** The defaults are those of the rule. Source: https://docs.aws.amazon.com/config/latest/developerguide/iam-password-policy.html */
async function passwordPolicy(look: Look): Promise<readonly Finding[]> {
  const found = await ifThere(
    look.reader.call<IamSdk, "GetAccountPasswordPolicy">({
      service: "iam",
      operation: "GetAccountPasswordPolicy",
      input: {},
    }),
  );
  const isStrong = found?.PasswordPolicy !== undefined && isAsStrong(found.PasswordPolicy, look.parameters);
  return ofAccount(verdict(isStrong, "The account password policy does not meet the requirements."), look);
}

function isAsStrong(policy: PasswordPolicy, parameters: Parameters): boolean {
  const { MinimumPasswordLength: length = 0, PasswordReusePrevention: reuse = 0, MaxPasswordAge: age } = policy;
  const switches = Object.values(PASSWORD_SWITCHES).every(
    (name) => (parameters[name] ?? "true") !== "true" || policy[name] === true,
  );
  const isLong = length >= Number(parameters["MinimumPasswordLength"] ?? 14);
  const remembers = reuse >= Number(parameters["PasswordReusePrevention"] ?? 24);
  return switches && isLong && remembers && age !== undefined && age <= maxAgeOf(parameters);
}

const maxAgeOf = (parameters: Parameters): number => Number(parameters["MaxPasswordAge"] ?? 90);

const EXCLUDING = "excludePermissionBoundaryPolicy";

interface PolicyRule {
  readonly identifier: string;
  readonly required?: readonly string[];
  readonly isBad: (statement: Statement, parameters: Parameters) => boolean;
  readonly annotation: string;
}

/** Of what policies of the customer's say; those that only bound others may be left out. */
const onPolicies = ({ identifier, required = [], isBad, annotation }: PolicyRule): ChangeRule => ({
  identifier,
  trigger: "change",
  types: ["AWS::IAM::Policy"],
  parameters: [EXCLUDING, ...required],
  required,
  judge(view, parameters) {
    const bounds = view.configuration("permissionsBoundaryUsageCount");
    if (parameters[EXCLUDING] === "true" && typeof bounds === "number" && bounds > 0) return NOT_APPLICABLE;
    const [version] = listOf(view.configuration("policyVersionList"));
    const document = decodeURIComponent(textOf(memberOf(version, "document")));
    return verdict(!statementsIn(document).some((statement) => isBad(statement, parameters)), annotation);
  },
});

const attachedTo = (view: ItemView): readonly string[] =>
  listOf(view.configuration("attachedManagedPolicies")).map((one) => textOf(memberOf(one, "policyArn")));

const NAMES: Readonly<Record<string, string>> = {
  users: "AWS::IAM::User",
  groups: "AWS::IAM::Group",
  roles: "AWS::IAM::Role",
};

/**
 * `users:[ann;bob], groups:[admins], roles:[support]`
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/iam-policy-blacklisted-check.html
 */
const isExcepted = ({ item }: ItemView, { exceptionList = "" }: Parameters): boolean =>
  [...exceptionList.matchAll(/(users|groups|roles):\[([^\]]*)\]/g)].some(
    ([, kind = "", names = ""]) =>
      findOwn(NAMES, kind) === item.type && names.split(";").some((name) => name.trim() === item.name),
  );

export const IDENTITY_RULES: readonly ManagedRule[] = [
  {
    identifier: "IAM_PASSWORD_POLICY",
    trigger: "periodic",
    parameters: [
      ...Object.values(PASSWORD_SWITCHES),
      "MinimumPasswordLength",
      "PasswordReusePrevention",
      "MaxPasswordAge",
    ],
    look: passwordPolicy,
  },
  {
    identifier: "ACCESS_KEYS_ROTATED",
    trigger: "periodic",
    parameters: ["maxAccessKeyAge"],
    required: ["maxAccessKeyAge"],
    look(look) {
      const days = Number(look.parameters["maxAccessKeyAge"]);
      const isYoung = (row: Row, key: string): boolean => {
        const made = timeOf(row[`${key}_last_rotated`]);
        return made === undefined || daysSince(made, look.nowMs) <= days;
      };
      const isGood = (row: Row): boolean => KEYS.every((key) => !isOn(row, key) || isYoung(row, key));
      return ofUsers({ isGood, annotation: "An active access key is older than allowed." }, look);
    },
  },
  {
    identifier: "IAM_USER_UNUSED_CREDENTIALS_CHECK",
    trigger: "periodic",
    parameters: ["maxCredentialUsageAge"],
    required: ["maxCredentialUsageAge"],
    look(look) {
      const days = Number(look.parameters["maxCredentialUsageAge"]);
      const isGood = (row: Row): boolean =>
        ["password", ...KEYS].every((what) => !isOn(row, what) || isUsed(row, what, days, look.nowMs));
      return ofUsers({ isGood, annotation: "Credentials have not been used for longer than allowed." }, look);
    },
  },
  {
    identifier: "IAM_USER_MFA_ENABLED",
    trigger: "periodic",
    look: (look) => ofUsers({ isGood: (row) => row["mfa_active"] === "true", annotation: "MFA is not enabled." }, look),
  },
  {
    identifier: "MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS",
    trigger: "periodic",
    look: (look) =>
      ofUsers(
        {
          isGood: (row) => !isOn(row, "password") || row["mfa_active"] === "true",
          annotation: "MFA is not enabled for a user with a console password.",
        },
        look,
      ),
  },
  {
    identifier: "IAM_USER_NO_POLICIES_CHECK",
    trigger: "change",
    types: ["AWS::IAM::User"],
    judge: (view) =>
      verdict(
        listOf(view.configuration("userPolicyList")).length === 0 &&
          listOf(view.configuration("attachedManagedPolicies")).length === 0,
        "The user has policies of its own.",
      ),
  },
  {
    identifier: "IAM_USER_GROUP_MEMBERSHIP_CHECK",
    trigger: "change",
    types: ["AWS::IAM::User"],
    parameters: ["groupNames"],
    judge(view, { groupNames = "" }) {
      const groups = listOf(view.configuration("groupList")).map(textOf);
      const wanted = namesIn(groupNames);
      const isMember = wanted.length === 0 ? groups.length > 0 : wanted.some((name) => groups.includes(name));
      return verdict(isMember, "The user is not a member of a group.");
    },
  },
  {
    identifier: "IAM_GROUP_HAS_USERS_CHECK",
    trigger: "change",
    types: ["AWS::IAM::Group"],
    judge: (view) => verdict(listOf(view.configuration("users")).length > 0, "The group has no users."),
  },
  {
    identifier: "IAM_NO_INLINE_POLICY_CHECK",
    trigger: "change",
    types: ["AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group"],
    judge: (view) =>
      verdict(
        ["userPolicyList", "rolePolicyList", "groupPolicyList"].every(
          (name) => listOf(view.configuration(name)).length === 0,
        ),
        "The identity has an inline policy.",
      ),
  },
  onPolicies({
    identifier: "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
    isBad: grantsEverything,
    annotation: "The policy grants all actions on all resources.",
  }),
  onPolicies({
    identifier: "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
    isBad: grantsWholeService,
    annotation: "The policy grants all actions of a service.",
  }),
  onPolicies({
    identifier: "IAM_CUSTOMER_POLICY_BLOCKED_KMS_ACTIONS",
    required: ["blockedActionsPatterns"],
    isBad: (statement, { blockedActionsPatterns = "" }) =>
      allowsAny(statement, namesIn(blockedActionsPatterns)) && isOnEvery(statement, /:key\/\*$/),
    annotation: "The policy allows what is blocked on all keys.",
  }),
  {
    identifier: "IAM_ROLE_MANAGED_POLICY_CHECK",
    trigger: "change",
    types: ["AWS::IAM::Role"],
    parameters: ["managedPolicyArns"],
    required: ["managedPolicyArns"],
    judge(view, { managedPolicyArns = "" }) {
      const attached = attachedTo(view);
      const hasAll = namesIn(managedPolicyArns).every((arn) => attached.includes(arn));
      return verdict(hasAll, "A policy is not attached to the role.");
    },
  },
  {
    identifier: "IAM_POLICY_BLACKLISTED_CHECK",
    trigger: "change",
    types: ["AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role"],
    parameters: ["policyArns", "exceptionList"],
    required: ["policyArns"],
    judge(view, parameters) {
      const attached = attachedTo(view);
      const isClean = !namesIn(parameters["policyArns"] ?? "").some((arn) => attached.includes(arn));
      return verdict(isClean || isExcepted(view, parameters), "A policy is attached that is not to be.");
    },
  },
];
