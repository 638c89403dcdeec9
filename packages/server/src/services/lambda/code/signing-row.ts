/** The rows of code signing configurations. */
import { formatArn, parseAccountId, parseArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { signatureMissing, signingGone, signingNotFound } from "../errors.ts";

export interface SigningConfig {
  /** `csc-` and seventeen characters. */
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly description: string;
  readonly publishers: readonly string[];
  readonly policy: "Enforce" | "Warn";
  readonly modifiedAtMs: number;
  readonly tags: Tags;
}

export const signingConfigs = table<SigningConfig>("lambda.code-signing", "region", ({ id }) => [id]);

export const signingArn = ({ partition, region, account, id }: SigningConfig): Arn =>
  formatArn({ partition, service: "lambda", region, account, resource: `code-signing-config:${id}` });

export async function findSigningConfig(
  arn: string,
  { tx, region }: Pick<Context, "tx" | "region">,
): Promise<SigningConfig | undefined> {
  const parts = parseArn(arn);
  const account = parseAccountId(parts?.account ?? "");
  if (account === undefined) return undefined;
  return tx.in({ account, region }).get(signingConfigs, parts?.resource.split(":")[1] ?? "");
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireSigningConfig(arn: string, context: Context): Promise<SigningConfig> {
  const found = await findSigningConfig(arn, context);
  if (found === undefined) throw signingNotFound(arn);
  return found;
}

/** The same for a function that names it. @throws {AwsError} `CodeSigningConfigNotFoundException` */
export async function requireNamedConfig(arn: string, context: Context): Promise<SigningConfig> {
  const found = await findSigningConfig(arn, context);
  if (found === undefined) throw signingGone(arn);
  return found;
}

/**
 * No code is signed here, as AWS Signer is not built: where signatures are enforced none gets in.
 * @throws {AwsError} `CodeVerificationFailedException`
 */
export function requireSigned({ policy }: SigningConfig): void {
  if (policy === "Enforce") throw signatureMissing();
}
