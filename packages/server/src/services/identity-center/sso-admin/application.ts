/** Customer managed applications. Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateApplication.html */
import type { Application as ApplicationShape, PortalOptions } from "@aws-sdk/client-sso-admin";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { findInstance, newHexId, storeArn } from "../instance-row.ts";
import { askInstance, requireSeen } from "./access.ts";
import { askApplication, customProviderArn, instanceArnOf, requireApplication } from "./application-access.ts";
import { applicationArn, applicationAssignments, applications, type Application } from "./application-row.ts";
import { applicationUrlMissing, providerNotFound, quotaExceeded, tokenReused } from "./errors.ts";
import { operation } from "./kit.ts";
import { APPLICATIONS_MAX } from "./limits.ts";
import { listOf } from "./paging.ts";
import { requestTags, withTags } from "./tags.ts";

export const createApplication = operation("CreateApplication", {
  authorize: ({ Tags, ...input }) => askInstance("CreateApplication", input, { requestTags: requestTags(Tags) }),

  async handle(input, context) {
    const { tx, account, partition, region } = context;
    const instance = await requireSeen(input, context);
    if (input.ApplicationProviderArn !== customProviderArn(partition))
      throw providerNotFound(input.ApplicationProviderArn);
    requirePortal(input.PortalOptions);
    const there = await tx.scan(applications, { prefix: [instance.id], limit: APPLICATIONS_MAX });
    const repeated = there.find(({ token }) => token !== undefined && token === input.ClientToken);
    if (repeated && repeated.name !== input.Name) throw tokenReused();
    if (there.length >= APPLICATIONS_MAX) throw quotaExceeded("Application", APPLICATIONS_MAX, instance.id);
    const id = `apl-${newHexId()}`;
    const application: Application = repeated ?? {
      instanceId: instance.id,
      id,
      account,
      partition,
      region,
      providerArn: input.ApplicationProviderArn,
      name: input.Name,
      description: input.Description,
      status: input.Status ?? "ENABLED",
      portal: input.PortalOptions,
      token: input.ClientToken,
      createdAtMs: context.now().getTime(),
      tags: withTags({}, input.Tags, id),
      assignmentRequired: true,
      backgroundSessions: "DISABLED",
      scopes: {},
      grants: {},
      methods: {},
    };
    tx.put(applications, application);
    return {
      ApplicationArn: applicationArn(application),
      InstanceArn: input.InstanceArn,
      IdentityStoreArn: storeArn(instance),
    };
  },
});

export const describeApplication = operation("DescribeApplication", {
  authorize: (input, context) => askApplication("DescribeApplication", input, context),

  async handle(input, context) {
    return formatApplication(await requireApplication(input, context), context);
  },
});

export const updateApplication = operation("UpdateApplication", {
  authorize: (input, context) => askApplication("UpdateApplication", input, context),

  async handle({ Name, Description, Status, PortalOptions, ...input }, context) {
    const application = await requireApplication(input, context);
    requirePortal(PortalOptions);
    context.tx.put(applications, {
      ...application,
      name: Name ?? application.name,
      description: Description ?? application.description,
      status: Status ?? application.status,
      portal: PortalOptions ? { ...application.portal, ...PortalOptions } : application.portal,
    });
    return {};
  },
});

export const deleteApplication = operation("DeleteApplication", {
  authorize: (input, context) => askApplication("DeleteApplication", input, context),

  async handle(input, context) {
    const { instanceId, id } = await requireApplication(input, context);
    context.tx.delete(applications, instanceId, id);
    await context.tx.clear(applicationAssignments, { prefix: [instanceId, id], limit: ASSIGNMENTS_MAX });
    return {};
  },
});

const ASSIGNMENTS_MAX = 100_000;

/** Those of the instance; a member account sees its own. */
export const listApplications = operation("ListApplications", {
  authorize: () => ({ action: "sso:ListApplications", resource: "*" }),

  async handle({ Filter, ...input }, context) {
    const instance = await requireSeen(input, context);
    const all = await context.tx.scan(applications, { prefix: [instance.id], limit: APPLICATIONS_MAX });
    const account = instance.account === context.account ? Filter?.ApplicationAccount : context.account;
    const fit = all.filter(
      (application) =>
        (account === undefined || application.account === account) &&
        (Filter?.ApplicationProvider ?? application.providerArn) === application.providerArn,
    );
    const { rows, rest } = listOf(fit, input, ({ id }) => id);
    const Applications = await Promise.all(rows.map((row) => formatApplication(row, context)));
    return { Applications, ...rest };
  },
});

/** @throws {AwsError} `ValidationException` */
function requirePortal(portal: Validated<Pick<PortalOptions, "SignInOptions">> | undefined): void {
  const { Origin, ApplicationUrl } = portal?.SignInOptions ?? {};
  if (Origin === "APPLICATION" && ApplicationUrl === undefined) throw applicationUrlMissing();
}

async function formatApplication(application: Application, { tx }: Context): Promise<ApplicationShape> {
  const { portal } = application;
  const instance = await findInstance(application.instanceId, tx);
  return {
    ApplicationArn: applicationArn(application),
    ApplicationProviderArn: application.providerArn,
    ApplicationAccount: application.account,
    InstanceArn: instanceArnOf(application),
    ...(instance && { IdentityStoreArn: storeArn(instance) }),
    Name: application.name,
    Description: application.description,
    Status: application.status,
    PortalOptions: { Visibility: "ENABLED", ...portal },
    CreatedDate: new Date(application.createdAtMs),
    CreatedFrom: application.region,
  };
}
