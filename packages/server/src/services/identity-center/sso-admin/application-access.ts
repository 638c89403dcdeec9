/** Who may do what to an application: its own account, and those who administer the instance. */
import { parseArn, formatArn } from "../../../kernel/arn.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { findInstance, instanceArn, standingOf } from "../instance-row.ts";
import { arnGiven, ask, partsOf } from "./access.ts";
import { applicationArn, applications, type Application } from "./application-row.ts";
import { accessDenied, applicationNotFound } from "./errors.ts";
import type { SsoAdminAction } from "./kit.ts";

interface OnApplication {
  readonly ApplicationArn: string;
}

export async function askApplication(
  action: SsoAdminAction,
  { ApplicationArn }: OnApplication,
  { tx }: Context,
): Promise<readonly Access[]> {
  const [instanceId = "", id = ""] = partsOf(ApplicationArn);
  const application = await tx.get(applications, instanceId, id);
  const keys = { "sso:ApplicationAccount": parseArn(ApplicationArn)?.account };
  return ask(action, [arnGiven(ApplicationArn)], { resourceTags: application?.tags, keys });
}

/** @throws {AwsError} `ResourceNotFoundException`, `AccessDeniedException` */
export async function requireApplication({ ApplicationArn }: OnApplication, context: Context): Promise<Application> {
  const [instanceId = "", id = ""] = partsOf(ApplicationArn);
  const instance = await findInstance(instanceId, context.tx);
  const application = instance && (await context.tx.get(applications, instanceId, id));
  if (!application || applicationArn(application) !== ApplicationArn) throw applicationNotFound(id);
  const standing = await standingOf(instance, context);
  if (standing === "none") throw applicationNotFound(id);
  if (standing === "member" && application.account !== context.account) throw accessDenied();
  return application;
}

export const instanceArnOf = ({ partition, instanceId }: Application) => instanceArn({ partition, id: instanceId });

/** Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListApplicationProviders.html */
export const customProviderArn = (partition: string): string =>
  formatArn({ partition, service: "sso", region: "", account: "aws", resource: "applicationProvider/custom" });
