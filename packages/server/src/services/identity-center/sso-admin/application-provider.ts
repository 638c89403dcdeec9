/**
 * What applications can be made of: here the one that customers make their own of.
 * Differs: AWS lists its own applications and those of its catalogue too.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListApplicationProviders.html
 */
import { arnGiven, ask } from "./access.ts";
import { customProviderArn } from "./application-access.ts";
import { providerNotFound } from "./errors.ts";
import { operation } from "./kit.ts";

const CUSTOM = {
  FederationProtocol: "OAUTH",
  DisplayData: { DisplayName: "Custom application", Description: "Custom application" },
} as const;

export const describeApplicationProvider = operation("DescribeApplicationProvider", {
  authorize: ({ ApplicationProviderArn }) => ask("DescribeApplicationProvider", [arnGiven(ApplicationProviderArn)]),

  async handle({ ApplicationProviderArn }, { partition }) {
    if (ApplicationProviderArn !== customProviderArn(partition)) throw providerNotFound(ApplicationProviderArn);
    return { ApplicationProviderArn, ...CUSTOM };
  },
});

export const listApplicationProviders = operation("ListApplicationProviders", {
  authorize: (_, { partition }) =>
    ask("ListApplicationProviders", [arnGiven(`arn:${partition}:sso::aws:applicationProvider/*`)]),

  async handle(_, { partition }) {
    return { ApplicationProviders: [{ ApplicationProviderArn: customProviderArn(partition), ...CUSTOM }] };
  },
});
