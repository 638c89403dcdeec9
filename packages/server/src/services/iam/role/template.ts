/**
 * Templates that services make roles from. AWS's services bring theirs; none of those is here, so
 * every template is unknown.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AcquireRole.html
 */
import { roleTemplateNotFound } from "../errors.ts";
import { arn, operation } from "../kit.ts";
import { arnGiven } from "../path.ts";

export const acquireRole = operation("AcquireRole", {
  /** A role's name comes from the template, which is not there to be asked. */
  authorize: ({ TemplateArn }, context) => ({
    action: "iam:CreateRole",
    resource: arn(context, "role/*"),
    keys: { "iam:RoleTemplateARN": TemplateArn },
  }),

  async handle({ TemplateArn }) {
    throw roleTemplateNotFound(TemplateArn);
  },
});

export const getRoleTemplateVersion = operation("GetRoleTemplateVersion", {
  authorize: ({ TemplateArn }) => ({ action: "iam:GetRoleTemplateVersion", resource: arnGiven(TemplateArn) }),

  async handle({ TemplateArn }) {
    throw roleTemplateNotFound(TemplateArn);
  },
});
