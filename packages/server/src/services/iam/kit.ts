import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";
import type { OperationName } from "../../service/sdk.ts";

export type IamSdk = typeof import("@aws-sdk/client-iam");

/** An operation as policies name it, its `iam:` left off. */
export type IamAction = OperationName<IamSdk>;

export const { operation, error, unmodelled } = serviceKit<IamSdk>("iam");

/** A word that AWS answers, though its own model may not list it. */
export const unlisted = <Listed extends string>(word: Listed | string): Listed => word as Listed;

/** ARNs of IAM name no region: `arn(context, "user/dev/ann")`. */
export const arn = ({ partition, account }: Pick<Context, "partition" | "account">, resource: string): Arn =>
  formatArn({ partition, service: "iam", region: "", account, resource });
