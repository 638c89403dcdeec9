/** Which services may work across the organization. Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html */
import type { Context } from "../../../service/context.ts";
import { ask, requireDelegated, requireManagement } from "../caller.ts";
import { notAllFeatures, typeStillEnabled, unrecognizedService } from "../errors.ts";
import { operation } from "../kit.ts";
import { restamp } from "../organization/row.ts";
import { list } from "../paging.ts";
import { serviceAccesses, serviceOfType } from "./service-access-row.ts";
import { isServicePrincipal } from "./service-principal.ts";

/** Enabling what is enabled changes nothing. */
export const enableAwsServiceAccess = operation("EnableAWSServiceAccess", {
  authorize: ({ ServicePrincipal: service }, context) => onService("EnableAWSServiceAccess", service, context),

  async handle({ ServicePrincipal: service }, context) {
    const { id: organizationId, featureSet } = await requireManagement(context);
    requireServicePrincipal(service);
    if (featureSet !== "ALL") throw notAllFeatures();
    if (await context.tx.get(serviceAccesses, organizationId, service)) return {};
    context.tx.put(serviceAccesses, { organizationId, service, enabledAtMs: context.now().getTime() });
    await restamp(organizationId, context);
    return {};
  },
});

export const disableAwsServiceAccess = operation("DisableAWSServiceAccess", {
  authorize: ({ ServicePrincipal: service }, context) => onService("DisableAWSServiceAccess", service, context),

  async handle({ ServicePrincipal: service }, context) {
    const { id, policyTypes } = await requireManagement(context);
    requireServicePrincipal(service);
    if (policyTypes.some((type) => serviceOfType(type) === service)) throw typeStillEnabled();
    context.tx.delete(serviceAccesses, id, service);
    await restamp(id, context);
    return {};
  },
});

export const listAwsServiceAccessForOrganization = operation("ListAWSServiceAccessForOrganization", {
  authorize: (_, context) => ask("ListAWSServiceAccessForOrganization", context),

  async handle(paging, context) {
    const { id } = await requireDelegated("ListAWSServiceAccessForOrganization", context);
    const { rows, rest } = await list(context.tx, serviceAccesses, [id], paging);
    const EnabledServicePrincipals = rows.map(({ service, enabledAtMs }) => ({
      ServicePrincipal: service,
      DateEnabled: new Date(enabledAtMs),
    }));
    return { EnabledServicePrincipals, ...rest };
  },
});

/** @throws {AwsError} `InvalidInputException` */
export function requireServicePrincipal(service: string): void {
  if (!isServicePrincipal(service)) throw unrecognizedService();
}

const onService = (action: "EnableAWSServiceAccess" | "DisableAWSServiceAccess", service: string, context: Context) =>
  ask(action, context, { keys: { "organizations:ServicePrincipal": service } });
