/**
 * The account's rules for the passwords of its users.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
 */
import { table, type Transaction } from "../../../kernel/table.ts";
import { passwordPolicyAbsent, passwordPolicyNotFound, passwordViolation } from "../errors.ts";
import { operation } from "../kit.ts";

export interface PasswordPolicy {
  readonly minimumLength: number;
  readonly symbols: boolean;
  readonly numbers: boolean;
  readonly uppercase: boolean;
  readonly lowercase: boolean;
  readonly usersMayChange: boolean;
  readonly maxAgeDays: number | undefined;
  /** How many passwords back none may come again. */
  readonly reusePrevention: number | undefined;
  readonly hardExpiry: boolean | undefined;
}

const passwordPolicies = table<PasswordPolicy>("iam.password-policy", "account", () => []);

/** What an omitted member sets. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html */
const MINIMUM_LENGTH_USUAL = 6;

/** Where an account has made no rules. Source: as above, "default password policy". */
const MINIMUM_LENGTH_WITHOUT_POLICY = 8;
const KINDS_WITHOUT_POLICY = 3;

const onAccount = (name: "Get" | "Update" | "Delete") => ({
  action: `iam:${name}AccountPasswordPolicy`,
  resource: "*" as const,
});

export const updateAccountPasswordPolicy = operation("UpdateAccountPasswordPolicy", {
  authorize: () => onAccount("Update"),

  async handle(input, { tx }) {
    tx.put(passwordPolicies, {
      minimumLength: input.MinimumPasswordLength ?? MINIMUM_LENGTH_USUAL,
      symbols: input.RequireSymbols ?? false,
      numbers: input.RequireNumbers ?? false,
      uppercase: input.RequireUppercaseCharacters ?? false,
      lowercase: input.RequireLowercaseCharacters ?? false,
      usersMayChange: input.AllowUsersToChangePassword ?? false,
      maxAgeDays: input.MaxPasswordAge,
      reusePrevention: input.PasswordReusePrevention,
      hardExpiry: input.HardExpiry,
    });
    return {};
  },
});

export const getAccountPasswordPolicy = operation("GetAccountPasswordPolicy", {
  authorize: () => onAccount("Get"),

  async handle(_input, { tx, account }) {
    const policy = await findPasswordPolicy(tx);
    if (!policy) throw passwordPolicyNotFound(account);
    return {
      PasswordPolicy: {
        MinimumPasswordLength: policy.minimumLength,
        RequireSymbols: policy.symbols,
        RequireNumbers: policy.numbers,
        RequireUppercaseCharacters: policy.uppercase,
        RequireLowercaseCharacters: policy.lowercase,
        AllowUsersToChangePassword: policy.usersMayChange,
        ExpirePasswords: policy.maxAgeDays !== undefined,
        MaxPasswordAge: policy.maxAgeDays,
        PasswordReusePrevention: policy.reusePrevention,
        HardExpiry: policy.hardExpiry,
      },
    };
  },
});

export const deleteAccountPasswordPolicy = operation("DeleteAccountPasswordPolicy", {
  authorize: () => onAccount("Delete"),

  async handle(_input, { tx }) {
    if (!(await findPasswordPolicy(tx))) throw passwordPolicyAbsent();
    tx.delete(passwordPolicies);
    return {};
  },
});

/** `undefined`: the account has none of its own, and AWS's usual rules hold. */
export const findPasswordPolicy = (tx: Transaction): Promise<PasswordPolicy | undefined> => tx.get(passwordPolicies);

/** @throws {AwsError} `PasswordPolicyViolation` */
export async function requireGoodPassword(password: string, tx: Transaction): Promise<void> {
  const policy = await findPasswordPolicy(tx);
  const minimum = policy?.minimumLength ?? MINIMUM_LENGTH_WITHOUT_POLICY;
  const missing = KINDS.filter(({ sample }) => !sample.test(password));
  const wanted = policy ? missing.filter(({ rule }) => policy[rule]) : [];
  const tooShort = password.length < minimum ? [`Password should have a minimum length of ${minimum}`] : [];
  const complaints = [...tooShort, ...wanted.map(({ name }) => `Password should have at least one ${name}`)];
  if (complaints.length > 0) throw passwordViolation(complaints.join(", "));
  if (!policy) requireKinds(missing);
}

/** Without rules of the account, any three of the four kinds of characters do. */
function requireKinds(missing: readonly Kind[]): void {
  const lacking = missing.length - (KINDS.length - KINDS_WITHOUT_POLICY);
  if (lacking <= 0) return;
  const options = missing.map(({ name }) => `Password should have at least one ${name}`).join(", ");
  throw passwordViolation(`Password should meet ${lacking} more of the following requirements: ${options}`);
}

interface Kind {
  readonly name: string;
  readonly sample: RegExp;
  readonly rule: "uppercase" | "lowercase" | "numbers" | "symbols";
}

const KINDS: readonly Kind[] = [
  { name: "uppercase letter", sample: /[A-Z]/, rule: "uppercase" },
  { name: "lowercase letter", sample: /[a-z]/, rule: "lowercase" },
  { name: "number", sample: /[0-9]/, rule: "numbers" },
  { name: "symbol", sample: /[!@#$%^&*()_+\-=[\]{}|']/, rule: "symbols" },
];
